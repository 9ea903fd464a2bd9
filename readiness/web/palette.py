"""The command palette: of all that the rooms offer, what answers the words somebody typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from readiness.web.highlight import highlighted
from readiness.web.registry import Entry, Group, palette_entries
from readiness.web.templatetags.face import icon

MOST = 20
MOST_OF = {
    Group.LAUNCHES: 6,
    Group.ITEMS: 5,
    Group.PEOPLE: 3,
    Group.CHECKLISTS: 2,
}


@dataclass(frozen=True, slots=True)
class Option:
    """An entry as the palette shows it; `number` tells it from the others."""

    number: int
    title: SafeString
    detail: SafeString
    entry: Entry


@dataclass(frozen=True, slots=True)
class Section:
    """Options under one heading."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """All that the palette shows."""

    words: str
    sections: tuple[Section, ...]

    @property
    def number(self) -> int:
        return sum(len(section.options) for section in self.sections)


def palette(user: Any, words: str) -> Palette:
    """At most twenty entries in their groups; the one that is always there is never crowded out."""
    found: dict[Group, list[Entry]] = {group: [] for group in Group}
    for entry in palette_entries(user, words):
        if entry.group is not Group.COMMANDS or _answers(entry, words):
            found[entry.group].append(entry)
    taken = {group: found[group][:most] for group, most in MOST_OF.items()}
    room = MOST - sum(map(len, taken.values()))
    taken[Group.COMMANDS] = _most(found[Group.COMMANDS], room)
    numbers = count(1)
    return Palette(
        words,
        tuple(
            Section(group.value, tuple(_option(next(numbers), one, words) for one in taken[group]))
            for group in _ordered(taken[Group.COMMANDS], words)
            if taken[group]
        ),
    )


def _answers(entry: Entry, words: str) -> bool:
    said = f"{entry.title} {entry.also}".lower().split()
    return entry.is_always or all(
        any(one.startswith(word) for one in said) for word in words.lower().split()
    )


def _most(commands: list[Entry], room: int) -> list[Entry]:
    always = [entry for entry in commands if entry.is_always]
    others = [entry for entry in commands if not entry.is_always]
    return [*others[: room - len(always)], *always]


def _ordered(commands: Iterable[Entry], words: str) -> list[Group]:
    """Commands come last, but first where somebody began to type the name of one."""
    begun = words.lower()
    titles = (f" {entry.title}".lower() for entry in commands if not entry.is_always)
    if len(begun) > 2 and any(f" {begun}" in title for title in titles):
        return sorted(Group, key=lambda group: group is not Group.COMMANDS)
    return list(Group)


def _option(number: int, entry: Entry, words: str) -> Option:
    return Option(number, highlighted(entry.title, words), highlighted(entry.detail, words), entry)


def commands(user: Any, words: str) -> list[Entry]:
    """What every page can do by itself."""
    preferences = reverse("accounts:preferences")
    return [
        Entry(
            Group.COMMANDS,
            "Switch theme",
            preferences,
            icon("moon"),
            also="dark light mode colours",
            press="[data-theme-form] button",
        ),
        Entry(
            Group.COMMANDS,
            "Keyboard shortcuts",
            preferences,
            icon("circle-question-mark"),
            also="help keys",
            keys=("?",),
            press="[popovertarget=shortcuts]",
        ),
    ]
