"""Channels outside, of teams and of persons: where they are, and every call to those of teams."""

from enum import StrEnum

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from readiness.accounts.models import Team
from readiness.audit.models import Event
from readiness.notifications.models.deliveries import UNSENT, State


class Way(StrEnum):
    """What stands at the other end."""

    SLACK = "slack"
    TEAMS = "teams"
    WEBHOOK = "webhook"


class Hook(models.Model):
    """An address outside that hears what happens to a team's launches, until it is removed.

    `topics` are what it hears of, by the words of readiness.notifications.topics. A webhook has
    a `secret` that its calls are signed with. Addresses are secrets too: whoever knows one may
    write to the channel, so pages show their server alone.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="hooks")
    way = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Way])
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80, blank=True)
    topics = ArrayField(models.CharField(max_length=16))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way=Way.WEBHOOK.value) & ~Q(secret="")
                | ~Q(way=Way.WEBHOOK.value) & Q(secret=""),
                name="a_webhook_has_a_secret",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team"], condition=Q(removed_at=None), name="hook_by_team_that_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.way})"


class OwnHook(models.Model):
    """An address outside at which one person hears what concerns them, until it is removed.

    They have one of each way, so that a delivery by that way knows where it goes. What they hear
    there they choose as for mails. Its address and its secret are kept as those of a `Hook`.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="own_hooks")
    way = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Way])
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "way"],
                condition=Q(removed_at=None),
                name="one_standing_hook_per_person_and_way",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.WEBHOOK.value) & ~Q(secret="")
                | ~Q(way=Way.WEBHOOK.value) & Q(secret=""),
                name="a_webhook_of_ones_own_has_a_secret",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} of {self.person}"


class Call(models.Model):
    """One event told to one hook; a replay is a further round of the same.

    It is brought to its end as a mail is: see Delivery for `not_before`, `lease` and
    `handed_over_at`. `status` is what the other side answered last. Without an event it is a
    test that somebody asked for.
    """

    hook = models.ForeignKey(Hook, models.PROTECT, related_name="calls")
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, default=State.QUEUED.value)
    queued_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    not_before = models.DateTimeField()
    lease = models.UUIDField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    because = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hook", "event", "round"],
                name="one_call_per_hook_event_and_round",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="call_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENDING.value, lease__isnull=False)
                | ~Q(state=State.SENDING.value) & Q(lease=None),
                name="who_calls_holds_the_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNSENT, settled_at=None)
                | ~Q(state__in=UNSENT) & Q(settled_at__isnull=False),
                name="an_ended_call_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=Q(state__in=UNSENT), name="call_to_do"
            ),
            models.Index(F("hook"), F("id").desc(), name="call_by_hook"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.hook}"
