"""People's words: sign-offs and exemptions. Withdrawn at times, never deleted or rewritten."""

from enum import StrEnum

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from readiness.accounts.models import Team
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
    linked, and `expires_at` has not come.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    item = models.ForeignKey(LaunchItem, models.PROTECT, related_name="signoffs")
    checklist_item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="signoffs")
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
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
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
        ]
        indexes = [models.Index(fields=["by", "-at"], name="signoff_by_person")]

    def __str__(self) -> str:
        return f"{self.printed_name}: {self.meaning}"


class Exemption(models.Model):
    """Why an item is not done: it does not apply, or it is accepted open until a date."""

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
            models.UniqueConstraint(
                fields=["item", "kind"],
                condition=Q(closed_at=None),
                name="one_standing_exemption_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}"
