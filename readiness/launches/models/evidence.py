"""Evidence: what supports a sign-off, in immutable revisions, linked to items."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat

from readiness.accounts.models import Team
from readiness.launches.models.items import LaunchItem
from readiness.launches.models.launches import Launch
from readiness.rules.support import Piece


def words_of_evidence(path: str = "") -> Concat:
    """What a search looks at, on the way to a revision that a path names."""
    said = f"{path}title", Value(" "), f"{path}url"
    return Concat(*said, output_field=models.TextField())


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    LINK = "link"
    NOTE = "note"
    METRIC = "metric"
    CI_RUN = "ci_run"


NUMBERS = (EvidenceKind.METRIC.value, EvidenceKind.CI_RUN.value)


def canonical(facts: Mapping[str, str]) -> str:
    """The facts of a metric or a CI run as they are kept and hashed: one way to write each."""
    said = {name: value for name, value in facts.items() if value}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of_evidence(title: str, url: str, body: str) -> str:
    """The SHA-256 of what a revision says: title, address and body, each on a line of its own."""
    said = [title, url, *([body] if body else [])]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


class Evidence(models.Model):
    """One piece of evidence; what it says stands in its revisions."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="evidence")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Evidence {self.pk}"


class EvidenceRevision(models.Model):
    """What a piece of evidence said from one moment on. Never changed.

    The body of a note is Markdown, that of a metric or a CI run its facts as JSON. It was
    captured when the person added it, or when they say that it was measured or run.
    """

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in EvidenceKind])
    title = models.CharField(max_length=160)
    url = models.URLField(max_length=1000, blank=True)
    body = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=80, default="page")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    captured_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "number"], name="revisions_of_evidence_are_numbered"
            ),
        ]
        indexes = [
            GinIndex(
                OpClass(words_of_evidence(), name="gin_trgm_ops"),
                name="evidence_by_title_and_url",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def facts(self) -> dict[str, str]:
        """What a metric or a CI run says by name; nothing once it was redacted."""
        if self.kind not in NUMBERS or not self.body.startswith("{"):
            return {}
        return dict(json.loads(self.body))

    @property
    def piece(self) -> Piece:
        """The revision as the rule looks at it."""
        return Piece(self.kind, self.captured_at, self.expires_at)


class EvidenceLink(models.Model):
    """A piece of evidence supports an item, until it is taken off it."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    item = models.ForeignKey(LaunchItem, models.PROTECT, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="links")
    revision = models.ForeignKey(EvidenceRevision, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "evidence"],
                condition=Q(removed_at=None),
                name="evidence_supports_an_item_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} for {self.item}"
