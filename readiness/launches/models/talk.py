"""Comments on launches and items, with every wording they ever had."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.urls import reverse

from readiness.accounts.models import Team
from readiness.accounts.permissions import GuardedQuerySet
from readiness.launches.models.items import LaunchItem
from readiness.launches.models.launches import Launch


class CommentQuerySet(GuardedQuerySet["Comment"]):
    """Comments, from what a person may see."""

    team_path = "team"
    lead_path = "launch__lead"

    def open_threads(self) -> Self:
        """Those that begin a thread which nobody resolved."""
        return self.filter(parent=None, resolved_at=None)


class Comment(models.Model):
    """Something said about a launch, or about one of its items.

    One without a parent begins a thread, which is open until somebody resolves it; the others
    are replies to it. `names` are the people it mentions, as they are written in the text.
    """

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
    names = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    edited_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    is_visible: bool
    is_permitted: bool

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, parent=None),
                name="a_thread_is_resolved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "id"], name="comment_by_item"),
            GinIndex(fields=["text"], name="comment_by_text", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        """The comment where its thread stands."""
        if self.item_id:
            return f"{reverse('launches:item', args=[self.item_id])}#comment-{self.pk}"
        return f"{reverse('launches:discussion', args=[self.launch_id])}?show=all#comment-{self.pk}"


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


class CommentMention(models.Model):
    """Somebody who is mentioned in a comment: once, however often it is edited."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "person"], name="one_mention_per_comment_and_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.comment_id}"
