"""Links under which a calendar program reads what a person has ahead."""

from django.conf import settings
from django.db import models
from django.db.models import Q

TOKEN = 43  # letters of 32 random bytes


class CalendarLink(models.Model):
    """A person's link to their calendar, until it is revoked; a new one has another token."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_links"
    )
    token = models.CharField(max_length=TOKEN, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at=None),
                name="one_standing_calendar_link_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
