"""Checklists, their versions, and all that stands in one: published rows never change.

Shares are exact. Weights, credits and cuts are kept as fractions in text ("1/2"), and as whole
numbers in the units of their version, so that SQL sums without rounding:

    earned = sum(item.weight_units * answer.credit_units)
    total  = sum(item.weight_units * version.credit_unit)
    share  = earned / total
    sum    = earned / (version.weight_unit * version.credit_unit)
"""

from enum import StrEnum
from fractions import Fraction

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from readiness.rules.facets import FacetKind
from readiness.rules.scheme import (
    Aggregate,
    BlockerPolicy,
    EmptySection,
    Measure,
    NaCountsAs,
    Outcome,
    WaiverCountsAs,
)

RATIONAL_LENGTH = 40
DOT = Value(".", models.TextField())


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class NaNeeds(StrEnum):
    """What makes a "not applicable" stand: a second person's word, or a reason alone."""

    SECOND_PERSON = "second_person"
    REASON = "reason"


class SigningRule(StrEnum):
    """Who may sign an item off."""

    ANYONE = "anyone"
    OWNER = "owner"
    PEER = "peer"
    INDEPENDENT = "independent"
    TWO_PERSONS = "two_persons"
    ROLE_QUORUM = "role_quorum"


def one_of(field: str, choices: type[StrEnum], *others: str) -> models.CheckConstraint:
    """The database's own list of what a field may hold."""
    known = [*others, *(choice.value for choice in choices)]
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": known}), name=f"%(class)s_{field}_is_known"
    )


def text_key(*, blank: bool = False) -> models.CharField:
    return models.CharField(max_length=64, blank=blank)


class Checklist(models.Model):
    """A standard under one lasting key; what it says stands in its versions."""

    key = models.SlugField(max_length=64, unique=True)
    subject = models.OneToOneField("audit.Subject", models.PROTECT, related_name="checklist")

    def __str__(self) -> str:
        return self.key


class VersionQuerySet(models.QuerySet["Version"]):
    def published(self) -> "VersionQuerySet":
        return self.filter(status=Status.PUBLISHED.value)

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("-major", "-minor", "-patch")

    def newest_of_each(self) -> "VersionQuerySet":
        """The newest published version of every checklist, in the order in which they came."""
        ranked = self.published().order_by("checklist", "-major", "-minor", "-patch")
        return self.filter(pk__in=ranked.distinct("checklist").values("pk")).order_by("checklist")


class Version(models.Model):
    """One version of a checklist: a draft, then published once and never changed again."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="versions")
    number = models.CharField(max_length=32)
    major = models.PositiveIntegerField()
    minor = models.PositiveIntegerField()
    patch = models.PositiveIntegerField()
    status = models.CharField(max_length=16, default=Status.DRAFT.value)
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    how_to_use = models.TextField(blank=True)
    language = models.CharField(max_length=35)
    licence = models.TextField()
    source_title = models.TextField(blank=True)
    source_url = models.TextField(blank=True)
    source_licence = models.TextField(blank=True)
    source_note = models.TextField(blank=True)
    content = models.CharField("SHA-256 of the document", max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    measure = models.CharField(max_length=16)
    aggregate = models.CharField(max_length=16)
    empty_section = models.CharField(max_length=16, default=EmptySection.SKIP.value)
    weight_unit = models.PositiveBigIntegerField(default=1)
    credit_unit = models.PositiveBigIntegerField(default=1)

    blockers = models.CharField(max_length=16, default=BlockerPolicy.GATE_DECISION.value)
    na_counts_as = models.CharField(max_length=16, default=NaCountsAs.EXCLUDED.value)
    na_needs = models.CharField(max_length=16, default=NaNeeds.SECOND_PERSON.value)
    na_review_share = models.CharField(max_length=RATIONAL_LENGTH, default="1/4")
    waiver_counts_as = models.CharField(max_length=16, default=WaiverCountsAs.OPEN.value)
    waiver_max_days = models.PositiveIntegerField(default=90)
    conditional_needs = models.JSONField(default=list, blank=True)
    approver_quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    signing_rule = models.CharField(max_length=16, default=SigningRule.ANYONE.value)
    signing_duty = text_key(blank=True)
    signing_quorum = models.PositiveIntegerField(default=1)
    signing_reaffirm = models.BooleanField(default=True, db_default=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "major", "minor", "patch"], name="one_version_per_number"
            ),
            models.CheckConstraint(
                condition=Q(
                    number=Concat(
                        Cast("major", models.TextField()),
                        DOT,
                        Cast("minor", models.TextField()),
                        DOT,
                        Cast("patch", models.TextField()),
                    )
                ),
                name="version_number_is_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT.value, published_at=None, published_by=None)
                | Q(status=Status.PUBLISHED.value, published_at__isnull=False),
                name="published_versions_have_a_time",
            ),
            models.CheckConstraint(
                condition=Q(weight_unit__gte=1, credit_unit__gte=1), name="units_are_positive"
            ),
            one_of("measure", Measure),
            one_of("aggregate", Aggregate),
            one_of("empty_section", EmptySection),
            one_of("status", Status),
            one_of("blockers", BlockerPolicy),
            one_of("na_needs", NaNeeds),
            one_of("na_counts_as", NaCountsAs),
            one_of("waiver_counts_as", WaiverCountsAs),
            one_of("signing_rule", SigningRule),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("checklists:version", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED.value


class Part(models.Model):
    """What stands in a version, at its place; each kind adds its `version`."""

    key = text_key()
    title = models.TextField()
    position = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_%(class)s_per_key"),
            models.UniqueConstraint(
                fields=["version", "position"], name="one_%(class)s_per_position"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Facet(Part):
    """A question about a launch that decides which items apply."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=16)
    options = models.JSONField(default=list, blank=True)

    class Meta(Part.Meta):
        constraints = [*Part.Meta.constraints, one_of("kind", FacetKind)]


class Duty(Part):
    """The role an item asks for (`sre`), held by a person in each launch."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="duties")


class Answer(Part):
    """What can be said of an item, and the share of its weight that earns."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="answers")
    credit = models.CharField(max_length=RATIONAL_LENGTH)
    credit_units = models.PositiveBigIntegerField()
    needs_evidence = models.BooleanField(default=False)

    @property
    def share(self) -> Fraction:
        return Fraction(self.credit)


class Band(Part):
    """A verdict: where it starts, what it means for the launch, and the sentence it shows."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="bands")
    outcome = models.CharField(max_length=16)
    start = models.CharField(max_length=RATIONAL_LENGTH, blank=True)
    start_included = models.BooleanField(default=False)
    message = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = [*Part.Meta.constraints, one_of("outcome", Outcome)]


class Section(Part):
    """Items that serve one goal."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="sections")
    goal = models.TextField(blank=True)


class Item(Part):
    """One thing that must be true before a launch."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, models.CASCADE, related_name="items")
    ref = models.CharField(max_length=16)
    guidance = models.TextField(blank=True)
    evidence = models.JSONField(default=list, blank=True)
    duty = models.ForeignKey(Duty, models.RESTRICT, null=True, blank=True, related_name="items")
    involves = models.JSONField(default=list, blank=True)
    applies_when = models.JSONField(null=True, blank=True)
    weight = models.CharField(max_length=RATIONAL_LENGTH, default="1")
    weight_units = models.PositiveBigIntegerField(default=1)
    blocker = models.JSONField(null=True, blank=True)
    na_allowed = models.BooleanField()
    na_max_days = models.PositiveIntegerField(null=True, blank=True)
    due_days_before_launch = models.PositiveIntegerField(null=True, blank=True)
    fresh_days = models.PositiveIntegerField(null=True, blank=True)
    invalidated_by = models.JSONField(default=list, blank=True)
    requires = models.JSONField(default=list, blank=True)
    evidence_kinds = models.JSONField(default=list, blank=True)
    evidence_max_age_days = models.PositiveIntegerField(null=True, blank=True)
    fact = text_key(blank=True)
    reference = models.TextField(blank=True)
    checks = models.JSONField(default=list, blank=True)
    signing_rule = models.CharField(max_length=16, blank=True)
    signing_duty = text_key(blank=True)
    signing_quorum = models.PositiveIntegerField(null=True, blank=True)
    signing_reaffirm = models.BooleanField(default=True, db_default=True)

    class Meta(Part.Meta):
        constraints = [
            *Part.Meta.constraints,
            one_of("signing_rule", SigningRule, ""),
        ]
        indexes = [GinIndex(fields=["title"], name="item_by_title", opclasses=["gin_trgm_ops"])]
