"""What goes out: one row for each message, from the moment it is owed to how it ended."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.urls import reverse

from readiness.accounts.models import Invitation
from readiness.audit.models import Event


class Kind(StrEnum):
    """What a message is about."""

    DIGEST = "digest"
    INVITATION = "invitation"
    MENTIONED = "mentioned"
    ASKED = "asked"
    DECIDED = "decided"
    VERDICT_DROPPED = "verdict_dropped"
    REOPENED = "reopened"
    REVIEW_INVITED = "review_invited"
    REVIEW_STARTING = "review_starting"
    MINUTES = "minutes"
    WEEKLY = "weekly"
    ESCALATION = "escalation"
    TEST = "test"


class Channel(StrEnum):
    """The ways out: mail, and those that a person adds for themselves, by their `Way`."""

    MAIL = "mail"
    SLACK = "slack"
    TEAMS = "teams"
    WEBHOOK = "webhook"


class State(StrEnum):
    """How far a delivery has come. The last four are ends."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


UNSENT = (State.QUEUED.value, State.SENDING.value)


class Delivery(models.Model):
    """One message to one person; there is never a second for the same kind, window and channel.

    It goes to a person, or to the address that an invitation names. `window` is what the message
    stands for: for a digest the person's local date, for an invitation its number, for news the
    `event` that it tells of. `due_at` is when it should go, `give_up_at` when it is too late.
    Nobody touches an unsent row before `not_before`, which is the end of a lease or the time of
    the next try. Who holds the `lease` is the only one who may write. `handed_over_at` is set
    just before the one byte sequence that makes a mail server accept: without it the mail was
    not sent, with it nobody knows.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="deliveries"
    )
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, related_name="deliveries")
    event = models.ForeignKey(  # events are never deleted: nothing to be held by a constraint
        Event,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Kind])
    window = models.CharField(max_length=40)
    channel = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Channel])
    state = models.CharField(
        max_length=8,
        default=State.QUEUED.value,
        choices=[(one.value, one.value.capitalize()) for one in State],
    )
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    not_before = models.DateTimeField()
    lease = models.UUIDField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    because = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=300, unique=True)
    address = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "window", "channel"],
                name="one_delivery_per_person_kind_window_and_channel",
            ),
            models.UniqueConstraint(
                fields=["invitation", "window", "channel"],
                condition=Q(invitation__isnull=False),
                name="one_delivery_per_invitation_window_and_channel",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]),
                name="delivery_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENDING.value, lease__isnull=False)
                | ~Q(state=State.SENDING.value) & Q(lease=None),
                name="who_sends_holds_the_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNSENT, settled_at=None)
                | ~Q(state__in=UNSENT) & Q(settled_at__isnull=False),
                name="an_ended_delivery_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=UNSENT),
                name="delivery_to_do",
            ),
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=UNSENT) & ~Q(channel=Channel.MAIL.value),
                name="delivery_to_call",
            ),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
            models.Index(
                fields=["event"],
                condition=Q(event__isnull=False),
                name="delivery_by_event",
            ),
            models.Index(
                Lower(Func("address", Value("@"), Value(-1), function="split_part")),
                F("handed_over_at"),
                condition=Q(channel=Channel.MAIL.value, handed_over_at__isnull=False),
                name="delivery_by_domain",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.window} to {self.to_address}"

    def get_absolute_url(self) -> str:
        return reverse("notifications:mail", args=[self.pk])

    @property
    def to_address(self) -> str:
        """Where it goes."""
        if self.recipient:
            return self.recipient.email
        return self.invitation.email if self.invitation else self.address

    @property
    def to_name(self) -> str:
        """Whom it is for, as far as that is known."""
        return self.recipient.name if self.recipient else ""


class Preference(models.Model):
    """That a person does, or does not, want one kind of message on one way out.

    Without a row they get it, but for digests, which come by mail until they are wanted
    elsewhere. The digest by mail is told by the person's own `mails_on`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="message_preferences"
    )
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Kind])
    channel = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Channel])
    is_on = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "channel"],
                name="one_preference_per_person_kind_and_channel",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {'on' if self.is_on else 'off'}"


class Reader(models.Model):
    """How far somebody has read the log: up to this event of this transaction.

    Transactions commit in another order than they begin, so that an id alone passes over what
    commits late; a reader stays below every transaction that still runs.
    """

    name = models.CharField(max_length=32, primary_key=True)
    transaction = models.BigIntegerField()
    event = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} at {self.transaction}/{self.event}"
