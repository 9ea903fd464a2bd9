"""The channels that a person has for themselves, and what became of the latest messages there."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from readiness.accounts.models import User
from readiness.notifications.models import Delivery, Kind, OwnHook, Way
from readiness.notifications.queries.outbox import HEAVY, LOOKS, moment
from readiness.notifications.queries.titles import TITLES
from readiness.notifications.ways import NAMES

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what it said, and how it ended."""

    shape: str
    word: str
    title: str
    because: str
    at: str
    stamp: str


@dataclass(frozen=True, slots=True)
class OwnChannel:
    """One channel as its person sees it: never its whole address."""

    way: str
    name: str
    server: str
    secret: str
    made: str
    messages: tuple[Message, ...]


def own_channels_of(person: User) -> list[OwnChannel]:
    """Those that are not removed."""
    hooks = {hook.way: hook for hook in OwnHook.objects.filter(person=person, removed_at=None)}
    return [_channel(hooks[way.value], person) for way in Way if way.value in hooks]


def free_ways(channels: list[OwnChannel]) -> list[Way]:
    """What a person with these may still add: they have one of each."""
    taken = {one.way for one in channels}
    return [way for way in Way if way.value not in taken]


def _channel(hook: OwnHook, person: User) -> OwnChannel:
    sent = Delivery.objects.filter(recipient=person, channel=hook.way, queued_at__gte=hook.made_at)
    latest = sent.defer(*HEAVY).order_by("-pk")[:SHOWN]
    return OwnChannel(
        way=hook.way,
        name=NAMES[Way(hook.way)],
        server=urlsplit(hook.url).hostname or "",
        secret=hook.secret,
        made=moment(hook.made_at, person),
        messages=tuple(_message(one, person) for one in latest),
    )


def _message(delivery: Delivery, person: User) -> Message:
    shape, word = LOOKS[delivery.state]
    return Message(
        shape=shape,
        word=word,
        title=delivery.subject or TITLES.get(Kind(delivery.kind), "Test"),
        because=delivery.because,
        at=moment(delivery.queued_at, person),
        stamp=delivery.queued_at.isoformat(),
    )
