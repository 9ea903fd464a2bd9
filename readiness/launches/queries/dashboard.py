"""The dashboard: launches in pages, how many there are of each verdict, what waits for whom."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import (
    CharField,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Collate, Lower

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, grants
from readiness.checklists.models import Band
from readiness.launches.models import Launch, LaunchApprover
from readiness.launches.models.launches import LaunchQuerySet
from readiness.launches.queries.columns import columns_of
from readiness.launches.queries.facts import facts_of_many
from readiness.launches.queries.launch_rows import (
    NO_VERDICT,
    READ,
    SOON,
    USUAL,
    Columns,
    Row,
    row_of,
    sections_of,
)
from readiness.launches.queries.listing import (
    Place,
    Sort,
    Stretch,
    stretch_of,
    stretches,
    value_of,
)
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.statements import Statement
from readiness.rules.scheme import DEFAULT, NOT_ASSESSABLE, Outcome
from readiness.rules.verdict import judge

PAGE, CAP, TEAMS, WAITING = 50, 999, 100, 5
OVERTAKEN = 200  # the rest shows what was stored, for the minute until beat has judged it


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person asked to see. `today` is when their day began."""

    today: datetime
    verdict: str = ""
    team: int | None = None
    words: str = ""
    sort: Sort = Sort.DATE
    after: Place | None = None

    @property
    def are_on(self) -> bool:
        return bool(self.verdict or self.team or self.words)


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
class Dashboard:
    """All that the page shows; `following` is the place where the next page begins."""

    groups: tuple[Group, ...]
    is_whole: bool
    following: str
    counts: tuple[Count, ...]
    teams: tuple[tuple[int, str], ...]
    may_open: bool
    waiting: tuple[Row, ...]
    sections: tuple[tuple[str, str], ...]
    filters_on: tuple[str, ...]


class Capped(Subquery):
    """How many rows there are, but never counting on beyond the cap."""

    template = "(SELECT count(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


class Shape(NamedTuple):
    """All on which the text of the statements depends; the rest are values."""

    is_site_admin: bool
    sort: Sort
    after: Stretch | None
    has_verdict: bool
    has_team: bool
    words: int
    page: int
    in_full: bool


# Stand-ins for the values of a reader, in the statements of a shape.
PERSON, TEAM, PK, VERDICT, NAME, SCORE = -101, -102, -103, "a-verdict", "a-name", Decimal("-1.5")
NOW, TODAY, TIME = (datetime(year, 1, 1, tzinfo=UTC) for year in (1971, 1972, 1973))
VALUES = {Stretch.SCORED: SCORE, Stretch.UNSCORED: None, Stretch.NAMED: NAME}


class Statements(NamedTuple):
    """What one page asks the database."""

    launches: Statement
    counts: Statement
    teams: Statement


def dashboard(user: User, filters: Filters, *, now: datetime, in_full: bool = True) -> Dashboard:
    """The page, or without `in_full` only the table and its counts."""
    shape = Shape(
        is_site_admin=user.is_site_admin,
        sort=filters.sort,
        after=filters.after.stretch if filters.after else None,
        has_verdict=bool(filters.verdict),
        has_team=bool(filters.team),
        words=len(filters.words.split()),
        page=PAGE,
        in_full=in_full,
    )
    statements, values = _statements(shape), _values(user, filters, now)
    found = [Columns.read(row) for row in statements.launches.run(values)]
    judged = _judged([one for one in found if one.part == "overtaken"], now)
    listed, following = _page(found, judged, filters)
    rows = [(one, row_of(one, now)) for one in listed]
    counts = _counts(statements.counts.run(values), judged)
    teams = statements.teams.run(values)
    return Dashboard(
        groups=_groups(rows, filters, now),
        is_whole=filters.after is None and not following,
        following=following,
        counts=counts,
        teams=tuple((pk, name) for pk, name, _ in teams),
        may_open=any(may for *_, may in teams),
        waiting=_waiting(found, judged, now),
        sections=sections_of(listed),
        filters_on=_names(filters, counts, teams),
    )


def _values(user: User, filters: Filters, now: datetime) -> dict[Any, Any]:
    """What stands in the places of the stand-ins."""
    values = {
        PERSON: user.pk,
        TEAM: filters.team,
        VERDICT: filters.verdict,
        NOW: now,
        NOW - SOON: now - SOON,
        NOW + SOON: now + SOON,
        TODAY: filters.today,
    }
    # ~* walks the trigram index, LIKE on upper() cannot
    values |= {f"word{n}": re.escape(word) for n, word in enumerate(filters.words.split())}
    if filters.after:
        values |= {
            PK: filters.after.pk,
            VALUES.get(filters.after.stretch, TIME): filters.after.value,
        }
    return values


@lru_cache(maxsize=512)
def _statements(shape: Shape) -> Statements:
    """The statements of all pages of one shape, written with stand-ins."""
    user = User(pk=PERSON, is_site_admin=shape.is_site_admin)
    after = Place(shape.after, VALUES.get(shape.after, TIME), PK) if shape.after else None
    filters = Filters(
        today=TODAY,
        verdict=VERDICT if shape.has_verdict else "",
        team=TEAM if shape.has_team else None,
        words=" ".join(f"word{n}" for n in range(shape.words)),
        sort=shape.sort,
        after=after,
    )
    narrowed = _narrowed(_seen(user), filters)
    overtaken = narrowed.due_for_judging(NOW).order_by("next_change")[:OVERTAKEN]
    steady = narrowed.exclude(pk__in=overtaken.values("pk"))
    parts = _list_parts(steady, filters, shape.page) | {"overtaken": overtaken}
    if shape.in_full:
        parts |= _waiting_parts(_seen(user), user)
    return Statements(
        Statement.of(_joined(parts)),
        Statement.of(_numbers(user, filters, overtaken)),
        Statement.of(_teams(user)),
    )


def _seen(user: User) -> LaunchQuerySet:
    """The running launches the person may see."""
    launches = Launch.objects.visible_to(user).running()
    return launches.annotate(sort_name=Collate(Lower("name"), "C"))


def _narrowed(launches: LaunchQuerySet, filters: Filters) -> LaunchQuerySet:
    """What the person asked for, whatever the verdict."""
    if filters.team:
        launches = launches.filter(team=filters.team)
    for word in filters.words.split():
        launches = launches.filter(Q(name__iregex=word) | Q(model__iregex=word))
    return launches


def _list_parts(steady: LaunchQuerySet, filters: Filters, page: int) -> dict[str, Any]:
    rows = steady.filter(verdict=filters.verdict) if filters.verdict else steady
    ways = stretches(rows, filters.sort, filters.after, filters.today)
    return {str(stretch): way[: page + 1] for stretch, way in ways}


def _waiting_parts(seen: LaunchQuerySet, user: User) -> dict[str, Any]:
    """Launches near their date that the person answers for, and that may not go as they are."""
    near = seen.filter(launch_at__gt=NOW - SOON, launch_at__lte=NOW + SOON)
    near = near.filter(Q(holds__gt=0) | Q(outcome=Outcome.NO_GO.value)).order_by("launch_at", "pk")
    decides = LaunchApprover.objects.filter(launch=OuterRef("pk"), person=user)
    return {
        "led": near.filter(lead=user)[:WAITING],
        "decided": near.filter(Exists(decides)).exclude(lead=user)[:WAITING],
    }


def _joined(parts: Mapping[str, Any]) -> Any:
    """All parts in one statement."""
    first, *others = (
        part.annotate(part=Value(name, output_field=CharField())).values_list(*READ)
        for name, part in parts.items()
    )
    return first.union(*others, all=True)


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
        found.append(one._replace(**{k: v for k, v in columns.items() if k in Columns._fields}))
    return found


def _page(
    found: Sequence[Columns], judged: Sequence[Columns], filters: Filters
) -> tuple[list[Columns], str]:
    """The launches of this page, and the place where the next one begins, if there is one."""
    listed = {_place(one, filters): one for one in found if one.part in [*Stretch]}
    for one in judged:
        place = _place(one, filters)
        is_wanted = filters.verdict in ("", one.verdict)
        if is_wanted and (filters.after is None or place.key > filters.after.key):
            listed[place] = one
    places = sorted(listed, key=lambda place: place.key)
    following = str(places[PAGE - 1]) if len(places) > PAGE else ""
    return [listed[place] for place in places[:PAGE]], following


def _place(one: Columns, filters: Filters) -> Place:
    stretch = stretch_of(filters.sort, one.launch_at, one.score, filters.today)
    return Place(stretch, value_of(stretch, one.launch_at, one.score, one.sort_name), one.pk)


def _numbers(user: User, filters: Filters, overtaken: LaunchQuerySet) -> Any:
    """How many launches have each verdict, for every band that a launch may have.

    Team by team along the index on (team, verdict), and no further than the cap; those that
    a person sees as their lead only are counted apart, so that the walk stays one.
    """
    teams = _seen_teams(user).values("pk")
    led = Launch.objects.filter(lead=user).order_by("pk").values("pk")[: CAP + 1]
    steady = _narrowed(Launch.objects.running(), filters).exclude(pk__in=overtaken.values("pk"))
    ways = (
        steady.filter(team__in=teams),
        steady.visible_to(user).filter(pk__in=led).exclude(team__in=teams),
    )

    def number(verdict: object) -> CombinedExpression:
        in_teams, as_lead = (way.order_by().filter(verdict=verdict) for way in ways)
        return Capped(in_teams.values("pk")[: CAP + 1]) + Capped(as_lead.values("pk")[: CAP + 1])

    used = Band.objects.filter(Exists(Launch.objects.filter(version=OuterRef("version"))))
    firsts = used.order_by().values("key").annotate(first=Min("pk")).values("first")
    bands = Band.objects.filter(pk__in=firsts).order_by("pk")
    bands = bands.annotate(n=number(OuterRef("key")), none=number(NOT_ASSESSABLE))
    return bands.values_list("key", "title", "outcome", "n", "none")


def _counts(found: Iterable[tuple], judged: Iterable[Columns]) -> tuple[Count, ...]:
    """The usual three verdicts, and others where there are some."""
    titles = {band.key: (band.title, band.outcome.value) for band in DEFAULT}
    numbers = dict.fromkeys(USUAL, 0)
    for key, title, outcome, having, lacking in found:
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


def _seen_teams(user: User) -> "QuerySet[Team]":
    return Team.objects.filter(grants(user, Action.LAUNCH_VIEW, team="pk", lead=""))


def _teams(user: User) -> Any:
    """The teams to filter by, and whether the person may open a launch in each."""
    opens = grants(user, Action.LAUNCH_OPEN, team="pk", lead="")
    rows = _seen_teams(user).annotate(opens=opens).order_by("name")
    return rows.values_list("pk", "name", "opens")[:TEAMS]


def _names(filters: Filters, counts: Iterable[Count], teams: Iterable[tuple]) -> tuple[str, ...]:
    """The filters that are on, in words."""
    verdicts = [one.title for one in counts if one.key == filters.verdict != ""]
    return (*verdicts, *(name for pk, name, _ in teams if pk == filters.team))


def _waiting(found: Iterable[Columns], judged: Iterable[Columns], now: datetime) -> tuple[Row, ...]:
    fresh = {one.pk: one for one in judged}
    mine = [fresh.get(one.pk, one) for one in found if one.part in ("led", "decided")]
    still = [one for one in mine if one.holds or one.outcome == Outcome.NO_GO.value]
    still.sort(key=lambda one: (one.launch_at, one.pk))
    return tuple(row_of(one, now) for one in still[:WAITING])


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
    on, today = launch_at.astimezone(midnight.tzinfo).date(), midnight.date()
    if on < today + timedelta(days=14 - today.weekday()):
        return "This week and next"
    months = (on.year - today.year) * 12 + on.month - today.month
    if months > 1:
        return "Later"
    return f"{on:%B}" if on.year == today.year else f"{on:%B} {on.year}"


def start_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """When the day that is now began in a zone."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)
