"""A design review: when it meets, who is asked to come, and where it stands."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from readiness.accounts.models import Team
from readiness.accounts.permissions import GuardedQuerySet
from readiness.accounts.zones import check_zone
from readiness.launches.models import Launch, LaunchItem
from readiness.web.addresses import address


class State(StrEnum):
    """Where a review is in its life."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


MEETING = (State.RUNNING.value, State.PAUSED.value)


class ReviewQuerySet(GuardedQuerySet["Review"]):
    """Reviews, from what a person may see: those of the launches that they may see."""

    team_path = "team"
    lead_path = "launch__lead"

    def meeting(self) -> Self:
        return self.filter(state__in=MEETING)


class Review(models.Model):
    """One meeting about one launch.

    The stage is `item`, where it has been since `arrived_at`; `turn` counts every move and
    every change of the seat, and is the token that a move is made with. Who drives was last
    heard of at `driver_seen_at`. The clock is `started_at`, less `paused_seconds` and what has
    passed since `paused_at`. `before` is the verdict it began with, `began_at` the number of
    the last event of the launch then. `invitation` counts what calendars were told.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=8, unique=True)
    starts_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC", validators=[check_zone])
    length_minutes = models.PositiveSmallIntegerField()
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_invited_first = models.BooleanField(default=False)
    wants_poll = models.BooleanField(default=False)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edition = models.PositiveIntegerField(default=1)
    invitation = models.PositiveIntegerField(default=0)
    cancelled_because = models.CharField(max_length=300, blank=True)

    state = models.CharField(
        max_length=9,
        default=State.PLANNED.value,
        choices=[(state.value, state.value.capitalize()) for state in State],
    )
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    before = models.JSONField(null=True)
    began_at = models.PositiveBigIntegerField(null=True)

    driver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    driver_seen_at = models.DateTimeField(null=True)
    item = models.ForeignKey(LaunchItem, models.PROTECT, null=True, related_name="+")
    arrived_at = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(default=0)
    poll_began_at = models.DateTimeField(null=True)

    is_permitted: bool

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["launch", "number"], name="reviews_are_numbered"),
            models.UniqueConstraint(
                fields=["launch"],
                condition=Q(state__in=MEETING),
                name="a_launch_is_in_one_review_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="review_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PAUSED.value, paused_at__isnull=False)
                | ~Q(state=State.PAUSED.value) & Q(paused_at=None),
                name="only_a_paused_review_stands_still",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(State.PLANNED.value, State.CANCELLED.value))
                | Q(started_at__isnull=False, before__isnull=False, began_at__isnull=False),
                name="a_review_that_began_knows_its_beginning",
            ),
            models.CheckConstraint(
                condition=Q(state=State.FINISHED.value, finished_at__isnull=False)
                | ~Q(state=State.FINISHED.value) & Q(finished_at=None),
                name="a_finished_review_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "starts_at", "id"], name="review_by_team"),
            models.Index(
                fields=["starts_at"],
                condition=Q(state=State.PLANNED.value),
                name="review_to_come",
            ),
            models.Index(F("finished_at").desc(), name="review_by_end"),
        ]

    def __str__(self) -> str:
        return f"Design review {self.number}"

    def get_absolute_url(self) -> str:
        return address("reviews:review", self.pk)

    @property
    def is_meeting(self) -> bool:
        return self.state in MEETING

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.length_minutes)

    def elapsed(self, now: datetime) -> timedelta:
        """How long it has met, without the time it stood still."""
        if self.started_at is None:
            return timedelta()
        until = self.finished_at or self.paused_at or now
        return until - self.started_at - timedelta(seconds=self.paused_seconds)


class Invited(models.Model):
    """A person who is asked to come, or who came with the code; only who may see the launch."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="invited")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invited_to")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="one_chair_per_person"),
        ]

    def __str__(self) -> str:
        return str(self.person)
