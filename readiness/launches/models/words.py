"""People's words: sign-offs and exemptions. Withdrawn at times, never deleted or rewritten."""

from enum import StrEnum
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.urls import reverse

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, GuardedQuerySet
from readiness.checklists.models import Item
from readiness.launches.models.items import LaunchItem
from readiness.launches.models.launches import Candidate


class Via(StrEnum):
    """By which door a sign-off came in."""

    PAGE = "page"
    REVIEW = "review"
    MAIL = "mail"
    API = "api"


class ExemptionKind(StrEnum):
    """The two ways not to do an item."""

    NA = "na"
    WAIVER = "waiver"


class SignOffQuerySet(models.QuerySet["SignOff"]):
    def standing(self) -> "SignOffQuerySet":
        return self.filter(withdrawn_at=None)


class SignOff(models.Model):
    """One person's standing word that an item is met, on a stated basis.

    `credit` is the answer's, as a fraction in text, `credit_units` the same in the units of
    the version. It counts while `basis` is the item's, every revision in `evidence` is still
    linked, and `expires_at` has not come. One that broke the glass was given past the item's
    signing policy: it speaks for all whom the policy asks for, and counts once somebody else
    confirmed it. One that `reaffirms` says "still true" of an earlier word of the same person.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(LaunchItem, models.PROTECT, related_name="signoffs", db_index=False)
    checklist_item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    candidate = models.ForeignKey(
        Candidate, models.PROTECT, null=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="signoffs", db_index=False
    )
    printed_name = models.CharField(max_length=120)
    meaning = models.CharField(max_length=200)
    seat = models.CharField(max_length=64)
    answer = models.CharField(max_length=64)
    credit = models.CharField(max_length=40)
    credit_units = models.PositiveBigIntegerField()
    note = models.TextField(blank=True)
    basis = models.CharField(max_length=64)
    basis_parts = models.JSONField()
    basis_algorithm = models.PositiveSmallIntegerField(default=1)
    evidence = ArrayField(models.BigIntegerField(), default=list)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=8, default=Via.PAGE.value)
    reaffirms = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reaffirmed_by", db_index=False
    )
    broke_glass = models.BooleanField(default=False, db_default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_because = models.TextField(blank=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "by"],
                condition=Q(withdrawn_at=None),
                name="one_standing_signoff_per_person",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawal_has_a_person_and_a_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")),
                name="a_second_person_confirms",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(broke_glass=True, confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="only_broken_glass_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(broke_glass=False) | ~Q(note=""), name="who_breaks_glass_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["item", "withdrawn_at"], name="signoff_by_item"),
            models.Index(fields=["by", "-at"], name="signoff_by_person"),
            models.Index(
                fields=["team", "at"],
                condition=Q(broke_glass=True, confirmed_at=None, withdrawn_at=None),
                name="glass_to_confirm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name}: {self.meaning}"


class ExemptionQuerySet(GuardedQuerySet["Exemption"]):
    """Exemptions, from what a person may see."""

    team_path = "team"
    lead_path = "item__launch__lead"

    def waiting(self) -> Self:
        """Asked for, and neither agreed to nor closed."""
        return self.filter(agreed_at=None, closed_at=None)

    def to_agree_by(self, person: User) -> Self:
        """Those of launches in which this person may agree to others' questions."""
        return self.filter(self._grants(person, Action.EXEMPTION_AGREE))


class Exemption(models.Model):
    """Why an item is not done: it does not apply, or it is accepted open until a date.

    It waits until somebody agrees to it or closes it; agreed to, it stands until `ends_at` or
    until it is closed. One that stands may be joined by one that waits to take its place: that
    one `extends` it.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    item = models.ForeignKey(LaunchItem, models.PROTECT, related_name="exemptions")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in ExemptionKind])
    reason = models.TextField()
    compensating_control = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_because = models.TextField(blank=True)
    extends = models.ForeignKey("self", models.PROTECT, null=True, related_name="extended_by")

    is_permitted: bool

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("asked_by")),
                name="an_asker_never_agrees",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ExemptionKind.WAIVER.value) | Q(ends_at__isnull=False),
                name="every_waiver_ends",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ExemptionKind.WAIVER.value)
                | Q(agreed_at=None)
                | Q(agreed_by__isnull=False),
                name="a_waiver_has_an_approver",
            ),
            models.UniqueConstraint(
                F("item"),
                F("kind"),
                ExpressionWrapper(Q(agreed_at=None), output_field=models.BooleanField()),
                condition=Q(closed_at=None),
                name="one_standing_exemption_per_kind_and_one_that_waits",
            ),
        ]
        indexes = [
            models.Index(
                fields=["team", "asked_at"],
                condition=Q(agreed_at=None, closed_at=None),
                name="exemption_that_waits",
            ),
            models.Index(
                fields=["ends_at"],
                condition=Q(
                    kind=ExemptionKind.WAIVER.value, agreed_at__isnull=False, closed_at=None
                ),
                name="waiver_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"

    def get_absolute_url(self) -> str:
        return reverse("launches:exemption", args=[self.pk])

    @property
    def is_waiver(self) -> bool:
        return self.kind == ExemptionKind.WAIVER.value
