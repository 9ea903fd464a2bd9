"""Whether a review may be finished, or opened again, or why not."""

from datetime import datetime, timedelta

from readiness.accounts.models import User
from readiness.launches.models import Launch
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies import meeting, planning

AGAIN_WITHIN = timedelta(days=1)
TOO_LATE = "A review is opened again within a day of its end. Plan another one."
NOT_FINISHED = "Only a finished review is opened again."


def finishing(review: Review, by: User) -> str:
    """Who drives and who facilitates may finish it, also while it stands still."""
    return meeting.meeting(review) or meeting.steering(review, by)


def reopening(review: Review, launch: Launch, other: Review | None, by: User, now: datetime) -> str:
    """Who facilitates opens it again, within a day, if no other review of the launch meets."""
    if review.state != State.FINISHED.value or review.finished_at is None:
        return NOT_FINISHED
    if by.pk != review.facilitator_id:
        return f"Only {review.facilitator.name}, who facilitates, opens it again."
    if now - review.finished_at > AGAIN_WITHIN:
        return TOO_LATE
    if reason := planning.planning(launch):
        return reason
    return f"{other} of this launch meets now. Finish it first." if other else ""
