"""Finding launches and items by words: what the palette and the search ask of the database.

Statements are written once per kind of reader and of words (0007). Ids are found first, each
part along its index and no further than a cap; rights stand in every part.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Collate, Lower

from readiness.accounts.models import Membership, Team, User
from readiness.accounts.permissions import Action, grants, roles_for
from readiness.checklists.models import Item
from readiness.launches.models import Guest, Launch, LaunchItem, SignOff
from readiness.launches.models.launches import OVER, SEARCHED, LaunchQuerySet
from readiness.launches.queries.launch_rows import SHAPES
from readiness.rules.scheme import NOT_ASSESSABLE, Outcome
from readiness.rules.truth import Truth
from readiness.web.statements import Statement
from readiness.web.templatetags.face import daymon
from readiness.web.words import STANDS, Sort, holds, resembles, sorts_of, standing_for, values_of

CANDIDATES = 200  # of more launches that match, any so many are looked at
NAMED, OWNED = 10, 12
LAST = "\U0010ffff"
REF = re.compile(r"\d+(\.\d+)+")

# Stand-ins for the values of a reader.
PERSON, NOW = -101, datetime(1971, 1, 1, tzinfo=UTC)
WHOLE, BEYOND, AT = "whole", "beyond", "ref"
RUNNING = ~Q(stage__in=OVER)
STAND_INS = STANDS | {PERSON, NOW, WHOLE, BEYOND, AT}

# An exact name first, then the nearest dates.
FIND_LAUNCHES = """
worded (id) AS MATERIALIZED ({}),
like_it (id) AS (SELECT * FROM ({}) one WHERE NOT EXISTS (SELECT FROM worded)),
launches (id) AS MATERIALIZED (
    SELECT l.id FROM launches_launch l
    WHERE l.id IN (SELECT id FROM worded UNION ALL SELECT id FROM like_it)
    ORDER BY lower(l.name) = {} DESC, abs(extract(epoch FROM l.launch_at - {})), l.id
    LIMIT {}
)
"""
# The items of a checklist are in every launch on it, so that as many launches have enough;
# with one that no launch is on, all launches would be looked at. The least version that is not
# smaller is looked up in its index, where for EXISTS all launches might be read.
FIND_ITEMS = """
held (id, version) AS MATERIALIZED ({}),
wanted (id, version) AS MATERIALIZED (
    SELECT * FROM (
        SELECT * FROM held
        UNION ALL SELECT * FROM ({}) one WHERE NOT EXISTS (SELECT FROM held)
    ) found (id, version)
    WHERE version = (
        SELECT min(l.version_id) FROM launches_launch l WHERE l.version_id >= found.version
    )
),
owned (id) AS MATERIALIZED (
    SELECT id FROM (
        SELECT id, item_id FROM launches_launchitem WHERE owner_id = {} OFFSET 0
    ) one WHERE item_id IN (SELECT id FROM wanted)
),
near (id) AS (SELECT * FROM ({}) one WHERE EXISTS (SELECT FROM wanted)),
items (id, launch) AS MATERIALIZED (
    ({})
    UNION
    (SELECT i.id, i.launch_id FROM near, LATERAL (
        SELECT o.id, o.launch_id FROM launches_launchitem o
        WHERE o.launch_id = near.id AND o.item_id IN (SELECT id FROM wanted) OFFSET 0
    ) i LIMIT {})
)
"""
# A reader of few teams among many: along the index of each team, not along all launches.
BY_TEAM = "SELECT one.* FROM ({}) team (id), LATERAL ({}) one"
NEAREST = """
SELECT id FROM ({}) one (id, at)
ORDER BY at < {}, abs(extract(epoch FROM at - {})), id LIMIT {}
"""
FOUND_LAUNCHES = "found (part, item, launch) AS (SELECT 'launch', NULL::bigint, id FROM launches)"
FOUND_ITEMS = "found (part, item, launch) AS (SELECT 'item', id, launch FROM items)"
FOUND_BOTH = """
found (part, item, launch) AS (
    SELECT 'launch', NULL::bigint, id FROM launches
    UNION ALL SELECT 'item', id, launch FROM items
    UNION ALL SELECT 'opens', NULL, NULL WHERE EXISTS ({})
)
"""
SHOWN = """
SELECT found.part, found.item, l.id, l.name, l.model, t.name, l.outcome, l.verdict, l.shown,
       l.launch_at, l.zone, l.stage, l.version_id
FROM found
LEFT JOIN launches_launch l ON l.id = found.launch
LEFT JOIN accounts_team t ON t.id = l.team_id
"""


class Shape(NamedTuple):
    """All on which the text of a statement depends; the rest are values."""

    is_site_admin: bool
    is_guest: bool
    sorts: tuple[Sort, ...]
    has_ref: bool
    most: int


class Part(StrEnum):
    """What a row is: a launch, the launch of an item, or that the reader may open launches."""

    LAUNCH = "launch"
    ITEM = "item"
    OPENS = "opens"


class Found(NamedTuple):
    """A launch that was found, or the one of an item that was, with the item's id."""

    part: str
    item: int | None
    pk: int
    name: str
    model: str
    team: str
    outcome: str
    verdict: str
    shown: str
    launch_at: datetime
    zone: str
    stage: str
    version: int

    @property
    def shape(self) -> str:
        """The glyph of its verdict."""
        is_open = self.verdict == NOT_ASSESSABLE
        return NOT_ASSESSABLE if is_open else SHAPES[Outcome(self.outcome)]

    @property
    def when(self) -> str:
        """The day of the launch where it counts, or what became of it."""
        if self.stage in OVER:
            return self.stage
        return f"launches {daymon(self.launch_at.astimezone(ZoneInfo(self.zone)))}"


def find(statement: Statement, user: User, words: str, now: datetime) -> list[Found]:
    """The rows of one of the statements below."""
    whole, ref = words.lower(), ref_of(words)
    values: dict[Any, Any] = {PERSON: user.pk, NOW: now, WHOLE: whole, AT: ref}
    values[BEYOND] = whole + LAST
    return [Found._make(row) for row in statement.run(values | values_of(_ordered(words)))]


def shape_of(user: User, words: str, most: int) -> Shape:
    sorts = sorts_of(_ordered(words))
    return Shape(user.is_site_admin, user.is_guest, sorts, ref_of(words) is not None, most)


def ref_of(words: str) -> str | None:
    """The item that is asked for by its number, as 4.2."""
    return next((word for word in words.split() if REF.fullmatch(word)), None)


def _ordered(words: str) -> str:
    """The words; the number of an item is the last."""
    return " ".join(sorted(words.split(), key=lambda word: word == ref_of(words)))


@lru_cache(maxsize=256)
def launches_and_items(shape: Shape) -> Statement:
    """What the palette shows; before a word is typed, the next launches and one's own items."""
    if shape.sorts:
        found = [_finding_launches(shape), _finding_items(shape, mine=True)]
    else:
        mine = _of(_mine(shape).values_list("pk", "launch_id"))
        found = [
            Statement.around("launches (id) AS ({})", _near(shape, RUNNING, shape.most)),
            Statement.around("items (id, launch) AS ({})", mine),
        ]
    opens = grants(_reader(shape), Action.LAUNCH_OPEN, team="pk", lead="")
    found.append(_of(Team.objects.filter(opens).values("pk")))
    return Statement.around(f"WITH {{}}, {{}}, {FOUND_BOTH} {SHOWN}", *found)


@lru_cache(maxsize=256)
def launches(shape: Shape) -> Statement:
    return Statement.around(f"WITH {{}}, {FOUND_LAUNCHES} {SHOWN}", _finding_launches(shape))


@lru_cache(maxsize=256)
def items(shape: Shape) -> Statement:
    return Statement.around(f"WITH {{}}, {FOUND_ITEMS} {SHOWN}", _finding_items(shape))


def _finding_launches(shape: Shape) -> Statement:
    words, ways = standing_for(shape.sorts), _ways(shape)
    by_name = [_named(way)[:NAMED] for way in _ways_by_name(shape)]
    by_words = [way.filter(holds(SEARCHED, words))[:CANDIDATES] for way in ways]
    alike = [way.filter(resembles(SEARCHED, words))[:CANDIDATES] for way in ways]
    return Statement.around(
        FIND_LAUNCHES,
        _united(by_name + by_words),
        _united(alike) if Sort.GUESSED in shape.sorts else NOTHING,
        _placed(WHOLE),
        _placed(NOW),
        _text(shape.most),
    )


def _named(way: LaunchQuerySet) -> LaunchQuerySet:
    """Launches whose names begin with all that was asked for."""
    sorted_by_name = way.annotate(sort_name=Collate(Lower("name"), "C")).order_by("sort_name")
    return sorted_by_name.filter(sort_name__gte=WHOLE, sort_name__lt=BEYOND)


def _finding_items(shape: Shape, *, mine: bool = False) -> Statement:
    """By words in their titles; or by their number, in launches that have the other words."""
    words = standing_for(shape.sorts)
    titled = Item.objects.filter(Q(ref=AT) if shape.has_ref else holds("title", words))
    alike = Item.objects.filter(resembles("title", words))
    which = Q(version__in=RawSQL("SELECT version FROM wanted", ()))
    which &= RUNNING if mine else Q()
    near = _near(shape, which, shape.most)
    if shape.has_ref and len(words) > 1:
        named = [way.filter(which, holds(SEARCHED, words[:-1])) for way in _ways(shape)]
        dated = [_of(way.values_list("pk", "launch_at")[:CANDIDATES]) for way in named]
        near = _nearest(dated, shape.most)
    of_mine = Q(pk__in=RawSQL("SELECT id FROM owned", ()))
    if shape.has_ref and len(words) > 1:
        of_mine &= Q(launch__in=RawSQL("SELECT id FROM near", ()))
    may_guess = Sort.GUESSED in shape.sorts and not shape.has_ref and not mine
    return Statement.around(
        FIND_ITEMS,
        _of(titled.values_list("pk", "version")),
        _of(alike.values_list("pk", "version")) if may_guess else NO_ITEM,
        _placed(PERSON),
        near,
        _of(_mine(shape, of_mine).values_list("pk", "launch_id")) if mine else NO_ITEM,
        _text(shape.most),
    )


def _mine(shape: Shape, which: Q = Q()) -> QuerySet[LaunchItem]:  # noqa: B008
    """Items of running launches that the reader owns: without a sign-off first, by due date.

    Before a word is typed only those, so that the walk along the index ends soon.
    """
    words = SignOff.objects.standing().filter(item=OuterRef("pk"))
    items = LaunchItem.objects.visible_to(_reader(shape)).running().filter(which, owner=PERSON)
    items = items.exclude(applies=Truth.NO.value)
    if not shape.sorts:
        return items.exclude(Exists(words)).order_by("due_on", "pk")[:OWNED]
    return items.order_by(Exists(words), "due_on", "pk")[:OWNED]


def _ways(shape: Shape) -> list[LaunchQuerySet]:
    """The launches the reader may see: of the teams they read, and what is theirs beyond.

    One filter says the same, but asks each launch in turn; either way walks along an index.
    """
    if shape.is_site_admin:
        return [Launch.objects.all()]
    return [Launch.objects.filter(team__in=_read_teams(shape).values("pk")), *_beyond(shape)]


def _ways_by_name(shape: Shape) -> list[LaunchQuerySet]:
    """The same, but that who reads every team goes along the names alone.

    PostgreSQL expects them to read one team, and would look all launches up of each they read.
    """
    in_teams, *others = _ways(shape)
    if shape.is_site_admin:
        return [in_teams]
    everywhere = Exists(
        Membership.objects.filter(person=PERSON, team=None, role__in=roles_for(Action.LAUNCH_VIEW))
    )
    return [Launch.objects.filter(everywhere), in_teams.filter(~everywhere), *others]


def _read_teams(shape: Shape) -> QuerySet[Team]:
    return Team.objects.filter(grants(_reader(shape), Action.LAUNCH_VIEW, team="pk", lead=""))


def _beyond(shape: Shape) -> list[LaunchQuerySet]:
    """What the reader leads; and, of who was ever a guest, what lets them in."""
    led = Launch.objects.visible_to(_reader(shape)).filter(lead=PERSON)
    if not shape.is_guest:
        return [led]
    grants = Guest.objects.standing(NOW).filter(person=PERSON).values("launch")
    return [led, Launch.objects.filter(pk__in=grants)]


def _reader(shape: Shape) -> User:
    return User(pk=PERSON, is_site_admin=shape.is_site_admin)


def _near(shape: Shape, which: Q, most: int) -> Statement:
    """The launches nearest to come, then the latest that were."""
    all_ways = Launch.objects.filter(which)
    if shape.is_site_admin:
        found = _both_ways(all_ways, most)
    else:
        teams = _of(_read_teams(shape).values("pk"))
        of_team = all_ways.filter(team=RawSQL("team.id", ()))
        found = [Statement.around(BY_TEAM, teams, one) for one in _both_ways(of_team, most)]
        for way in _beyond(shape):
            found += _both_ways(way.filter(which), most)
    return _nearest(found, most)


def _nearest(found: list[Statement], most: int) -> Statement:
    """The first of launches that were found with their dates."""
    union = Statement.around(" UNION ".join("({})" for _ in found), *found)
    return Statement.around(NEAREST, union, _placed(NOW), _placed(NOW), _text(most))


def _both_ways(launches: LaunchQuerySet, most: int) -> list[Statement]:
    coming = launches.filter(launch_at__gte=NOW).order_by("launch_at", "pk")
    past = launches.filter(launch_at__lt=NOW).order_by("-launch_at", "-pk")
    return [_of(way.values_list("pk", "launch_at")[:most]) for way in (coming, past)]


def _united(ways: list[LaunchQuerySet]) -> Statement:
    found = [_of(way.values_list("pk")) for way in ways]
    return Statement.around(" UNION ALL ".join("({})" for _ in found), *found)


def _of(rows: Any) -> Statement:
    return Statement.of(rows, STAND_INS)


def _placed(stand_in: object) -> Statement:
    return Statement("(SELECT %s)", (stand_in,), is_kept=True)


def _text(number: int) -> Statement:
    return Statement(str(number), (), is_kept=True)


NOTHING = Statement("SELECT NULL::bigint AS id WHERE false", (), is_kept=True)
NO_ITEM = Statement("SELECT NULL::bigint, NULL::bigint WHERE false", (), is_kept=True)
