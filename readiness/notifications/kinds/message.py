"""What a kind of message is: which events it tells of, to whom, and what it says then."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.notifications.models import Delivery, Kind


class Calendar(NamedTuple):
    """An iCalendar object that goes with a mail, and the method that it says it is for."""

    text: str
    method: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to one person about a launch.

    `text` is what happened, in plain sentences; `quote` what somebody wrote; `points` are
    further lines. The button `label` leads to `url`, a path of this site. A message with
    another `template` than the plain one hands it what it needs in `more`.
    """

    subject: str
    headline: str
    url: str
    label: str
    text: str = ""
    quote: str = ""
    points: tuple[str, ...] = ()
    calendar: Calendar | None = None
    template: str = "notifications/news"
    more: Mapping[str, Any] = field(default_factory=dict)


def about_the_event(event: Event) -> str:
    return f"event {event.pk}"


def launch_of_the_event(delivery: Delivery) -> Q:
    return Q(subject=delivery.event.subject_id if delivery.event else 0)


@dataclass(frozen=True, slots=True)
class News:
    """A kind of message that goes out at once.

    `why` ends the sentence "You get this because"; queries.titles has what preferences call it.
    Who made an event never hears of it, and of the others only who may see the launch: that is
    seen to for all kinds, when a message is queued and again when it is sent. `letter` says
    the message as of now, or why there is nothing to say any more. Where `window` is the same
    for two events, a person hears of the first of them alone. `launch` finds the launch that a
    message is about.
    """

    kind: Kind
    why: str
    events: frozenset[Happened]
    recipients: Callable[[Event, Launch], Collection[int]]
    letter: Callable[[Delivery, Launch, User, datetime], Message | str]
    window: Callable[[Event], str] = about_the_event
    launch: Callable[[Delivery], Q] = launch_of_the_event
