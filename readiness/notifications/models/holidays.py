"""Days on which a whole team does not work."""

from django.db import models

from readiness.accounts.models import Team


class Holiday(models.Model):
    """A day that a team named as none of its workdays, and what it is called.

    For a person it is one where all their teams name it: somebody who works for a team that
    works that day is there, and has to hear what it waits for.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "team"], name="one_holiday_per_team_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day}"
