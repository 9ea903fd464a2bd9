"""What happens in the room: the agenda, who is there, and their short signals."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from readiness.launches.models import ActionItem, LaunchItem
from readiness.reviews.models.reviews import Review


class Outcome(StrEnum):
    """What was decided on an item in a review."""

    DONE = "done"
    NOT_DONE = "not_done"
    NA = "na"
    WAIVE = "waive"


class Device(StrEnum):
    """What a person looks at the review with."""

    LAPTOP = "laptop"
    PHONE = "phone"
    WALL = "wall"


class Signal(StrEnum):
    """Short signals to the room: counters, not votes."""

    AGREE = "agree"
    QUESTION = "question"


class AgendaItem(models.Model):
    """An item on the agenda: its place, how long it took, and what came of it.

    Parked while `parked_at` is set: it comes again after the last. The outcome is what the room
    said; what the item is, its own words say (sign-offs, exemptions). `follow_up` is what has
    to happen still.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="agenda")
    item = models.ForeignKey(LaunchItem, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True)
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    follow_up = models.ForeignKey(ActionItem, models.PROTECT, null=True, related_name="+")
    parked_at = models.DateTimeField(null=True)
    parked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    parked_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "item"], name="an_item_is_on_it_once"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | Q(outcome__in=[one.value for one in Outcome])
                & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="an_outcome_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(parked_at=None, parked_by=None)
                | Q(parked_at__isnull=False, parked_by__isnull=False),
                name="what_is_parked_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.item}"


class Attendance(models.Model):
    """A person in the room with one device: since when, last heard of when, looking at what.

    Where they were gone in between, an absence says so.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    device = models.CharField(max_length=6, choices=[(one.value, one.value) for one in Device])
    came_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    item = models.ForeignKey(LaunchItem, models.PROTECT, null=True, related_name="+")
    is_following = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "person", "device"], name="one_seat_per_person_and_device"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} on a {self.device}"


class Absence(models.Model):
    """A while in which a device that came back was not heard of."""

    attendance = models.ForeignKey(Attendance, models.CASCADE, related_name="absences")
    left_at = models.DateTimeField()
    back_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(back_at__gt=F("left_at")), name="who_comes_back_was_gone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attendance}, gone from {self.left_at} to {self.back_at}"


class Pulse(models.Model):
    """A signal of one person about the item at hand. Gone when the review is finished."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="pulses")
    item = models.ForeignKey(LaunchItem, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signal = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Signal])
    text = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "item", "person", "signal"], name="a_signal_counts_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.signal}"
