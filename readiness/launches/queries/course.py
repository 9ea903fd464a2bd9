"""The course of a launch: how ready it was at the end of each day, and whose work that was."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count
from django.db.models.functions import TruncDate

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.launches.models import Launch, VerdictSnapshot
from readiness.launches.queries.launch_rows import SHAPES, Person, person_of, title_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.rows import day_of_month, weekday
from readiness.rules.percent import shown
from readiness.rules.scheme import Measure, Outcome, Scheme
from readiness.web.locales import number

LONGEST = timedelta(days=180)  # what came before is told by the list
HANDS = 6
LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 36, 748, 10, 146, 170
BELOW, ABOVE = 0.2, 1.1  # room under the lowest cut, and over points, which have no 100 %
STEPS, TICK_GAP = (1, 2, 7, 14, 28, 56), 84


class Stood(NamedTuple):
    """Where a launch stood at the end of a day on which its verdict was found anew."""

    day: date
    score: Decimal
    shown: str
    verdict: str
    outcome: str
    version: int


class Band(NamedTuple):
    shape: str
    top: float
    bottom: float


class Turn(NamedTuple):
    """A day on which the verdict became another one."""

    day: date
    x: float
    y: float
    shape: str
    says: str


class Hand(NamedTuple):
    """Somebody, and how much of the history is theirs."""

    person: Person
    changes: int


class Course(NamedTuple):
    """The numbers of the drawing, and in `says` the same in words."""

    since: str
    says: str
    bands: tuple[Band, ...]
    cuts: tuple[tuple[float, str], ...]
    line: tuple[tuple[float, float], ...]
    turns: tuple[Turn, ...]
    ticks: tuple[tuple[float, str], ...]


class Plane(NamedTuple):
    """Where a day and a score are in the drawing."""

    first: date
    today: date
    low: float
    high: float

    def x(self, day: date) -> float:
        share = (day - self.first).days / max(1, (self.today - self.first).days)
        return round(LEFT + (RIGHT - LEFT) * share, 1)

    def y(self, score: float) -> float:
        share = (min(self.high, max(self.low, score)) - self.low) / (self.high - self.low)
        return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def course_of(launch: Launch, reader: User, now: datetime) -> Course | None:
    """A launch's course in the days of the reader; nothing of a launch that is new today."""
    today = now.astimezone(reader.tzinfo).date()
    stood = _stood(launch, reader, now)
    if not stood or stood[0].day >= today:
        return None
    scheme = pinned(launch.version_id).scheme
    plane = _plane(stood, scheme, today)
    return Course(
        since=day_of_month(stood[0].day),
        says=_said(stood),
        bands=tuple(_bands(scheme, plane)),
        cuts=tuple(
            (plane.y(float(band.start)), number(shown(band.start, scheme)).removesuffix("%"))
            for band in scheme.bands
            if band.start is not None
        ),
        line=tuple(_line(stood, plane)),
        turns=tuple(_turns(stood, plane)),
        ticks=tuple(_ticks(plane)),
    )


def hands_of(launch: Launch) -> tuple[Hand, ...]:
    """Who did most in a launch."""
    acts = Event.objects.filter(subject=launch.subject_id, by__isnull=False)
    counted = acts.values("by__name", "by__email").annotate(number=Count("pk"))
    return tuple(
        Hand(person_of(one["by__name"], one["by__email"]), one["number"])
        for one in counted.order_by("-number", "by__name")[:HANDS]
    )


def _stood(launch: Launch, reader: User, now: datetime) -> list[Stood]:
    """The last snapshot of each day; days on which nothing was to be assessed are left out."""
    found = VerdictSnapshot.objects.filter(launch=launch, at__gt=now - LONGEST, score__isnull=False)
    rows = found.annotate(day=TruncDate("at", tzinfo=reader.tzinfo)).order_by("day", "-at", "-pk")
    return [
        Stood._make(row)
        for row in rows.distinct("day").values_list(
            "day", "score", "shown", "verdict", "outcome", "version_id"
        )
    ]


def _plane(stood: Sequence[Stood], scheme: Scheme, today: date) -> Plane:
    scores = [float(one.score) for one in stood]
    cuts = [float(band.start) for band in scheme.bands if band.start is not None]
    is_points = scheme.measure == Measure.SUM
    high = ABOVE * max(*scores, *cuts, 0.1) if is_points else 1.0
    low = max(0.0, min(*scores, *(cut - BELOW * high for cut in cuts)))
    return Plane(stood[0].day, today, min(low, high - BELOW * high), high)


def _bands(scheme: Scheme, plane: Plane) -> Iterable[Band]:
    starts = [plane.low if band.start is None else float(band.start) for band in scheme.bands]
    for band, (start, end) in zip(scheme.bands, pairwise([*starts, plane.high]), strict=True):
        yield Band(SHAPES[band.outcome], plane.y(end), plane.y(start))


def _line(stood: Sequence[Stood], plane: Plane) -> Iterable[tuple[float, float]]:
    """A day on which nothing was found anew ends as the one before."""
    known, at = {one.day: float(one.score) for one in stood}, 0.0
    for passed in range((plane.today - plane.first).days + 1):
        day = plane.first + timedelta(days=passed)
        at = known.get(day, at)
        yield plane.x(day), plane.y(at)


def _turns(stood: Sequence[Stood], plane: Plane) -> Iterable[Turn]:
    for before, one in pairwise(stood):
        if one.verdict != before.verdict:
            says = f"{title_of(one.version, one.verdict)}, {number(one.shown)}"
            yield Turn(
                day=one.day,
                x=plane.x(one.day),
                y=plane.y(float(one.score)),
                shape=SHAPES[Outcome(one.outcome)],
                says=f"{weekday(one.day)}: {says}",
            )


def _ticks(plane: Plane) -> Iterable[tuple[float, str]]:
    days = (plane.today - plane.first).days
    fitting = (step for step in STEPS if (RIGHT - LEFT) * step / days >= TICK_GAP)
    step = next(fitting, STEPS[-1])
    for passed in range(0, days, step):
        day = plane.first + timedelta(days=passed)
        if RIGHT - plane.x(day) >= TICK_GAP / 2:
            yield plane.x(day), day_of_month(day)
    yield float(RIGHT), "Today"


def _said(stood: Sequence[Stood]) -> str:
    first, last = stood[0], stood[-1]
    since, was, now = day_of_month(first.day), number(first.shown), number(last.shown)
    if first.score == last.score:
        return f"Readiness is {now}, as it was on {since}."
    way = "rose" if last.score > first.score else "fell"
    return f"Readiness {way} from {was} on {since} to {now} today."
