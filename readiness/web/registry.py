"""Where higher rooms leave what every page shows: counts in the navigation, the palette's finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.safestring import SafeString

Count = Callable[[Any], int]

_badges: dict[str, Count] = {}


class Group(StrEnum):
    """The groups of the palette, in their order."""

    LAUNCHES = "Launches"
    ITEMS = "Items"
    PEOPLE = "People"
    CHECKLISTS = "Checklists"
    COMMANDS = "Commands"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to jump to from the palette.

    A command is offered where the words asked for begin words of its title or of `also`;
    one that `is_always` there is the last. `press` names the control on the page that does
    the same as its address.
    """

    group: Group
    title: str
    url: str
    glyph: SafeString
    detail: str = ""
    also: str = ""
    keys: tuple[str, ...] = ()
    press: str = ""
    is_always: bool = False


Source = Callable[[Any, str], Iterable[Entry]]

_sources: dict[str, Source] = {}


def nav_badge(key: str, count: Count) -> None:
    """Show count(user) beside the navigation entry named `key`, on every page."""
    _badges[key] = count


def palette_source(room: str, find: Source) -> None:
    """Offer find(user, words) in the palette: results, best first, and all commands of a room."""
    _sources[room] = find


def palette_entries(user: Any, words: str) -> Iterator[Entry]:
    """What all rooms offer, the highest first."""
    for find in reversed(_sources.values()):
        yield from find(user, words)


class Badges:
    """The counts for one person on one page, each counted at most once and only if shown."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.counted: dict[str, int] = {}

    def __getitem__(self, key: str) -> int:
        if key not in self.counted:
            self.counted[key] = _badges[key](self.user)
        return self.counted[key]
