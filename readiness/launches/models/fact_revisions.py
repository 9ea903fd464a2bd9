"""Structured facts of items, in immutable revisions; the latest of a row is what is so."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from readiness.accounts.models import Team
from readiness.launches.models.items import LaunchItem

OWNERSHIP = "rollback_ownership"  # the fact that names who rolls back, and asks them to accept


class FactRevision(models.Model):
    """What one row of an item's fact said from one moment on. Never changed.

    `definition` is the version of the product's definitions it was filled in under; row 0 is
    what is said of all rows together. Decimals and times are text in `payload`, which is null
    once it was redacted. A row that was taken away ends with a revision that says so.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    item = models.ForeignKey(LaunchItem, models.PROTECT, related_name="fact_revisions")
    fact = models.CharField(max_length=64)
    definition = models.CharField(max_length=16)
    row = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    payload = models.JSONField(null=True)
    is_removed = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "fact", "row", "number"], name="revisions_of_a_fact_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="revisions_of_a_fact_start_at_one"
            ),
        ]
        indexes = [
            models.Index(
                KeyTransform(seat, "payload"),
                condition=Q(fact=OWNERSHIP),
                name=f"fact_by_rollback_{seat}",
            )
            for seat in ("owner", "deputy")
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.row}, revision {self.number}"
