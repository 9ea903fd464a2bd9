"""What can be streamed: rooms say which addresses there are, who may read them, what is drawn."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Known = dict[str, Any]
"""What a stream's readers were shown last, for the room that draws it to compare with."""


class Person(NamedTuple):
    """Who reads a stream, as far as it matters."""

    pk: int
    is_site_admin: bool
    locale: str


class Asked(NamedTuple):
    """A person who wants to read the stream of one thing; 0 where there is only one stream."""

    person: Person
    pk: int


class Seat(NamedTuple):
    """The right to read a stream, as it is now.

    `hears` are the keys of the notices that the stream is drawn anew for: "subjects/7", or
    "subjects" for all of that kind. `sees` says of a frame's audience whether it is for them.
    """

    hears: frozenset[str]
    sees: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """That something happened: to what, when it was published, and a few integers more."""

    key: str
    at: int
    said: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of a stream: neutral HTML, or words for a page's script.

    `audience` is for streams whose readers do not all see the same: their seats tell.
    """

    data: str = ""
    event: str = "html"
    audience: Hashable = None


Authorise = Callable[[Sequence[Asked]], Sequence[Seat | None]]
Render = Callable[[int, Sequence[Notice], Known], Iterable[Frame]]


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of stream: its address, who may read it, what is drawn of it, and how often anyway.

    `authorise` is asked for one person who comes, and for all readers again and again: in one
    statement. `render` runs in a thread, with the habits of the readers' locale; it compares
    with what it `known` before, and leaves there what it shows now. It is called without
    notices as the first reader comes, only to know what there is, and then every `every`
    seconds for what changes with time alone.
    """

    name: str
    pattern: re.Pattern[str]
    authorise: Authorise
    render: Render
    every: float | None = None


_topics: list[Topic] = []
_behind: list[Callable[[Iterable[str]], dict[str, Person]]] = []


def stream_of(
    name: str, path: str, authorise: Authorise, render: Render, *, every: float | None = None
) -> None:
    """Offer a stream at a path, as "/live/launches/<id>/"."""
    pattern = re.compile(re.escape(path).replace("<id>", r"(?P<pk>[1-9]\d{0,17})"), re.ASCII)
    _topics.append(Topic(name, pattern, authorise, render, every))


def find(path: str) -> tuple[Topic, int] | None:
    """The topic at a path, and the number of the thing."""
    for topic in _topics:
        if found := topic.pattern.fullmatch(path):
            return topic, int(found.groupdict().get("pk") or 0)
    return None


def sessions_known_by(behind: Callable[[Iterable[str]], dict[str, Person]]) -> None:
    """Say how to tell who is behind which of these sessions; who is gone is left out."""
    _behind[:] = [behind]


def people_behind(sessions: Iterable[str]) -> dict[str, Person]:
    return _behind[0](sessions)
