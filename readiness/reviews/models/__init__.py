"""What is kept of a review."""

from readiness.reviews.models.minutes import Minutes, PollCall
from readiness.reviews.models.reviews import Invited, Review
from readiness.reviews.models.room import AgendaItem, Attendance, Pulse

__all__ = [
    "AgendaItem",
    "Attendance",
    "Invited",
    "Minutes",
    "PollCall",
    "Pulse",
    "Review",
]
