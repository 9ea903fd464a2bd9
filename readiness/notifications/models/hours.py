"""When a person wants to hear nothing at all."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Hours(models.Model):
    """A person's quiet hours, in which nothing goes out at once, and their days off.

    Quiet is from the hour `quiet_from` until `quiet_until`, of the next day where that is
    earlier. On a day off there is no digest, and no other mail of the day.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="hours"
    )
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_until = models.PositiveSmallIntegerField(null=True)
    days_off = ArrayField(models.DateField(), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & Q(quiet_from__lt=24, quiet_until__lt=24)
                & ~Q(quiet_from=F("quiet_until")),
                name="quiet_has_a_beginning_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"quiet from {self.quiet_from} until {self.quiet_until}"
