"""What approvers decide: rounds, signatures, and what a GO is bound to until it is done."""

from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from readiness.accounts.models import Team
from readiness.accounts.permissions import GuardedQuerySet
from readiness.checklists.models import Version
from readiness.launches.models.items import LaunchItem
from readiness.launches.models.launches import OVER, Candidate, Launch, VerdictSnapshot


class Outcome(StrEnum):
    """What became of a round of deciding."""

    GO = "go"
    CONDITIONAL_GO = "conditional_go"
    NO_GO = "no_go"
    WITHDRAWN = "withdrawn"


class Says(StrEnum):
    """What one signature says."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    SEND_BACK = "send_back"
    CONFIRM = "confirm"


NEEDS = {
    "extra_monitoring": "Extra monitoring",
    "quick_rollback_plan": "Quick rollback plan",
}
GOES = (Outcome.GO.value, Outcome.CONDITIONAL_GO.value)


def said_of_need(need: str) -> str:
    """What a checklist asks of a conditional GO, in words."""
    return NEEDS.get(need, need.replace("_", " ").capitalize())


class DecisionQuerySet(GuardedQuerySet["Decision"]):
    """Rounds of deciding, from what a person may see."""

    team_path = "team"
    lead_path = "launch__lead"

    def open(self) -> Self:
        """Asked for, and neither decided nor taken back."""
        return self.filter(outcome="")

    def without_record(self) -> Self:
        return self.defer("record")


class Decision(models.Model):
    """One round: somebody asks, approvers sign, and the last of them decides.

    What decides fills the columns below the asking, once; `record` is what was seen then, with
    its SHA-256 in `record_hash`. A GO stands while the launch points at it: until the verdict
    it is bound to (`verdict`, `holds`, `candidate`, `version`) no longer holds. `against` says
    of an override what it goes against.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    asked_shown = models.CharField(max_length=32, blank=True)
    note = models.TextField(blank=True)

    outcome = models.CharField(max_length=16, blank=True)
    decided_at = models.DateTimeField(null=True)
    against = models.TextField(blank=True)
    verdict = models.CharField(max_length=64, blank=True)
    shown = models.CharField(max_length=32, blank=True)
    holds = models.JSONField(null=True)
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    snapshot = models.ForeignKey(VerdictSnapshot, models.PROTECT, null=True, related_name="+")
    record = models.JSONField(null=True)
    record_hash = models.CharField(max_length=64, blank=True)

    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    voided_because = models.TextField(blank=True)

    is_permitted: bool

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["launch", "number"], name="rounds_are_numbered"),
            models.UniqueConstraint(
                fields=["launch"], condition=Q(outcome=""), name="one_open_round_per_launch"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None)
                | Q(outcome=Outcome.WITHDRAWN.value, decided_at__isnull=False)
                | (
                    Q(outcome__in=(*GOES, Outcome.NO_GO.value))
                    & Q(decided_at__isnull=False, record__isnull=False)
                    & ~Q(record_hash="")
                ),
                name="what_is_decided_is_recorded",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None) | (Q(outcome__in=GOES) & ~Q(voided_because="")),
                name="only_a_go_is_voided_and_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.number} on {self.launch}"

    def get_absolute_url(self) -> str:
        return reverse("launches:decision-record", args=[self.launch_id, self.number])

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def is_go(self) -> bool:
        return self.outcome in GOES

    @property
    def is_override(self) -> bool:
        return bool(self.against)


class SignatureQuerySet(GuardedQuerySet["DecisionSignature"]):
    """Words of approvers, from what a person may see."""

    team_path = "team"
    lead_path = "decision__launch__lead"

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class DecisionSignature(models.Model):
    """One approver's word in a round, on what they saw (`seal`).

    An override is proposed by an approval that is `against` the verdict, and confirmed by the
    signature of another (`confirms`). Who asked, and who proposed, stand beside it so that the
    database itself refuses one person two seats.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="signatures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    printed_name = models.CharField(max_length=120)
    meaning = models.TextField()
    at = models.DateTimeField()
    says = models.CharField(max_length=24, choices=[(one.value, one.value) for one in Says])
    reason = models.TextField(blank=True)
    against = models.TextField(blank=True)
    conditions = models.JSONField(default=list)
    seal = models.CharField(max_length=64)
    shown = models.CharField(max_length=160, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirms = models.ForeignKey("self", models.PROTECT, null=True, related_name="confirmations")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)

    is_permitted: bool

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "by"],
                condition=Q(withdrawn_at=None),
                name="one_standing_signature_per_approver",
            ),
            models.UniqueConstraint(
                fields=["confirms"],
                condition=Q(withdrawn_at=None),
                name="an_override_is_confirmed_once",
            ),
            models.CheckConstraint(condition=~Q(by=F("asked_by")), name="who_asks_does_not_decide"),
            models.CheckConstraint(
                condition=Q(proposed_by=None) | ~Q(by=F("proposed_by")),
                name="nobody_confirms_their_own_override",
            ),
            models.CheckConstraint(
                condition=Q(says=Says.CONFIRM.value, confirms__isnull=False)
                & Q(proposed_by__isnull=False)
                | ~Q(says=Says.CONFIRM.value) & Q(confirms=None, proposed_by=None),
                name="a_confirmation_is_of_an_override",
            ),
            models.CheckConstraint(
                condition=~Q(reason="")
                | Q(says=Says.CONFIRM.value)
                | Q(against="") & ~Q(says=Says.SEND_BACK.value),
                name="an_override_and_a_sending_back_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name}: {self.meaning}"


class ActionItemQuerySet(GuardedQuerySet["ActionItem"]):
    """Action items, from what a person may see."""

    team_path = "team"
    lead_path = "launch__lead"

    def owed(self) -> Self:
        """Not done, of a GO that stands or of an item of a launch that goes on."""
        standing = Q(launch__decision=F("decision")) | Q(item__isnull=False)
        return self.filter(standing, done_at=None).exclude(launch__stage__in=OVER)


class ActionItem(models.Model):
    """What somebody owes, and until when: a condition of a GO, or the follow-up of an item."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="action_items")
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="action_items"
    )
    item = models.ForeignKey(
        LaunchItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        db_index=False,
    )
    need = models.CharField(max_length=64, blank=True)
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="action_items")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    done_note = models.TextField(blank=True)

    is_permitted: bool

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False) & ~Q(done_note=""),
                name="what_is_done_says_who_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=False, item=None)
                | Q(decision=None, item__isnull=False),
                name="a_decision_or_an_item_asks_for_it",
            ),
        ]
        indexes = [
            models.Index(
                fields=["item"],
                condition=Q(done_at=None, item__isnull=False),
                name="open_follow_up_by_item",
            ),
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(done_at=None),
                name="action_item_by_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{said_of_need(self.need)}: {self.text}" if self.need else self.text

    def get_absolute_url(self) -> str:
        """Where it was asked for: the record of the decision, or the item."""
        return (self.decision or self.item).get_absolute_url()  # type: ignore[union-attr]

    @property
    def is_follow_up(self) -> bool:
        return self.item_id is not None
