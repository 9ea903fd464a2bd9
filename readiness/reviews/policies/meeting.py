"""What may be done in a review that meets, or why not."""

from datetime import datetime, timedelta

from readiness.accounts.models import User
from readiness.launches.policies import ago_in_words
from readiness.reviews.models import AgendaItem, Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies.planning import LONGEST
from readiness.reviews.policies.words import NOT_BEGUN, PAUSED, over

GONE_AFTER = timedelta(seconds=40)
NOT_IN_IT = "You are not in this review yet. Join it first."
NOT_ON_IT = "This item is not on the agenda of this review."
SEAT_KEPT = "{} drives, and is here. Ask for the seat."


def going_on(review: Review) -> str:
    """Whether anything is decided now: it began, did not end, and does not stand still."""
    if review.state == State.PLANNED.value:
        return NOT_BEGUN
    if review.state == State.PAUSED.value:
        return PAUSED
    return over(review)


def meeting(review: Review) -> str:
    """The same of what may be done while it stands still."""
    return NOT_BEGUN if review.state == State.PLANNED.value else over(review)


def taking_part(review: Review, by: User) -> str:
    """Who was invited, or joined, takes part."""
    return "" if review.invited.filter(person=by.pk).exists() else NOT_IN_IT


def joining(review: Review) -> str:
    return over(review)


def driving(review: Review, by: User) -> str:
    """One person moves the stage."""
    if review.driver_id == by.pk:
        return ""
    return f"{review.driver.name if review.driver else 'Nobody'} drives now. Ask for the seat."


def steering(review: Review, by: User) -> str:
    """Who drives and who facilitates may pause and extend."""
    if by.pk in (review.driver_id, review.facilitator_id):
        return ""
    return f"Only {review.facilitator.name}, who facilitates, and the driver may do this."


def stale(review: Review, turn: int) -> str:
    """The stage moved, or the seat changed hands, since the page was loaded."""
    if review.turn == turn:
        return ""
    driver = review.driver.name if review.driver else "Somebody"
    return f"{driver} moved on since you loaded the page. Look where the review is now."


def pausing(review: Review) -> str:
    return going_on(review)


def resuming(review: Review) -> str:
    if review.state == State.RUNNING.value:
        return "This review goes on already."
    return meeting(review)


def extending(review: Review, minutes: int) -> str:
    if reason := meeting(review):
        return reason
    if minutes < 1:
        return "Say by how many minutes."
    if review.length_minutes + minutes > LONGEST:
        return f"A review lasts {LONGEST // 60} hours at most. Finish it, and plan another."
    return ""


def is_here(seen_at: datetime | None, now: datetime) -> bool:
    """Whether somebody was heard of lately."""
    return seen_at is not None and now - seen_at < GONE_AFTER


def handing_over(review: Review, to: User, *, is_here: bool, may_drive: bool) -> str:
    """The seat goes to somebody in the room who may drive."""
    if to.pk == review.driver_id:
        return f"{to.name} drives already."
    if not is_here:
        return f"{to.name} is not in the room now."
    return "" if may_drive else f"{to.name} may not drive a review of this team."


def taking_the_seat(review: Review, by: User, now: datetime) -> str:
    """An empty seat is taken: who drove was not heard of for a while."""
    if review.driver_id == by.pk:
        return "You drive already."
    if review.driver and is_here(review.driver_seen_at, now):
        return SEAT_KEPT.format(review.driver.name)
    return ""


def decided_meanwhile(row: AgendaItem, now: datetime) -> str:
    """Who decided the item, what, and when: what one hears who came a moment later."""
    if not row.decided_at or not row.decided_by:
        return ""
    ago = ago_in_words(max(0, round((now - row.decided_at).total_seconds())))
    return f"{row.decided_by.name} decided this {ago}. Nothing was lost."


def parking(row: AgendaItem, because: str) -> str:
    """What is undecided is put off, with a word on why."""
    if row.outcome:
        return "This is decided already."
    if row.parked_at:
        return "This is parked already."
    return "" if because.strip() else "Say why it is parked."


def unparking(row: AgendaItem) -> str:
    return "" if row.parked_at else "This is not parked."
