"""Who is let in to one launch from outside its team."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet

from readiness.launches.models.launches import Launch


class GuestQuerySet(QuerySet["Guest"]):
    """Grants, as far as they stand."""

    def standing(self, now: datetime) -> Self:
        return self.filter(until__gt=now)


class Guest(models.Model):
    """A person who sees one launch of somebody else's team until a time, and signs nothing in it.

    It ends by itself then. Taken back, it ended at that moment; let in once more, it is the same
    row: who let whom in when, and who took it back, the log says.
    """

    launch = models.ForeignKey(Launch, models.PROTECT, related_name="guests")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="guest_of", db_index=False
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    until = models.DateTimeField()

    objects = GuestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "launch"], name="one_grant_per_guest"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="a_guest_leaves_after_coming"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, guest of {self.launch}"
