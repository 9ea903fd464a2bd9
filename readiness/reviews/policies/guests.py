"""How long a review needs its guests, and who may be one, or why not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from readiness.accounts.models import User
from readiness.accounts.policies import stays
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies.finishing import AGAIN_WITHIN
from readiness.reviews.policies.words import over

NOT_A_GUEST = "{} is no guest of this review."
STILL_PLANNED = "This review has not begun. Change its plan, and leave {} out."
NOT_YET = "This review has not begun. Change its plan to invite {}."
SEES_IT = "{} sees this launch already, and comes in with the code."
INVITED = "{} is invited already."


def letting_in(people: Iterable[User]) -> str:
    """Anybody of the installation who has not left."""
    for person in people:
        if not stays(person):
            return f"{person.name} has left and cannot come."
    return ""


def inviting(review: Review, person: User, *, is_outside: bool, is_invited: bool) -> str:
    """Somebody from outside comes to a review that meets; before that one changes its plan."""
    if review.state == State.PLANNED.value:
        return NOT_YET.format(person.name)
    if reason := over(review) or letting_in([person]):
        return reason
    if not is_outside:
        return SEES_IT.format(person.name)
    return INVITED.format(person.name) if is_invited else ""


def letting_go(review: Review, person: User, *, is_guest: bool) -> str:
    if review.state == State.PLANNED.value:
        return STILL_PLANNED.format(person.name)
    return "" if is_guest else NOT_A_GUEST.format(person.name)


def needed_until(review: Review, now: datetime) -> datetime | None:
    """As long as a review may be opened again after its end; one that was cancelled, no more.

    The end is the planned one until it begins, and then as much later as time is left in it.
    """
    if review.state == State.CANCELLED.value:
        return None
    if review.finished_at:
        return review.finished_at + AGAIN_WITHIN
    if review.is_meeting:
        return now + max(review.length - review.elapsed(now), timedelta()) + AGAIN_WITHIN
    return review.starts_at + review.length + AGAIN_WITHIN
