"""The runway: launches by days left and readiness, as the numbers of a drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from readiness.launches.queries.filtering import A_DAY, A_WEEK, NOW
from readiness.launches.queries.launch_rows import SHAPES, Columns, title_of
from readiness.launches.queries.rows import day_of_month, weekday
from readiness.launches.queries.trend import score_before
from readiness.rules.scheme import Outcome
from readiness.web.locales import number

REACH, MOST = timedelta(days=90), 200
BEFORE = NOW - A_WEEK

COLUMNS = (
    "pk", "name", "verdict", "outcome", "shown", "score", "launch_at", "zone", "version_id",
)  # fmt: skip
# All points as one text: to be drawn once and known again, not to be read on each request.
# `runway` holds the nearest launches, by each way to them.
POINTS = f"""
UNION ALL
SELECT 'runway', NULL::bigint, (
    SELECT string_agg(concat_ws('\x1f',
        p.id, translate(p.name, '\x1e\x1f', ''), p.verdict, p.outcome, p.shown, p.score, coalesce((
            SELECT s.score FROM launches_verdictsnapshot s
            WHERE s.launch_id = p.id AND s.at <= {{before}} ORDER BY s.at DESC, s.id DESC LIMIT 1
        )::text, ''), date_part('epoch', p.launch_at)::bigint, p.zone, p.version
    ), '\x1e')
    FROM (SELECT * FROM runway ORDER BY launch_at, id LIMIT {MOST}) p
), {", ".join(["NULL"] * (len(Columns._fields) - 2))}
"""  # noqa: S608
NEAR = """, runway (id, name, verdict, outcome, shown, score, launch_at, zone, version)
AS MATERIALIZED ({})
"""

LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 44, 1060, 12, 208, 236
READY_AT, DELAY_AT = 0.95, 0.8
LOWEST = 0.3  # what is less ready stands on the floor
HEADROOM = 10  # so that the glyph of 100 % stays inside
READY_LINE, DELAY_LINE = TOP + 0.24 * (BOTTOM - TOP), TOP + 0.58 * (BOTTOM - TOP)
POWER = 0.72  # near dates get room
SHORTEST, TICKS, TICK_GAP = 14, (3, 7, 14, 21, 28, 42, 56, 70, 84), 62
GLYPH, LETTER, LINE, LONGEST_NAME = 10, 6.3, 15, 40
WIDE = 0x2E80  # from here on letters are about twice as wide
SLOT = 64
WORDS = ((TOP, 34), (READY_LINE, 100), (DELAY_LINE, 34))  # where bands say their name, how wide
WORDS_GAP = 10
Box = tuple[float, float, float, float]
Placed = Sequence[tuple["Read", float, float]]


class Point(NamedTuple):
    """One launch; `name` is empty where no label fits, `before` is the end of its tail."""

    pk: int
    says: str
    shape: str
    x: float
    y: float
    before: float | None
    name: str
    name_x: float
    name_y: float
    anchor: str


class Runway(NamedTuple):
    """`words` says where the name of each band begins or ends: left, top, right, bottom."""

    points: tuple[Point, ...]
    ticks: tuple[tuple[float, str], ...]
    words: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A launch as the chart needs it, in the order it is read."""

    pk: int
    name: str
    verdict: str
    outcome: str
    shown: str
    score: float
    before: float | None
    seconds: int
    zone: str
    version: int


def runway_of(read: str, judged: Sequence[Columns], *, today: datetime, until: datetime) -> Runway:
    """The drawing of what was read, with those judged just now; days run from the reader's."""
    found = [_parsed(one) for one in read.split("\x1e") if one]
    found += [_read(one, today) for one in judged if one.score is not None]
    last = until.timestamp()
    shown = [one for one in found if today.timestamp() <= one.seconds <= last]
    shown.sort(key=lambda one: (one.seconds, one.pk))
    shown = shown[:MOST]
    if not shown:
        return Runway((), (), ())
    span = max(SHORTEST, ceil(_days(shown[-1], today)) + 1)
    placed = [(one, _x(_days(one, today), span), _y(one.score)) for one in shown]
    words = tuple(_words_of(placed))
    return Runway(tuple(_labelled(placed, words)), _ticks(today, span), words)


def point_of(one: Columns, today: datetime) -> dict[str, str | int | float]:
    """Where a launch that is drawn already stands now: dates stay, and labels move along."""
    read = _read(one, today)
    shape = SHAPES[Outcome(one.outcome)]
    return {"pk": one.pk, "y": _y(read.score), "shape": shape, "says": _said(read)}


def _parsed(one: str) -> Read:
    pk, name, verdict, outcome, shown, score, before, seconds, zone, version = one.split("\x1f")
    stood = float(before) if before else None
    return Read(
        int(pk),
        name,
        verdict,
        outcome,
        shown,
        float(score),
        stood,
        int(seconds),
        zone,
        int(version),
    )


def _read(one: Columns, today: datetime) -> Read:
    before = score_before(one.read, today - A_WEEK)
    return Read(
        one.pk, one.name, one.verdict, one.outcome, one.shown, float(one.score or 0),
        None if before is None else float(before), int(one.launch_at.timestamp()), one.zone,
        one.version,
    )  # fmt: skip


def _days(one: Read, today: datetime) -> float:
    return (one.seconds - today.timestamp()) / A_DAY.total_seconds()


def _x(days: float, span: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * (days / span) ** POWER, 1)


def _y(score: float | Decimal) -> float:
    """Three bands, each on a scale of its own."""
    score = min(1.0, max(LOWEST, float(score)))
    low, high, floor, ceiling = next(
        band
        for band in (
            (READY_AT, 1.0, READY_LINE, TOP + HEADROOM),
            (DELAY_AT, READY_AT, DELAY_LINE, READY_LINE),
            (LOWEST, DELAY_AT, BOTTOM - HEADROOM, DELAY_LINE),
        )
        if score >= band[0]
    )
    return round(floor - (floor - ceiling) * (score - low) / (high - low), 1)


def _ticks(today: datetime, span: float) -> tuple[tuple[float, str], ...]:
    found = [(float(LEFT), "Today")]
    for days in TICKS:
        x = _x(days, span)
        if days < span and x - found[-1][0] >= TICK_GAP and RIGHT - x > TICK_GAP / 2:
            found.append((x, day_of_month((today + days * A_DAY).date())))
    return tuple(found)


class Room:
    """The boxes that are taken, by slots of the width: left, top, right, bottom."""

    def __init__(self, taken: Iterable[Box]) -> None:
        self.slots: dict[int, list[Box]] = {}
        for box in taken:
            self.take(box)

    def take(self, box: Box) -> None:
        for slot in range(int(box[0]) // SLOT, int(box[2]) // SLOT + 1):
            self.slots.setdefault(slot, []).append(box)

    def has(self, box: Box) -> bool:
        """Whether a box lies inside the plot and touches none that is taken."""
        left, top, right, bottom = box
        if left < LEFT or right > RIGHT or top < TOP - 4 or bottom > BOTTOM + 4:
            return False
        return not any(
            left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            for slot in range(int(left) // SLOT, int(right) // SLOT + 1)
            for other in self.slots.get(slot, ())
        )


def _glyphs(placed: Placed) -> Iterable[Box]:
    return ((x - GLYPH, y - GLYPH, x + GLYPH, y + GLYPH) for _, x, y in placed)


def _words_of(placed: Placed) -> Iterable[Box]:
    """The names of the bands at the right edge; at the left one where a launch stands there."""
    room = Room(_glyphs(placed))
    for top, width in WORDS:
        right = (RIGHT - WORDS_GAP - width, top + 4, RIGHT, top + 22)
        left = (LEFT, top + 4, LEFT + WORDS_GAP + width, top + 22)
        yield right if room.has(right) or not room.has(left) else left


def _labelled(placed: Placed, words: Iterable[Box]) -> Iterable[Point]:
    """Each label to the right of its point, else left, above, below; or none at all."""
    room = Room([*_glyphs(placed), *words])
    for one, x, y in placed:
        name = one.name if len(one.name) <= LONGEST_NAME else f"{one.name[:LONGEST_NAME]}…"
        width = LETTER * sum(2 if ord(letter) >= WIDE else 1 for letter in name)
        at, anchor = (x, y), ""
        for text_x, text_y, side, left in (
            (x + 16, y + 4, "start", x + 14),
            (x - 16, y + 4, "end", x - 14 - width),
            (x, y - 15, "middle", x - width / 2),
            (x, y + 24, "middle", x - width / 2),
        ):
            box = (left, text_y - LINE + 3, left + width, text_y + 3)
            if room.has(box):
                room.take(box)
                at, anchor = (round(text_x, 1), round(text_y, 1)), side
                break
        yield Point(
            pk=one.pk,
            says=_said(one),
            shape=SHAPES[Outcome(one.outcome)],
            x=x,
            y=y,
            before=None if one.before is None else _y(one.before),
            name=name if anchor else "",
            name_x=at[0],
            name_y=at[1],
            anchor=anchor,
        )


def _said(one: Read) -> str:
    on = datetime.fromtimestamp(one.seconds, UTC).astimezone(ZoneInfo(one.zone)).date()
    return f"{one.name}: {title_of(one.version, one.verdict)} {number(one.shown)}, {weekday(on)}"
