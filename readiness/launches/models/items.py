"""An item in a launch: who does it, until when, how it goes, and what a sign-off stands on."""

from enum import StrEnum
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from readiness.accounts.models import Team
from readiness.accounts.permissions import GuardedQuerySet
from readiness.checklists.models import Item
from readiness.launches.models.launches import OVER, QUIET, Launch
from readiness.rules.truth import Truth
from readiness.web.addresses import address

TRUTHS = [(truth.value, truth.value) for truth in Truth]


class Progress(StrEnum):
    """An owner's word about the work. It never counts."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"


class Act(StrEnum):
    """What may be done to several items at once."""

    DONE = "done"
    REAFFIRM = "reaffirm"
    ASSIGN = "assign"
    DUE = "due"
    PROGRESS = "progress"
    EVIDENCE = "evidence"

    @property
    def is_signing(self) -> bool:
        """Whether it is somebody's word, which takes the right to sign."""
        return self in (Act.DONE, Act.REAFFIRM)


class LaunchItemQuerySet(GuardedQuerySet["LaunchItem"]):
    """Items, from what a person may see."""

    team_path = "team"
    lead_path = "launch__lead"

    def running(self) -> Self:
        return self.exclude(launch__stage__in=OVER)

    def reminded_of(self) -> Self:
        """Those of launches that go on: not over, not on hold."""
        return self.exclude(launch__stage__in=QUIET)


class LaunchItem(models.Model):
    """One item of the checklist in one launch. It holds no "done": sign-offs say that.

    `version` is the concurrency token: each change is sent with the one it was made from.
    `applies` and `blocker` are what the launch's facets make of the item's conditions. `basis`
    is the fingerprint of `basis_parts`, on which a sign-off made now would stand, `evidence`
    the ids of the revisions linked now. What an item requires is missing where none of those
    is of a kind and age that it asks for (`lacks_evidence`), from the instant on at which the
    last of them is too old (`supported_until`), and while its fact is not there or something
    blocks it (not `has_fact`). An agreed "not applicable" stands until `na_until`. Each changes
    in the transaction of what it follows from.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    launch = models.ForeignKey(Launch, models.PROTECT, related_name="items", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="launch_items")
    key = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    applies = models.CharField(max_length=8, default=Truth.YES.value, choices=TRUTHS)
    blocker = models.CharField(max_length=8, default=Truth.NO.value, choices=TRUTHS)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="owned_items"
    )
    owned_since = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_set_by_hand = models.BooleanField(default=False)
    progress = models.CharField(
        max_length=12,
        default=Progress.NOT_STARTED.value,
        choices=[(one.value, one.value.replace("_", " ").capitalize()) for one in Progress],
    )
    blocked_because = models.CharField(max_length=300, blank=True)
    basis = models.CharField(max_length=64)
    basis_parts = models.JSONField(default=dict)
    evidence = ArrayField(models.BigIntegerField(), default=list, blank=True)
    lacks_evidence = models.BooleanField(default=False, db_default=False)
    supported_until = models.DateTimeField(null=True, blank=True)
    has_fact = models.BooleanField(default=False, db_default=False)
    na_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(  # without an index, a change need not write to the others
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )

    is_visible: bool
    is_permitted: bool
    is_signed_by_them: bool
    owner_may_be_away: bool
    has_exemptions: bool
    has_revisions: bool
    has_follow_ups: bool

    objects = LaunchItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["launch", "key"], name="one_launch_item_per_key"),
            models.CheckConstraint(
                condition=~Q(progress=Progress.BLOCKED.value) | ~Q(blocked_because=""),
                name="blocked_items_say_why",
            ),
        ]
        indexes = [
            models.Index(fields=["launch", "position"], name="item_by_launch"),
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(owner__isnull=False),
                name="item_by_owner",
            ),
            models.Index(
                fields=["owner", "owned_since"],
                condition=Q(owner__isnull=False),
                name="item_by_new_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return address("launches:item", self.pk)
