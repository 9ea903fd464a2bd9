"""What is said of a review whatever one wants of it."""

from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State

NO_LONGER = "You no longer have the right to do this in this team."
NOT_BEGUN = "This review has not begun yet. Start it first."
PAUSED = "This review is paused. Resume it first."
FINISHED = "This review is finished. Read its minutes."
CANCELLED = "This review was cancelled."
ENDED = {State.FINISHED.value: FINISHED, State.CANCELLED.value: CANCELLED}


def over(review: Review) -> str:
    """Nothing more happens in a review that ended."""
    return ENDED.get(review.state, "")
