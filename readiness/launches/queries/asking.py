"""What the dashboard asks the database, so that each part walks along an index."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate, Lower

from readiness.accounts.models import User
from readiness.launches.models import (
    Decision,
    DecisionSignature,
    Guest,
    Launch,
    LaunchApprover,
)
from readiness.launches.models.launches import LaunchQuerySet, Stage
from readiness.launches.queries import filtering, gathering, runway, trend
from readiness.launches.queries.filtering import A_DAY, A_WEEK, NOW, PERSON, Filters, Wishes, plain
from readiness.launches.queries.launch_rows import SOON, USUAL, Columns
from readiness.launches.queries.listing import Place, Sort, Stretch, start_of_day, stretches
from readiness.launches.queries.verdict_counts import NUMBERED, NUMBERS, USED, bands_in_use, numbers
from readiness.launches.queries.views import Beside, beside, seen_teams
from readiness.rules.scheme import NOT_ASSESSABLE, Outcome
from readiness.web.statements import Statement

FEW_TEAMS, WAITING = 40, 5
MOST_WORDS = 60
LISTED, OVERTOOK, LED, DECIDED, ASKED = "listed", "overtaken", "led", "decided", "asked"
PARTS = (LISTED, OVERTOOK, LED, DECIDED, ASKED)
RUNWAY = "runway"
OVERTAKEN = 200  # the rest shows what was stored, for the minute until beat has judged it


Stretches = dict[Stretch, list[Any]]


class Shape(NamedTuple):
    """All on which the text of the statements depends; the rest are values.

    A usual verdict is part of it: how rare one is decides on the way that PostgreSQL takes.
    Whether what has the words is gathered first is known by the words, and by having tried.
    """

    sees_everything: bool
    is_guest: bool
    has_few_teams: bool
    sort: Sort
    after: Stretch | None
    verdict: str
    has_team: bool
    words: int
    gathers: bool
    wishes: Wishes
    page: int


# Stand-ins for the values of a reader, in the statements of a shape.
TEAM, PK, VERDICT, NAME, SCORE = -102, -103, "a-verdict", "a-name", Decimal("-1.5")
TODAY, TIME = (datetime(year, 1, 1, tzinfo=UTC) for year in (1972, 1973))
VALUES = {Stretch.SCORED: SCORE, Stretch.UNSCORED: None, Stretch.NAMED: NAME}
WORDS = tuple(f"word-{n}" for n in range(MOST_WORDS))
STAND_INS = frozenset(
    {TEAM, PK, VERDICT, NAME, SCORE, NOW - SOON, NOW + SOON, TODAY, TIME, *WORDS}
    | filtering.WISHES
    | {trend.SINCE}
)
TELLING = frozenset({VERDICT, *WORDS})
KNOWN_VERDICTS = ("", *USUAL, NOT_ASSESSABLE)


# Ids are found first, each along its index, then each launch is read by its own: without
# OFFSET PostgreSQL would rather read all launches than as many as it expects. Teams and people
# are joined to all of them at once, behind another, lest all of few are read for each launch.
LAUNCHES = """
WITH {}
SELECT l.part, l.id, l.name, l.verdict, l.outcome, l.shown, l.checked, l.counted, l.holds,
       l.blocked, l.sections, l.score, l.launch_at, l.zone, lower(l.name) COLLATE "C", t.name,
       u.name, u.email, l.version_id, {}
FROM (
    SELECT found.part, one.* FROM found CROSS JOIN LATERAL (
        SELECT id, name, verdict, outcome, shown, checked, counted, holds, blocked, sections, score,
               launch_at, zone, team_id, lead_id, version_id
        FROM launches_launch WHERE id = found.id OFFSET 0
    ) one OFFSET 0
) l
JOIN accounts_team t ON t.id = l.team_id
JOIN accounts_user u ON u.id = l.lead_id
{}
"""
FOUND = """
overtaken (id) AS MATERIALIZED ({}), first (id) AS MATERIALIZED ({}), found (part, id) AS (
    SELECT 'listed', id FROM first
    UNION ALL SELECT 'overtaken', id FROM overtaken
"""
LATER = " UNION ALL SELECT 'listed', * FROM ({}) ids"
NOT_YET_FULL = "SELECT * FROM ({}) later WHERE (SELECT count(*) FROM first) <= {}"
WAITS = """
found (part, id) AS (
    SELECT 'led', * FROM ({}) led UNION ALL SELECT 'decided', * FROM ({}) decided
    UNION ALL SELECT 'asked', * FROM ({}) asked
) {}
"""
NOTHING = Statement("", (), is_kept=True)
NO_TREND = Statement("''", (), is_kept=True)
TREND = Statement(
    trend.TREND.format(since="(SELECT %s)", most=trend.MOST),
    (trend.SINCE, trend.SINCE),
    is_kept=True,
)
POINTS = Statement(runway.POINTS.format(before="(SELECT %s)"), (runway.BEFORE,), is_kept=True)


class Answers(NamedTuple):
    """What the database answered: launches by part, points of the chart, numbers by band."""

    launches: dict[str, list[Columns]]
    points: str
    counts: list[tuple]
    beside: Beside


def ask(user: User, filters: Filters, *, now: datetime, page: int, in_full: bool) -> Answers:
    """What stands beside, the list with its numbers; of a whole page also what is near."""
    others, words = beside(user), filters.words.split()
    shape = Shape(
        sees_everything=others.sees_everything,
        is_guest=user.is_guest,
        has_few_teams=not others.sees_everything
        and (user.is_guest or len(others.teams) <= FEW_TEAMS),
        sort=filters.sort,
        after=filters.after.stretch if filters.after else None,
        verdict=filters.verdict if filters.verdict in KNOWN_VERDICTS else VERDICT,
        has_team=bool(filters.team),
        words=len(words),
        gathers=gathering.is_quick(words),
        wishes=filtering.wishes_of(filters),
        page=page,
    )
    values = _values(user, filters, now)
    parts = _answered(_whole(shape) if in_full else (_listing(shape),), values)
    if gathering.TOO_MANY in parts:
        listing = _listing(shape._replace(gathers=False))
        parts |= {LISTED: [], OVERTOOK: [], NUMBERED: []} | _answered((listing,), values)
    return Answers(
        {part: [*map(Columns._make, parts.get(part, ()))] for part in PARTS},
        next((columns[1] or "" for columns in parts.get(RUNWAY, ())), ""),
        [tuple(columns) for columns in sorted(parts.get(NUMBERED, ()))],
        others,
    )


def _answered(
    statements: Iterable[Statement], values: Mapping[Any, Any]
) -> dict[str, list[list[Any]]]:
    """The rows by the part of the page that they are for."""
    parts: dict[str, list[list[Any]]] = {}
    for statement in statements:
        for part, *columns in statement.run(values):
            parts.setdefault(part, []).append(columns)
    return parts


def _values(user: User, filters: Filters, now: datetime) -> dict[Any, Any]:
    """What stands in the places of the stand-ins."""
    values: dict[object, Any] = {
        PERSON: user.pk,
        TEAM: filters.team,
        VERDICT: filters.verdict,
        NOW: now,
        NOW - SOON: now - SOON,
        NOW + SOON: now + SOON,
        runway.BEFORE: now - A_WEEK,
        trend.SINCE: start_of_day(now, UTC) - (trend.DAYS - 1) * A_DAY,
        TODAY: filters.today,
    }
    values |= filtering.values_of(filters)
    # ~* walks the trigram index, LIKE on upper() cannot
    values |= {WORDS[n]: plain(word) for n, word in enumerate(filters.words.split())}
    if filters.after:
        values |= {
            PK: filters.after.pk,
            VALUES.get(filters.after.stretch, TIME): filters.after.value,
        }
    return values


@lru_cache(maxsize=512)
def _listing(shape: Shape) -> Statement:
    """The list of all pages of one shape, and its numbers, written with stand-ins.

    Who reads every team needs no filter, as little as a site admin.
    """
    user = User(pk=PERSON, is_site_admin=shape.sees_everything)
    after = Place(shape.after, VALUES.get(shape.after, TIME), PK) if shape.after else None
    words = WORDS[: shape.words]
    filters = Filters(
        today=TODAY,
        verdict=shape.verdict,
        team=TEAM if shape.has_team else None,
        words="" if shape.gathers else " ".join(words),
        sort=shape.sort,
        after=after,
    )
    seen = _seen(user)
    if shape.is_guest:
        seen = seen | _running().filter(pk__in=_let_in(user))
    due = _narrowed(seen, filters, shape.wishes).due_for_judging(NOW)
    overtaken = _ids(due.order_by("next_change")[:OVERTAKEN])
    steady = filtering.judged_so(_narrowed(_running(), filters, shape.wishes), shape.wishes)
    steady = steady.exclude(pk__in=RawSQL("SELECT id FROM overtaken", ()))
    ways = ways_of(steady, user, is_guest=shape.is_guest)
    if shape.has_few_teams:
        listed = _listed_by_team(ways, user, filters, shape.page)
    else:
        listed = _listed([steady.visible_to(user)], filters, shape.page)
    found = _found(overtaken, listed, shape.page)
    counted = Statement.around(NUMBERS, _stated(numbers(ways)))
    if shape.gathers:
        having = filtering.searched(Launch.objects.all(), words)
        found = Statement.around("{}, {}", gathering.gathered(having, STAND_INS), found)
        counted = Statement.around("{} {}", counted, gathering.mark())
    bands = Statement.around(USED, _stated(bands_in_use()))
    return Statement.around(LAUNCHES, Statement.around("{}, {}", bands, found), TREND, counted)


@lru_cache(maxsize=512)
def _whole(shape: Shape) -> tuple[Statement, ...]:
    """The list, and what is near: at once, but where the list is planned for what is in it.

    What is near is the same whatever people look for, and need not be planned with it.
    """
    listing = _listing(shape)
    has_chart = shape.after is None
    near = _near(shape.sees_everything, shape.is_guest, shape.has_few_teams, has_chart)
    if listing.is_kept:
        return (Statement.around("({}) UNION ALL ({})", listing, near),)
    return listing, near


@lru_cache(maxsize=16)
def _near(
    sees_everything: bool,  # noqa: FBT001
    is_guest: bool,  # noqa: FBT001
    has_few_teams: bool,  # noqa: FBT001
    has_chart: bool,  # noqa: FBT001
) -> Statement:
    """What waits for a person, and the points of the chart, whatever the list is narrowed to."""
    user = User(pk=PERSON, is_site_admin=sees_everything)
    led, decided = _waiting(user)
    chart = partial(_runway, user, is_guest=is_guest, has_few_teams=has_few_teams)
    runs, points = chart() if has_chart else (NOTHING, NOTHING)
    waiting = Statement.around(WAITS, _ids(led), _ids(decided), _ids(_asked(user)), runs)
    return Statement.around(LAUNCHES, waiting, NO_TREND, points)


def _running() -> LaunchQuerySet:
    return Launch.objects.running().annotate(sort_name=Collate(Lower("name"), "C"))


def _seen(user: User) -> LaunchQuerySet:
    """The running launches the person may see."""
    return _running().visible_to(user)


def ways_of(launches: LaunchQuerySet, user: User, *, is_guest: bool) -> tuple[LaunchQuerySet, ...]:
    """Those the person may see: in the teams they read, and apart the others that they lead.

    One filter says the same, but asks each launch in turn; either way walks along an index. Who
    was ever a guest has a third way, to what lets them in.
    """
    if user.is_site_admin:
        return (launches,)
    teams = seen_teams(user).values("pk")
    in_teams = launches.filter(team__in=teams)
    led = launches.visible_to(user).filter(lead=user).exclude(team__in=teams)
    if not is_guest:
        return in_teams, led
    let_in = launches.filter(pk__in=_let_in(user)).exclude(team__in=teams)
    return in_teams, led, let_in.exclude(lead=user)


def _let_in(user: User) -> QuerySet[Any]:
    return Guest.objects.standing(NOW).filter(person=user).values("launch")


def _narrowed(launches: LaunchQuerySet, filters: Filters, wishes: Wishes) -> LaunchQuerySet:
    """What the person asked for, whatever the verdict."""
    if filters.team:
        launches = launches.filter(team=filters.team)
    launches = filtering.searched(launches, filters.words.split())
    return filtering.narrowed(launches, wishes)


def _listed(ways: Iterable[LaunchQuerySet], filters: Filters, page: int) -> Stretches:
    """A page of each stretch of the list, by each way."""
    found: Stretches = {}
    for way in ways:
        rows = way.filter(verdict=filters.verdict) if filters.verdict else way
        for stretch, ordered in stretches(rows, filters.sort, filters.after, filters.today):
            found.setdefault(stretch, []).append(ordered[: page + 1])
    return found


def _listed_by_team(
    ways: Sequence[LaunchQuerySet], user: User, filters: Filters, page: int
) -> Stretches:
    """The same for who reads few teams among many: a page of each team, then the first of those."""
    found = _listed(ways[1:], filters, page)
    of_one_team = _listed([ways[0].filter(team=OuterRef("pk"))], filters, page)
    for stretch, (rows,) in of_one_team.items():
        pages = Func(ArraySubquery(rows.values("pk")), function="unnest")
        pks = seen_teams(user).annotate(first=pages).values("first")
        order = rows.query.order_by
        found.setdefault(stretch, []).append(
            _running().filter(pk__in=pks).order_by(*order)[: page + 1]
        )
    return found


def _runway(user: User, *, is_guest: bool, has_few_teams: bool) -> tuple[Statement, Statement]:
    """The ids of the chart, and their points.

    What time has overtaken is left out: it is judged, and put in, afterwards. Those too far off
    are taken away later: with an end to the dates PostgreSQL would read all until then.
    """
    near = _running().filter(score__isnull=False).exclude(next_change__lte=NOW)
    if has_few_teams:
        theirs = ways_of(near, user, is_guest=is_guest)
        ways = _listed_by_team(theirs, user, Filters(today=TODAY), runway.MOST - 1)
    else:
        ways = _listed([near.visible_to(user)], Filters(today=TODAY), runway.MOST - 1)
    found = (_stated(way.values_list(*runway.COLUMNS)) for way in ways[Stretch.COMING])
    return Statement.around(runway.NEAR, _united(found)), POINTS


def _waiting(user: User) -> tuple[LaunchQuerySet, LaunchQuerySet]:
    """Launches near their date that may not go as they are: those the person leads, or decides."""
    near = _seen(user).filter(launch_at__gt=NOW - SOON, launch_at__lte=NOW + SOON)
    near = near.filter(Q(holds__gt=0) | Q(outcome=Outcome.NO_GO.value)).order_by("launch_at", "pk")
    decides = LaunchApprover.objects.filter(launch=OuterRef("pk"), person=user)
    return (
        near.filter(lead=user)[:WAITING],
        near.filter(Exists(decides)).exclude(lead=user)[:WAITING],
    )


def _asked(user: User) -> LaunchQuerySet:
    """Launches in whose open round the person has a seat, and said nothing yet."""
    said = DecisionSignature.objects.standing().filter(decision=OuterRef("pk"), by=user)
    seated = LaunchApprover.objects.filter(launch=OuterRef("launch"), person=user)
    rounds = Decision.objects.open().filter(Exists(seated), ~Exists(said)).exclude(asked_by=user)
    asked = _seen(user).filter(stage=Stage.IN_REVIEW.value, pk__in=rounds.values("launch"))
    return asked.exclude(lead=user).order_by("launch_at", "pk")[:WAITING]


def _found(overtaken: Statement, listed: Stretches, page: int) -> Statement:
    """The ids of the list; a later stretch of it only where the first fills no page."""
    first, *later = (_united(map(_ids, ways)) for ways in listed.values())
    rest = LATER.format(NOT_YET_FULL.format("{}", page)) * len(later)
    return Statement.around(FOUND + rest + ")", overtaken, first, *later)


def _united(ways: Iterable[Statement]) -> Statement:
    ways = [*ways]
    return Statement.around(" UNION ALL ".join("({})" for _ in ways), *ways)


def _ids(rows: Any) -> Statement:
    return _stated(rows.values_list("pk"))


def _stated(rows: Any) -> Statement:
    """Whether a word or a verdict is rare decides on the way; of the rest all are alike."""
    return Statement.of(rows, STAND_INS, telling=TELLING)
