"""What stays of a review: the minutes, and what the approvers said when they were called."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from readiness.reviews.models.reviews import Review


class PollSays(StrEnum):
    """What an approver answers in the poll."""

    GO = "go"
    HOLD = "hold"


class Minutes(models.Model):
    """What a review came to, frozen when it was finished; one row for each time it was.

    `content` is all that the page, the print and the Markdown show; `content_hash` its SHA-256.
    `head` is the hash of the launch's last event then, the `sequence`-th.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="minutes_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"Minutes {self.number} of {self.review}"


class PollCall(models.Model):
    """An approver who is called in the poll, and what they said."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="poll")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    says = models.CharField(max_length=4, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "approver"], name="each_is_called_once"),
            models.CheckConstraint(
                condition=Q(says="", at=None)
                | Q(says=PollSays.GO.value, at__isnull=False)
                | Q(says=PollSays.HOLD.value, at__isnull=False) & ~Q(reason=""),
                name="a_hold_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approver}: {self.says or 'not called yet'}"
