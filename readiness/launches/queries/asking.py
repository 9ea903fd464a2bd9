"""What the dashboard asks the database, so that each part walks along an index."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Exists,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Collate, Lower

from readiness.accounts.models import Membership, Team, User
from readiness.accounts.permissions import Action, grants, roles_for
from readiness.checklists.models import Band
from readiness.launches.models import Launch, LaunchApprover
from readiness.launches.models.launches import LaunchQuerySet
from readiness.launches.queries.launch_rows import READ, SOON, Columns
from readiness.launches.queries.listing import Place, Sort, Stretch, stretches
from readiness.launches.queries.statements import Statement
from readiness.rules.scheme import NOT_ASSESSABLE, Outcome

CAP, TEAMS, FEW_TEAMS, WAITING = 999, 100, 40, 5
LISTED, OVERTOOK = "listed", "overtaken"
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


class Capped(Subquery):
    """How many rows there are, but never counting on beyond the cap."""

    template = "(SELECT count(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


class Shape(NamedTuple):
    """All on which the text of the statements depends; the rest are values."""

    sees_everything: bool
    has_few_teams: bool
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


class Answers(NamedTuple):
    """What the database answered: launches by part, numbers by band, teams."""

    launches: list[Columns]
    counts: list[tuple]
    teams: list[tuple]


def ask(user: User, filters: Filters, *, now: datetime, page: int, in_full: bool) -> Answers:
    """Three statements: the teams, the launches in all their parts, the numbers."""
    teams = _teams(user.is_site_admin).run({PERSON: user.pk})
    sees_everything = user.is_site_admin or any(is_everywhere for *_, is_everywhere in teams)
    shape = Shape(
        sees_everything=sees_everything,
        has_few_teams=not sees_everything and len(teams) <= FEW_TEAMS,
        sort=filters.sort,
        after=filters.after.stretch if filters.after else None,
        has_verdict=bool(filters.verdict),
        has_team=bool(filters.team),
        words=len(filters.words.split()),
        page=page,
        in_full=in_full,
    )
    statements, values = _statements(shape), _values(user, filters, now)
    found = [Columns.read(row) for row in statements.launches.run(values)]
    return Answers(found, statements.counts.run(values), [tuple(row[:3]) for row in teams])


def _values(user: User, filters: Filters, now: datetime) -> dict[Any, Any]:
    """What stands in the places of the stand-ins."""
    values: dict[object, Any] = {
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
    """The statements of all pages of one shape, written with stand-ins.

    Who reads every team needs no filter, as little as a site admin.
    """
    user = User(pk=PERSON, is_site_admin=shape.sees_everything)
    after = Place(shape.after, VALUES.get(shape.after, TIME), PK) if shape.after else None
    filters = Filters(
        today=TODAY,
        verdict=VERDICT if shape.has_verdict else "",
        team=TEAM if shape.has_team else None,
        words=" ".join(f"word{n}" for n in range(shape.words)),
        sort=shape.sort,
        after=after,
    )
    overtaken = _narrowed(_seen(user), filters).due_for_judging(NOW).order_by("next_change")
    overtaken = overtaken[:OVERTAKEN]
    steady = _narrowed(_running(), filters).exclude(pk__in=overtaken.values("pk"))
    ways = _ways(steady, user)
    if shape.has_few_teams:
        parts = _parts_by_team(ways, user, filters, shape.page)
    else:
        parts = _parts({"": steady.visible_to(user)}, filters, shape.page)
    parts[OVERTOOK] = overtaken
    if shape.in_full:
        parts |= _waiting_parts(_seen(user), user)
    return Statements(
        Statement.of(_joined(parts)),
        Statement.of(_numbers(ways)),
    )


def _running() -> LaunchQuerySet:
    return Launch.objects.running().annotate(sort_name=Collate(Lower("name"), "C"))


def _seen(user: User) -> LaunchQuerySet:
    """The running launches the person may see."""
    return _running().visible_to(user)


def _ways(launches: LaunchQuerySet, user: User) -> tuple[LaunchQuerySet, ...]:
    """Those the person may see: in the teams they read, and apart the others that they lead.

    One filter says the same, but asks each launch in turn; either way walks along an index.
    """
    teams = _seen_teams(user).values("pk")
    in_teams = launches.filter(team__in=teams)
    if user.is_site_admin:
        return (in_teams,)
    return in_teams, launches.visible_to(user).filter(lead=user).exclude(team__in=teams)


def _narrowed(launches: LaunchQuerySet, filters: Filters) -> LaunchQuerySet:
    """What the person asked for, whatever the verdict."""
    if filters.team:
        launches = launches.filter(team=filters.team)
    for word in filters.words.split():
        launches = launches.filter(Q(name__iregex=word) | Q(model__iregex=word))
    return launches


def _parts(ways: Mapping[str, LaunchQuerySet], filters: Filters, page: int) -> dict[str, Any]:
    """A page of each stretch of the list, by each way."""
    parts = {}
    for name, way in ways.items():
        rows = way.filter(verdict=filters.verdict) if filters.verdict else way
        for stretch, found in stretches(rows, filters.sort, filters.after, filters.today):
            parts[f"{LISTED} {stretch} {name}"] = found[: page + 1]
    return parts


def _parts_by_team(
    ways: Sequence[LaunchQuerySet], user: User, filters: Filters, page: int
) -> dict[str, Any]:
    """The same for who reads few teams among many: a page of each team, then the first of those."""
    of_one_team = _parts({"": ways[0].filter(team=OuterRef("pk"))}, filters, page)
    parts = _parts({f"{n}": way for n, way in enumerate(ways[1:])}, filters, page)
    for name, rows in of_one_team.items():
        pages = Func(ArraySubquery(rows.values("pk")), function="unnest")
        pks = _seen_teams(user).annotate(first=pages).values("first")
        order = rows.query.order_by
        parts[name] = _running().filter(pk__in=pks).order_by(*order)[: page + 1]
    return parts


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


def _numbers(ways: Sequence[LaunchQuerySet]) -> Any:
    """How many launches have each verdict, for every band that a launch may have.

    Team by team along the index on (team, verdict), and no further than the cap.
    """

    def number(verdict: object) -> Any:
        of_verdict = (way.order_by().filter(verdict=verdict).values("pk") for way in ways)
        first, *others = (Capped(way[: CAP + 1]) for way in of_verdict)
        return first + others[0] if others else first

    used = Band.objects.filter(Exists(Launch.objects.filter(version=OuterRef("version"))))
    firsts = used.order_by().values("key").annotate(first=Min("pk")).values("first")
    bands = Band.objects.filter(pk__in=firsts).order_by("pk")
    bands = bands.annotate(n=number(OuterRef("key")), none=number(NOT_ASSESSABLE))
    return bands.values_list("key", "title", "outcome", "n", "none")


def _seen_teams(user: User) -> "QuerySet[Team]":
    return Team.objects.filter(grants(user, Action.LAUNCH_VIEW, team="pk", lead=""))


@lru_cache(maxsize=2)
def _teams(is_site_admin: bool) -> Statement:  # noqa: FBT001
    """The teams to filter by, and whether the person may open a launch in each."""
    user = User(pk=PERSON, is_site_admin=is_site_admin)
    opens = grants(user, Action.LAUNCH_OPEN, team="pk", lead="")
    everywhere = Membership.objects.filter(
        person=PERSON, team=None, role__in=roles_for(Action.LAUNCH_VIEW)
    )
    rows = _seen_teams(user).annotate(opens=opens, is_everywhere=Exists(everywhere))
    return Statement.of(
        rows.order_by("name").values_list("pk", "name", "opens", "is_everywhere")[:TEAMS]
    )
