"""Comments on launches and items, with every wording they ever had."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from readiness.accounts.models import Team
from readiness.launches.models.items import LaunchItem
from readiness.launches.models.launches import Launch


class Comment(models.Model):
    """Something said about a launch, or about one of its items."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="comments")
    item = models.ForeignKey(
        LaunchItem, models.PROTECT, null=True, blank=True, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["item", "id"], name="comment_by_item"),
            GinIndex(fields=["text"], name="comment_by_text", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CommentRevision(models.Model):
    """One wording of a comment; the latest is also the comment's own text."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "number"], name="wordings_of_a_comment_are_numbered"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
