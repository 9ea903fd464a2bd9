"""A launch as one row of a list, in words made before a template runs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from readiness.accounts.models import User
from readiness.launches.queries.launch_page import ICONS
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.trend import Trend, trend_of
from readiness.rules.scheme import DEFAULT, NOT_ASSESSABLE, Outcome
from readiness.web import locales

SOON = timedelta(days=14)
KEPT = 4_096  # rows in memory, beside those drawn
USUAL = tuple(band.key for band in DEFAULT)
NO_VERDICT = "Not assessable"
SHAPES = {
    Outcome.NO_GO: "delay",
    Outcome.CONDITIONAL: "monitor",
    Outcome.GO: "ready",
    Outcome.INFO: NOT_ASSESSABLE,
}
NO_ICON = "layers"


class Columns(NamedTuple):
    """What is read of a launch, in this order; its sections and its trend are still text."""

    pk: int
    name: str
    verdict: str
    outcome: str
    shown: str
    checked: int
    counted: int
    holds: int
    blocked: int
    sections: str
    score: Decimal | None
    launch_at: datetime
    zone: str
    sort_name: str
    team: str
    lead: str
    email: str
    version: int
    read: str


class Tile(NamedTuple):
    """One section of a launch: how many items are left."""

    title: str
    left: int
    counted: int
    blocked: int


class Person(NamedTuple):
    """What an avatar shows."""

    name: str
    initials: str
    hue: int


@dataclass(frozen=True, slots=True)
class Row:
    """One launch as the table shows it: a pure function of its columns and of the day."""

    pk: int
    name: str
    team: str
    shape: str
    title: str
    tally: str
    shown: str
    tiles: tuple[Tile, ...]
    must_haves: int
    blocked: int
    lead: Person
    day: str
    days: str
    tone: str
    trend: Trend
    at: int  # what the list may be sorted by, beside the name
    score: str

    def __hash__(self) -> int:
        """Of what tells rows apart: to add up all of it costs more than to look a row up."""
        return hash((self.pk, self.shown, self.tally, self.blocked, self.day, self.days))


def rows_of(listed: Sequence[Columns], now: datetime) -> list[Row]:
    """Launches in words: nothing is left for the template to work out."""
    utc, locale = now.astimezone(UTC).date(), locales.current()
    zones = {one.zone for one in listed}
    days = {zone: now.astimezone(ZoneInfo(zone)).date() for zone in zones}
    return [_row(one, days[one.zone], utc, locale) for one in listed]


@lru_cache(maxsize=KEPT)
def _row(one: Columns, today: date, utc: date, locale: locales.Locale) -> Row:
    """The same columns on the same day, where it is launched, are the same row to a locale."""
    on = one.launch_at.astimezone(ZoneInfo(one.zone)).date()
    days = (on - today).days
    return Row(
        pk=one.pk,
        name=one.name,
        team=one.team,
        shape=NOT_ASSESSABLE if one.verdict == NOT_ASSESSABLE else SHAPES[Outcome(one.outcome)],
        title=title_of(one.version, one.verdict),
        tally=f"{one.checked} of {one.counted}",
        shown=locale.number(one.shown),
        tiles=_sections(one.version, one.sections)[1],
        must_haves=one.holds,
        blocked=one.blocked,
        lead=person_of(one.lead, one.email),
        day=_weekday(on, locale),
        days=_countdown(days),
        tone=_tone(days, one.outcome),
        trend=trend_of(one.read, one.score, utc),
        at=int(one.launch_at.timestamp()),
        score="" if one.score is None else f"{one.score.normalize():f}",
    )


def title_of(pk: int, verdict: str) -> str:
    """What a version calls a verdict."""
    scheme = pinned(pk).scheme
    return next((band.title for band in scheme.bands if band.key == verdict), NO_VERDICT)


@lru_cache(maxsize=KEPT)
def _sections(version: int, read: str) -> tuple[tuple[str, ...], tuple[Tile, ...]]:
    """The keys of a launch's sections, and their tiles."""
    titles, said = _section_titles(version), json.loads(read)
    return tuple([one["key"] for one in said]), tuple(
        [Tile(titles[one["key"]], one["left"], one["counted"], one["blocked"]) for one in said]
    )


@lru_cache(maxsize=64)
def _section_titles(pk: int) -> dict[str, str]:
    return {one.key: one.title for one in pinned(pk).sections}


@lru_cache(maxsize=2_000)
def person_of(name: str, email: str) -> Person:
    """The face of a person."""
    person = User(name=name, email=email)
    return Person(name, person.initials, person.hue)


@lru_cache(maxsize=1_024)
def _weekday(on: date, locale: locales.Locale) -> str:
    return locale.weekday(on)


def _countdown(days: int) -> str:
    if abs(days) < 2:
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def _tone(days: int, outcome: str) -> str:
    """How pressing a date is, for a launch that may not go as it is."""
    if outcome == Outcome.NO_GO.value and 0 <= days < SOON.days:
        return "late"
    if outcome != Outcome.GO.value and 0 <= days < SOON.days // 2:
        return "soon"
    return ""


def sections_of(listed: Iterable[Columns]) -> tuple[tuple[str, str], ...]:
    """The titles and icons of the sections that all these launches have; none if they differ."""
    shapes = {_sections(one.version, one.sections)[0]: one.version for one in listed}
    if len(shapes) != 1:
        return ()
    ((keys, version),) = shapes.items()
    titles = _section_titles(version)
    return tuple((titles[key], ICONS.get(key, NO_ICON)) for key in keys)
