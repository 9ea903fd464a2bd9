"""The dashboard: launches in pages, how many there are of each verdict, what waits for whom."""

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from readiness.accounts.models import User
from readiness.launches.models import Launch
from readiness.launches.queries.asking import (
    ASKED,
    DECIDED,
    LED,
    LISTED,
    OVERTOOK,
    WAITING,
    ask,
)
from readiness.launches.queries.columns import columns_of
from readiness.launches.queries.facts import facts_of_many
from readiness.launches.queries.filtering import Filters, is_wanted
from readiness.launches.queries.launch_rows import (
    NO_VERDICT,
    USUAL,
    Columns,
    Row,
    rows_of,
    sections_of,
)
from readiness.launches.queries.listing import (
    Place,
    Sort,
    Stretch,
    key_of,
    place_from,
    stretch_of,
    value_of,
)
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.runway import REACH
from readiness.launches.queries.trend import fell
from readiness.launches.queries.verdict_counts import CAP
from readiness.launches.queries.views import Pinned, View
from readiness.rules.scheme import DEFAULT, NOT_ASSESSABLE, Outcome
from readiness.rules.verdict import judge
from readiness.web import locales

PAGE, CHUNK = 50, 500


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A verdict to filter by, with the number of launches that have it."""

    key: str
    title: str
    shape: str
    number: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the runway shows: points as they were read, and launches judged just now."""

    read: str
    judged: tuple[Columns, ...]
    today: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that the page shows; `following` is the place where the next page begins."""

    groups: tuple[Group, ...]
    is_whole: bool
    following: str
    counts: tuple[Count, ...]
    is_capped: bool
    teams: tuple[tuple[int, str], ...]
    versions: tuple[int, ...]
    views: tuple[View, ...]
    pins: tuple[Pinned, ...]
    may_open: bool
    sees_everything: bool
    asked: tuple[Row, ...]
    waiting: tuple[Row, ...]
    chart: Chart | None
    sections: tuple[tuple[str, str], ...]
    filters_on: tuple[str, ...]


def dashboard(user: User, filters: Filters, *, now: datetime, in_full: bool = True) -> Dashboard:
    """The page, or without `in_full` only the table and its counts."""
    found, points, numbers, others = ask(user, filters, now=now, page=PAGE, in_full=in_full)
    fresh = _judged(found[OVERTOOK], now)
    judged = [one for one in fresh if _is_wanted(one, filters, now)]
    listed, following = _page(found[LISTED], judged, filters, PAGE)
    rows = [*zip(listed, rows_of(listed, now), strict=True)]
    counts = _counts(numbers, judged)
    anew = {one.pk: one for one in fresh}
    asked = [anew.get(one.pk, one) for one in found[ASKED]]
    asked.sort(key=lambda one: (one.launch_at, one.pk))
    return Dashboard(
        groups=_groups(rows, filters, now),
        is_whole=filters.after is None and not following,
        following=following,
        counts=counts,
        is_capped=counts[0].number == _capped(CAP + 1),
        teams=tuple((pk, name) for pk, name, _ in others.teams),
        versions=others.versions,
        views=others.views,
        pins=others.pins,
        may_open=any(may for *_, may in others.teams),
        sees_everything=others.sees_everything,
        asked=tuple(rows_of(asked, now)),
        waiting=_waiting([*found[LED], *found[DECIDED]], fresh, now, {one.pk for one in asked}),
        chart=_chart(points, fresh, filters) if in_full and filters.after is None else None,
        sections=sections_of(listed),
        filters_on=_names(filters, counts, others.teams),
    )


def pages_of(user: User, filters: Filters, *, now: datetime) -> Iterator[list[Columns]]:
    """All launches asked for, a chunk after another, each from where the last one ended."""
    while True:
        found = ask(user, filters, now=now, page=CHUNK, in_full=False).launches
        judged = [one for one in _judged(found[OVERTOOK], now) if _is_wanted(one, filters, now)]
        listed, following = _page(found[LISTED], judged, filters, CHUNK)
        yield listed
        after = place_from(following, filters.sort)
        if after is None:
            return
        filters = replace(filters, after=after)


def _judged(overtaken: Sequence[Columns], now: datetime) -> list[Columns]:
    """Launches whose stored verdict time has overtaken, judged as of now; nothing is written."""
    if not overtaken:
        return []
    launches = Launch.objects.filter(pk__in=[one.pk for one in overtaken])
    facts = facts_of_many(launches, now)
    found = []
    for one in overtaken:
        version = pinned(one.version)
        verdict = judge([fact.item for fact in facts[one.pk]], version.scheme, now)
        columns = columns_of(verdict, facts[one.pk], version, now)
        columns["sections"] = json.dumps(columns["sections"])
        found.append(one._replace(**{k: v for k, v in columns.items() if k in Columns._fields}))
    return found


def _is_wanted(one: Columns, filters: Filters, now: datetime) -> bool:
    falls = filters.is_falling and fell(one.read, one.score, now)
    return is_wanted(filters, holds=one.holds, outcome=one.outcome, falls=falls)


def _page(
    found: Sequence[Columns], judged: Sequence[Columns], filters: Filters, size: int
) -> tuple[list[Columns], str]:
    """The launches of this page, and the place where the next one begins, if there is one."""
    fresh = (one for one in judged if filters.verdict in ("", one.verdict))
    after = filters.after
    fresh = (one for one in fresh if after is None or _place(one, filters).key > after.key)
    listed = sorted([*found, *fresh], key=lambda one: key_of(*_where(one, filters)))
    following = str(_place(listed[size - 1], filters)) if len(listed) > size else ""
    return listed[:size], following


def _place(one: Columns, filters: Filters) -> Place:
    return Place(*_where(one, filters))


def _where(one: Columns, filters: Filters) -> tuple[Stretch, datetime | Decimal | str | None, int]:
    """The stretch a launch is in, what it is sorted by there, and its id."""
    stretch = stretch_of(filters.sort, one.launch_at, one.score, filters.today)
    return stretch, value_of(stretch, one.launch_at, one.score, one.sort_name), one.pk


def _counts(found: Iterable[tuple], judged: Iterable[Columns]) -> tuple[Count, ...]:
    """The usual three verdicts, and others where there are some."""
    titles = {band.key: (band.title, band.outcome.value) for band in DEFAULT}
    numbers = dict.fromkeys(USUAL, 0)
    for _, key, title, outcome, _, having, lacking, *_ in found:
        titles.setdefault(key, (title, outcome))
        numbers[key], numbers[NOT_ASSESSABLE] = having, lacking
    for one in judged:
        numbers[one.verdict] = numbers.get(one.verdict, 0) + 1
    titles[NOT_ASSESSABLE] = (NO_VERDICT, NOT_ASSESSABLE)
    shown = [key for key in numbers if numbers[key] or key in USUAL]
    total = sum(min(number, CAP + 1) for number in numbers.values())
    return (
        Count("", "All", "", _capped(total)),
        *(Count(key, *titles[key], _capped(numbers[key])) for key in shown),
    )


def _capped(number: int) -> str:
    return str(number) if number <= CAP else f"{CAP}+"


def _names(filters: Filters, counts: Iterable[Count], teams: Iterable[tuple]) -> tuple[str, ...]:
    """The filters that are on, in words."""
    verdicts = [one.title for one in counts if one.key == filters.verdict != ""]
    named = (name for pk, name, _ in teams if pk == filters.team)
    return (*verdicts, *named, *filters.more)


def _waiting(
    mine: Iterable[Columns], judged: Iterable[Columns], now: datetime, told: Container[int]
) -> tuple[Row, ...]:
    """Launches that may not go as they are, but for those that are told of already."""
    fresh = {one.pk: one for one in judged}
    mine = [fresh.get(one.pk, one) for one in mine]
    lacking = (one for one in mine if one.holds or one.outcome == Outcome.NO_GO.value)
    still = [one for one in lacking if one.pk not in told]
    still.sort(key=lambda one: (one.launch_at, one.pk))
    return tuple(rows_of(still[:WAITING], now))


def _chart(points: str, fresh: Sequence[Columns], filters: Filters) -> Chart:
    """Nothing in it changes but with the launches and the day: so it is drawn once."""
    until = filters.today + REACH
    near = (one for one in fresh if filters.today <= one.launch_at <= until)
    return Chart(points, tuple(near), filters.today, until)


def _groups(
    rows: Sequence[tuple[Columns, Row]], filters: Filters, now: datetime
) -> tuple[Group, ...]:
    """By time when sorted by date, else all together."""
    titled: dict[str, list[Row]] = {}
    for one, row in rows:
        title = _when(one.launch_at, filters.today) if filters.sort is Sort.DATE else ""
        titled.setdefault(title, []).append(row)
    return tuple(Group(title, tuple(listed)) for title, listed in titled.items())


def _when(launch_at: datetime, midnight: datetime) -> str:
    """This week and next, the months until the end of the next one, later, past."""
    if launch_at < midnight:
        return "Past"
    return _title(launch_at.astimezone(midnight.tzinfo).date(), midnight.date(), locales.current())


@lru_cache(maxsize=1_024)
def _title(on: date, today: date, locale: locales.Locale) -> str:
    if on <= locale.end_of_week(today) + timedelta(days=7):
        return "This week and next"
    months = (on.year - today.year) * 12 + on.month - today.month
    if months > 1:
        return "Later"
    return f"{on:%B}" if on.year == today.year else f"{on:%B} {on.year}"
