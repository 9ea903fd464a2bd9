"""A launch: one attempt to bring a candidate to production, with its stored verdict."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Collate, Concat, Lower, Upper

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, GuardedQuerySet, acts_of, grants, is_guest
from readiness.accounts.zones import check_zone
from readiness.audit.models import Subject
from readiness.checklists.models import Version
from readiness.web.addresses import address

DIGITS = 40


class Stage(StrEnum):
    """Where a launch is in its life."""

    PREPARING = "preparing"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


SEARCHED = Concat("name", Value(" "), "model")  # what a search looks at, a word at a time
OVER = (Stage.CANCELLED.value, Stage.ARCHIVED.value)
QUIET = (*OVER, Stage.ON_HOLD.value)  # nobody is reminded of these


class LaunchQuerySet(GuardedQuerySet["Launch"]):
    """Launches, from what a person may see."""

    def running(self) -> Self:
        return self.exclude(stage__in=OVER)

    def due_for_judging(self, now: datetime) -> Self:
        """Those whose stored verdict time has overtaken."""
        return self.filter(next_change__lte=now)

    def editable_by(self, person: User) -> Self:
        return self.filter(grants(person, Action.LAUNCH_EDIT))


class Launch(models.Model):
    """One attempt to bring a candidate to production, from intake to post-launch review.

    The verdict columns are what `judge` found at `judged_at`, written in the transaction of
    each change: `earned` of `total` in the units of the checklist's version, `sections` one
    tally per section. They hold until `next_change`. `broke_glass` is how many sign-offs past
    their signing policy were ever confirmed: it never falls. `decision` is the GO that stands
    now; of the approvers `quorum` must approve, without one as many as its team or its
    checklist asks for, else all of them.
    """

    thread_count: int
    review_count: int
    is_pinned: bool

    team = models.ForeignKey(Team, models.PROTECT, related_name="launches", db_index=False)
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="launch")
    name = models.CharField(max_length=120)
    model = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    launch_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC", validators=[check_zone])
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="led_launches", db_index=False
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="launches")
    candidate = models.ForeignKey(
        "Candidate", models.PROTECT, null=True, related_name="+", db_index=False
    )
    facets = models.JSONField(default=dict, blank=True)
    stage = models.CharField(
        max_length=12,
        default=Stage.PREPARING.value,
        choices=[(stage.value, stage.value.replace("_", " ").capitalize()) for stage in Stage],
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    edition = models.PositiveIntegerField(default=1)
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    decision = models.ForeignKey(
        "Decision", models.PROTECT, null=True, related_name="+", db_index=False
    )
    threads_hold_go = models.BooleanField(default=False, db_default=False)

    verdict = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    score = models.DecimalField(max_digits=30, decimal_places=15, null=True)
    shown = models.CharField(max_length=32, blank=True)
    earned = models.DecimalField(max_digits=DIGITS, decimal_places=0, default=0)
    total = models.DecimalField(max_digits=DIGITS, decimal_places=0, default=0)
    checked = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    holds = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    sections = models.JSONField(default=list)
    broke_glass = models.PositiveIntegerField(default=0, db_default=0)
    next_change = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    rule_version = models.PositiveSmallIntegerField(default=1)

    objects = LaunchQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["team", "verdict", "launch_at", "id"],
                condition=~Q(stage__in=OVER),
                name="running_by_team_and_verdict",
            ),
            models.Index(fields=["team", "launch_at", "id"], name="launch_by_team"),
            models.Index(fields=["lead", "launch_at", "id"], name="launch_by_lead"),
            models.Index(fields=["launch_at", "id"], name="launch_by_time"),
            models.Index(F("score").desc(), "id", name="launch_by_score"),
            models.Index(Collate(Lower("name"), "C"), "id", name="launch_by_name"),
            models.Index(
                fields=["next_change"],
                condition=Q(next_change__isnull=False),
                name="launch_by_next_change",
            ),
            GinIndex(OpClass(SEARCHED, name="gin_trgm_ops"), name="launch_by_name_and_model"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("launches:detail", self.pk)

    @property
    def is_over(self) -> bool:
        return self.stage in OVER

    @property
    def is_held(self) -> bool:
        return self.holds > 0

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day_at(self, at: datetime) -> date:
        """The day it is then where it is launched."""
        return at.astimezone(self.tzinfo).date()

    def acts_of(self, person: User) -> frozenset[Action]:
        """All that this person may do to the launch, in one statement."""
        return acts_of(
            person,
            team_id=self.team_id,
            is_lead=self.lead_id == person.pk,
            is_guest=is_guest(person, self.pk),
        )

    def end_of(self, day: date) -> datetime:
        """The first instant after a day, where it is launched."""
        return datetime.combine(day + timedelta(days=1), time(), self.tzinfo).astimezone(UTC)

    def last_day_before(self, end: datetime) -> date:
        """The last day of which something is left before an end."""
        return self.day_at(end - timedelta.resolution)

    @property
    def launch_on(self) -> date:
        """The day of the launch, where it is launched."""
        return self.launch_at.astimezone(self.tzinfo).date()


class Candidate(models.Model):
    """The model version a launch proposes. Rows are history; the launch points at one."""

    launch = models.ForeignKey(Launch, models.PROTECT, related_name="candidates")
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=80)
    digest = models.CharField(max_length=128, blank=True)
    registry_url = models.URLField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(Upper("name"), Upper("version"), name="candidate_by_model_version"),
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


class ConfigEvent(models.Model):
    """A declared change of something sign-offs may stand on; the latest of a kind is in force."""

    launch = models.ForeignKey(Launch, models.PROTECT, related_name="config_events")
    kind = models.CharField(max_length=64)
    value = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["launch", "kind", "-id"], name="config_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class LaunchDuty(models.Model):
    """A person on one of the checklist's duties in one launch."""

    launch = models.ForeignKey(Launch, models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["launch", "duty"], name="one_person_per_duty"),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.duty}"


class LaunchSigner(models.Model):
    """A further person who signs for a duty in one launch: a quorum asks for several."""

    launch = models.ForeignKey(Launch, models.PROTECT, related_name="signers")
    duty = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["launch", "duty", "person"], name="one_seat_per_signer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.duty}"


class LaunchApprover(models.Model):
    """A person who decides on a launch."""

    launch = models.ForeignKey(Launch, models.CASCADE, related_name="approvers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="approving")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["launch", "person"], name="one_seat_per_approver"),
        ]

    def __str__(self) -> str:
        return str(self.person)


class VerdictSnapshot(models.Model):
    """A verdict as it was found, kept for ever: what a decision binds to."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="snapshots", db_index=False)
    candidate = models.ForeignKey(
        Candidate, models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    rule_version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    score = models.DecimalField(max_digits=30, decimal_places=15, null=True)
    shown = models.CharField(max_length=32, blank=True)
    earned = models.DecimalField(max_digits=DIGITS, decimal_places=0)
    total = models.DecimalField(max_digits=DIGITS, decimal_places=0)
    checked = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    holds = models.JSONField()
    sections = models.JSONField()
    states = models.JSONField()

    class Meta:
        indexes = [
            models.Index(
                fields=["launch", "-at", "-id"],
                include=["score"],
                name="snapshot_scores_by_launch",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.shown} at {self.at}"
