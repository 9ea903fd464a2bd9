"""Links under which whoever has them sees a launch's verdict as a small picture."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from readiness.launches.models.launches import Launch

TOKEN = 43  # letters of 32 random bytes


class Badge(models.Model):
    """A link to the badge of a launch, until it is revoked; a new one has another token."""

    launch = models.ForeignKey(Launch, models.PROTECT, related_name="badges")
    token = models.CharField(max_length=TOKEN, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["launch"],
                condition=Q(revoked_at=None),
                name="one_standing_badge_per_launch",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_badge_has_a_person_and_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Badge of {self.launch}"
