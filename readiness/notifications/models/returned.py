"""That a mail came back: nothing more goes by mail to that person at that address."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from readiness.notifications.models.deliveries import Delivery


class ReturnedMail(models.Model):
    """A mail that an admin says came back, until somebody says that its address works again.

    It stands for `address` alone: should the person's become another one, it stops nothing, and
    ends when one comes back from there.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="returned_mails"
    )
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="returned")
    address = models.EmailField(max_length=254)
    said = models.CharField(max_length=200)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lifted_at=None),
                name="one_standing_returned_mail_per_person",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="who_lifts_a_returned_mail_does_it_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} came back from {self.address}: {self.said}"
