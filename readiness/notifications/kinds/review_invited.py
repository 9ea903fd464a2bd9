"""A review is planned, its plan changes, or it is called off: with what calendars take in."""

from collections.abc import Callable, Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.notifications.kinds.message import Calendar, Message, News
from readiness.notifications.models import Delivery, Kind
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State
from readiness.reviews.queries.calendar import CANCEL, REQUEST, calendar_of
from readiness.web import locales

BEGUN = "The review has begun, or was cancelled, meanwhile."
OVER = "The review was over before they could be told."
NOT_INVITED = "They were left out, or invited again, meanwhile."


def recipients(event: Event, launch: Launch) -> Collection[int]:
    """The invited; of a change only who came or went, unless all need to know of it."""
    review = Review.objects.filter(pk=event.said.get("review", 0), launch=launch).first()
    if review is None:
        return ()
    if event.kind == Happened.REVIEW_INVITED:
        return {event.said["person"]}
    invited = {*review.invited.values_list("person", flat=True)}
    if event.kind != Happened.REVIEW_CHANGED:
        return invited
    left_out = {*event.said["left_out"]}
    return (invited if event.said["changes"] else {*event.said["added"]}) | left_out


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    event = delivery.event
    rows = Review.objects.select_related("launch", "planned_by", "facilitator")
    review = rows.filter(pk=event.said.get("review", 0), launch=launch).first() if event else None
    if review is None or event is None:
        return BEGUN
    is_invited = review.invited.filter(person=person).exists()
    if event.kind == Happened.REVIEW_CANCELLED:
        return _cancelled(review, now) if is_invited else NOT_INVITED
    if event.kind == Happened.REVIEW_INVITED:
        return _asked_in(review, is_invited=is_invited)
    if review.state != State.PLANNED.value:
        return BEGUN
    if event.kind == Happened.REVIEW_CHANGED and person.pk in event.said["left_out"]:
        return _left_out(review, now) if not is_invited else NOT_INVITED
    if not is_invited:
        return NOT_INVITED
    is_new = event.kind == Happened.REVIEW_PLANNED or person.pk in event.said["added"]
    return _invited(review, person, now) if is_new else _changed(review, event, person, now)


def _invited(review: Review, person: User, now: datetime) -> Message:
    return Message(
        subject=f"{review}, {_when(review.starts_at, person.tzinfo)}: {review.launch.name}",
        headline=f"You are invited to {str(review).lower()}",
        text=_meets(review, person),
        points=_points(review),
        url=review.get_absolute_url(),
        label="Look at the plan",
        calendar=_calendar(review, REQUEST, now),
    )


def _asked_in(review: Review, *, is_invited: bool) -> Message | str:
    """Somebody is asked to come in while it meets: there is nothing to put into a calendar."""
    if not is_invited or not review.is_meeting:
        return OVER if is_invited else NOT_INVITED
    return Message(
        subject=f"{review} meets now: {review.launch.name}",
        headline=f"You are asked to come to {str(review).lower()}, which meets now",
        text="As a guest you see this launch until a day after the review.",
        points=_points(review),
        url=review.get_absolute_url(),
        label="Come in",
    )


def _changed(review: Review, event: Event, person: User, now: datetime) -> Message:
    """What became another; the calendar's entry is brought up to it."""
    changes = event.said["changes"]
    is_moved = "starts_at" in changes
    what = "meets at another time" if is_moved else "has another plan"
    said = [_CHANGED[name](*pair, person) for name, pair in changes.items() if name in _CHANGED]
    return Message(
        subject=f"{review} {what}: {review.launch.name}",
        headline=f"{review} {what}",
        text=_meets(review, person),
        points=(*said, *_points(review)),
        url=review.get_absolute_url(),
        label="Look at the plan",
        calendar=_calendar(review, REQUEST, now),
    )


def _cancelled(review: Review, now: datetime) -> Message:
    return Message(
        subject=f"{review} is cancelled: {review.launch.name}",
        headline=f"{review} is cancelled",
        quote=review.cancelled_because,
        url=review.get_absolute_url(),
        label="Look at the review",
        calendar=_calendar(review, CANCEL, now),
    )


def _left_out(review: Review, now: datetime) -> Message:
    return Message(
        subject=f"{review} goes on without you: {review.launch.name}",
        headline=f"You are no longer asked to come to {str(review).lower()}",
        text="It is taken out of your calendar. You may join it all the same.",
        url=review.get_absolute_url(),
        label="Look at the review",
        calendar=_calendar(review, CANCEL, now),
    )


def _meets(review: Review, person: User) -> str:
    when = _when(review.starts_at, person.tzinfo)
    return f"It meets {when} ({person.zone}), for {review.length_minutes} minutes."


def _points(review: Review) -> tuple[str, ...]:
    return (f"{review.facilitator.name} facilitates.", f"Code to join: {review.code}")


def _when(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{locales.weekday(there.date())} at {there:%H:%M}"


def _calendar(review: Review, method: str, now: datetime) -> Calendar:
    return Calendar(calendar_of(review, now=now, method=method).decode(), method)


def _was_at(was: str, becomes: str, person: User) -> str:
    return f"It was to meet {_when(datetime.fromisoformat(was), person.tzinfo)}."


def _was_long(was: int, becomes: int, person: User) -> str:
    return f"It was to take {was} minutes."


def _was_led(was: str, becomes: str, person: User) -> str:
    return f"{was} was to facilitate."


_CHANGED: dict[str, Callable[..., str]] = {
    "starts_at": _was_at,
    "minutes": _was_long,
    "facilitator": _was_led,
}

REVIEW_INVITED = News(
    kind=Kind.REVIEW_INVITED,
    why="you are invited to this review",
    events=frozenset(
        {
            Happened.REVIEW_PLANNED,
            Happened.REVIEW_CHANGED,
            Happened.REVIEW_CANCELLED,
            Happened.REVIEW_INVITED,
        }
    ),
    recipients=recipients,
    letter=letter,
)
