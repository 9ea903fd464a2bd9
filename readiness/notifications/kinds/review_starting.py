"""A review that somebody is invited to starts in ten minutes."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery, Kind
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State

BEFORE = timedelta(minutes=10)
MOVED = "The review was moved, cancelled, or has begun."


def window_of(review: Review) -> str:
    """A review that is moved is told of again."""
    return f"{review.pk} at {review.starts_at:%Y-%m-%d %H:%M}"


def _review(delivery: Delivery) -> int:
    return int(delivery.window.partition(" ")[0])


def recipients(event: Event, launch: Launch) -> Collection[int]:
    """Nobody by an event: it is time that brings it."""
    return ()


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    review = Review.objects.filter(pk=_review(delivery), launch=launch).first()
    is_to_come = review is not None and review.state == State.PLANNED.value
    if review is None or not is_to_come or window_of(review) != delivery.window:
        return MOVED
    at = review.starts_at.astimezone(person.tzinfo)
    return Message(
        subject=f"Starts at {at:%H:%M}: review of {launch.name}",
        headline=f"{review} starts at {at:%H:%M}",
        text=f"It takes {review.length_minutes} minutes. The times are those of {person.zone}.",
        url=review.get_absolute_url(),
        label="Join the review",
    )


REVIEW_STARTING = News(
    kind=Kind.REVIEW_STARTING,
    why="you are invited to this review",
    events=frozenset(),
    recipients=recipients,
    letter=letter,
    launch=lambda delivery: Q(reviews=_review(delivery)),
)
