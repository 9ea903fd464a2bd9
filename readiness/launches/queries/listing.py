"""The order of the list of launches: the stretches it consists of, and places in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum

from django.db.models import Q, QuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(
    r"(\w+)~(-?\d{1,20}(?:\.\d{1,15})?)?~(\d{1,18})~(.{0,400})", re.ASCII | re.DOTALL
)
MICROSECOND = timedelta(microseconds=1)
LAST_MICROSECOND = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND


class Sort(StrEnum):
    """What the list is sorted by."""

    DATE = "date"
    READINESS = "readiness"
    NAME = "name"


class Stretch(StrEnum):
    """A run of launches in one order; the list is one such run after another."""

    COMING = "coming"
    PAST = "past"
    SCORED = "scored"
    UNSCORED = "unscored"
    NAMED = "named"


STRETCHES = {
    Sort.DATE: (Stretch.COMING, Stretch.PAST),
    Sort.READINESS: (Stretch.SCORED, Stretch.UNSCORED),
    Sort.NAME: (Stretch.NAMED,),
}
RANKS = {stretch: rank for rank, stretch in enumerate(Stretch)}
ORDERS = {
    Stretch.COMING: ("launch_at", "pk"),
    Stretch.PAST: ("-launch_at", "-pk"),
    Stretch.SCORED: ("-score", "pk"),
    Stretch.UNSCORED: ("pk",),
    Stretch.NAMED: ("sort_name", "pk"),
}


def key_of(stretch: Stretch, value: datetime | Decimal | str | None, pk: int) -> tuple:
    """What launches of one list are sorted by."""
    at = RANKS[stretch]
    if isinstance(value, datetime):
        return (at, -micros(value), -pk) if stretch is Stretch.PAST else (at, micros(value), pk)
    return at, -value if isinstance(value, Decimal) else value or "", pk


@dataclass(frozen=True, slots=True)
class Place:
    """Where a launch stands in the list: its stretch, what that is sorted by, its id."""

    stretch: Stretch
    value: datetime | Decimal | str | None
    pk: int

    @property
    def key(self) -> tuple:
        """Places of one list compare by it as the database sorts them."""
        return key_of(self.stretch, self.value, self.pk)

    def __str__(self) -> str:
        """The place as an address carries it."""
        number, text = "", ""
        if isinstance(self.value, datetime):
            number = str(micros(self.value))
        elif isinstance(self.value, Decimal):
            number = f"{self.value:f}"
        else:
            text = self.value or ""
        return f"{self.stretch}~{number}~{self.pk}~{text}"


def place_from(written: str, sort: Sort) -> Place | None:
    """The place an address names; None if it names none in this order."""
    found = CURSOR.fullmatch(written)
    if not found or found[1] not in STRETCHES[sort]:
        return None
    stretch, number, pk = Stretch(found[1]), found[2], int(found[3])
    if stretch is Stretch.NAMED:
        return Place(stretch, found[4], pk)
    if stretch is Stretch.UNSCORED:
        return Place(stretch, None, pk)
    if number is None:
        return None
    if stretch is Stretch.SCORED:
        return Place(stretch, Decimal(number), pk)
    if "." in number or not 0 <= int(number) <= LAST_MICROSECOND:
        return None
    return Place(stretch, EPOCH + int(number) * MICROSECOND, pk)


def start_of_day(now: datetime, zone: tzinfo) -> datetime:
    """When the day that is now began in a zone."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def micros(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def stretch_of(sort: Sort, launch_at: datetime, score: Decimal | None, today: datetime) -> Stretch:
    """The stretch a launch is in; `today` is when the reader's day began."""
    if sort is Sort.DATE:
        return Stretch.COMING if launch_at >= today else Stretch.PAST
    if sort is Sort.READINESS:
        return Stretch.UNSCORED if score is None else Stretch.SCORED
    return Stretch.NAMED


def value_of(
    stretch: Stretch, launch_at: datetime, score: Decimal | None, name: str
) -> datetime | Decimal | str | None:
    """What a launch is sorted by in its stretch."""
    if stretch is Stretch.COMING or stretch is Stretch.PAST:
        return launch_at
    if stretch is Stretch.SCORED:
        return score
    return name if stretch is Stretch.NAMED else None


def stretches(
    rows: QuerySet, sort: Sort, after: Place | None, today: datetime
) -> Iterator[tuple[Stretch, QuerySet]]:
    """The rest of the list behind a place, stretch by stretch; each walks along an index."""
    within = {
        Stretch.COMING: Q(launch_at__gte=today),
        Stretch.PAST: Q(launch_at__lt=today),
        Stretch.SCORED: Q(score__isnull=False),
        Stretch.UNSCORED: Q(score=None),
        Stretch.NAMED: Q(),
    }
    names = STRETCHES[sort]
    for stretch in names[names.index(after.stretch) :] if after else names:
        found = rows.filter(within[stretch]).order_by(*ORDERS[stretch])
        yield stretch, beyond(found, after) if after and after.stretch is stretch else found


def beyond(rows: QuerySet, after: Place) -> QuerySet:
    """Those behind a place of their own stretch; equal values go by their ids."""
    field, falling = ORDERS[after.stretch][0], after.stretch is Stretch.PAST
    ids = {"pk__gte" if falling else "pk__lte": after.pk}
    if after.stretch is Stretch.UNSCORED:
        return rows.exclude(**ids)
    name = field.removeprefix("-")
    bound = "lte" if field.startswith("-") else "gte"
    return rows.filter(**{f"{name}__{bound}": after.value}).exclude(**{name: after.value}, **ids)
