"""What people keep at hand beside the list of launches: saved views, and pinned launches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from readiness.accounts.models import Team
from readiness.launches.models.launches import Launch

LONGEST_QUERY = 1_000


class SavedView(models.Model):
    """A name for a query string of the dashboard: one person's own, or a whole team's."""

    name = models.CharField(max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="views")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person",
                Lower("name"),
                condition=Q(team=None),
                name="one_view_of_a_person_per_name",
            ),
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(team__isnull=False),
                name="one_view_of_a_team_per_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Pin(models.Model):
    """A launch that a person keeps at hand: nobody else's business, and no part of any log."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pins")
    launch = models.ForeignKey(Launch, models.CASCADE, related_name="pins")
    pinned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "launch"], name="a_person_pins_a_launch_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.launch}, for {self.person}"
