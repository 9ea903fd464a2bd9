"""When somebody else hears that work is late: what each team chose."""

from django.db import models
from django.db.models import F, Q

from readiness.accounts.models import Team

LEAD_AFTER, APPROVER_AFTER, LONGEST = 3, 7, 60


class EscalationPolicy(models.Model):
    """After how many workdays the lead, and then the approvers, of a launch hear of late work.

    A team without a row has the ordinary days.
    """

    team = models.OneToOneField(
        Team, models.PROTECT, primary_key=True, related_name="escalation_policy"
    )
    is_on = models.BooleanField(default=True)
    lead_after = models.PositiveSmallIntegerField(default=LEAD_AFTER)
    approver_after = models.PositiveSmallIntegerField(default=APPROVER_AFTER)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lead_after__gte=1)
                & Q(approver_after__gte=F("lead_after"))
                & Q(approver_after__lte=LONGEST),
                name="approvers_hear_after_the_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_after} and {self.approver_after} workdays"
