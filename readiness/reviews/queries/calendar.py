"""A review as calendars take it in: an invitation, its updates, its cancellation."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from readiness.accounts.models import User
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies.planning import BEFORE

REQUEST, CANCEL = "REQUEST", "CANCEL"
PRODUCT = "-//Readiness//Design reviews//EN"


def calendar_of(review: Review, *, now: datetime, method: str = "") -> bytes:
    """The file for all who are invited; `invitation` of the review is its number in the series.

    Without a `method` it asks people to come, or says that the review was cancelled; CANCEL is
    for who was left out of a later plan. A review comes with its launch and who planned it.
    """
    is_cancelled = review.state == State.CANCELLED.value
    method = method or (CANCEL if is_cancelled else REQUEST)
    invited = review.invited.select_related("person").order_by("person__name", "person")
    return _drawn(review, [one.person for one in invited], method, now)


def _drawn(review: Review, people: list[User], method: str, now: datetime) -> bytes:
    """The bytes. The library takes 5 MB, which only a process pays that was asked for a file."""
    from icalendar import Alarm, Calendar, Event, vText

    url = settings.BASE_URL + review.get_absolute_url()
    calendar, event = Calendar(), Event()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event.add("uid", f"review-{review.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("sequence", review.invitation)
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", review.starts_at)
    event.add("dtend", review.starts_at + review.length)
    event.add("summary", _line(f"{review}: {review.launch.name}"))
    event.add("description", f"{url}\nCode to join: {review.code}")
    event.add("url", url)
    event.add("location", url)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    # Who planned it, and not the facilitator: who organises never changes between updates.
    event.add("organizer", _address(vText, review.planned_by), encode=False)
    for person in people:
        asked = {"role": "REQ-PARTICIPANT", "partstat": "NEEDS-ACTION", "rsvp": "TRUE"}
        event.add("attendee", _address(vText, person, **asked), encode=False)
    if method == REQUEST:
        event.add_component(_reminder(Alarm))
    calendar.add_component(event)
    return calendar.to_ical()


def _reminder(alarm: Any) -> Any:
    rings = alarm()
    rings.add("action", "DISPLAY")
    rings.add("description", "The review begins soon.")
    rings.add("trigger", -timedelta(minutes=BEFORE))
    return rings


def _address(text: Any, person: User, **parameters: str) -> Any:
    """A person by mail address and name; quotes would end the name."""
    address = text(f"mailto:{person.email}")
    address.params["cn"] = _line(person.name).replace('"', "'")
    address.params.update(parameters)
    return address


def _line(words: str) -> str:
    """One line without control characters: they would begin another property."""
    return " ".join("".join(one if one.isprintable() else " " for one in words).split())
