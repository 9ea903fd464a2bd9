"""That somebody wants to hear nothing of an item, or of all of theirs, until a day."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from readiness.launches.models import LaunchItem


class Snooze(models.Model):
    """No digest names the item to this person before `until`, a day of theirs.

    Without an item it is about all that they own. A later one replaces the one before.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="snoozes")
    item = models.ForeignKey(LaunchItem, models.PROTECT, null=True, related_name="+")
    until = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=Q(item__isnull=False),
                name="one_snooze_per_person_and_item",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(item=None), name="one_snooze_of_all_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} until {self.until}"
