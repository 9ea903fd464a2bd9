"""What is kept of a review."""

from readiness.reviews.models.minutes import Minutes, PollCall
from readiness.reviews.models.reviews import Invited, Review
from readiness.reviews.models.room import Absence, AgendaItem, Attendance, Pulse

__all__ = [
    "Absence",
    "AgendaItem",
    "Attendance",
    "Invited",
    "Minutes",
    "PollCall",
    "Pulse",
    "Review",
]
