"""Who is in the room now, looking at what, and with which device."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from readiness.launches.models import Guest
from readiness.launches.queries.board import Board
from readiness.launches.queries.faces import Face, face_of
from readiness.reviews.models import Attendance, Review
from readiness.reviews.models.room import Device
from readiness.reviews.policies.meeting import GONE_AFTER, is_here

ORDER = {Device.LAPTOP.value: 0, Device.PHONE.value: 1, Device.WALL.value: 2}
ICONS = {
    Device.LAPTOP.value: "laptop",
    Device.PHONE.value: "smartphone",
    Device.WALL.value: "maximize",
}


class Person(NamedTuple):
    """Somebody in the room: `at` is the item they look at, `where` says so in words."""

    pk: int
    face: Face
    drives: bool
    is_guest: bool
    at: int
    where: str
    devices: tuple[tuple[str, str], ...]


class Presence(NamedTuple):
    """Everyone in the room, who drives first; `gone` is the driver who was not heard of lately."""

    people: tuple[Person, ...]
    driver: str
    gone: str


def presence_of(review: Review, board: Board, now: datetime) -> Presence:
    """Who is in the room, in one statement; the driver was read with the review."""
    refs = {place.fact.pk: place.rule.ref for place in board.places.values()}
    here = Attendance.objects.filter(review=review, seen_at__gt=now - GONE_AFTER)
    grants = Guest.objects.standing(now).filter(launch=review.launch_id, person=OuterRef("person"))
    rows = here.select_related("person").annotate(is_guest=Exists(grants))
    rows = rows.order_by("person__name", "person", "device")
    people = [
        _person(review, list(seats), refs) for _, seats in groupby(rows, key=lambda row: row.person)
    ]
    driver = review.driver
    is_gone = driver is not None and not is_here(review.driver_seen_at, now)
    return Presence(
        people=tuple(sorted(people, key=lambda person: not person.drives)),
        driver=driver.name.split(" ")[0] if driver else "",
        gone=driver.name if driver and is_gone else "",
    )


def _person(review: Review, seats: Iterable[Attendance], refs: dict[int, str]) -> Person:
    """One person, whatever they have open: what they look at themselves before what they follow."""
    seats = sorted(seats, key=lambda seat: (seat.is_following, ORDER[seat.device]))
    first = seats[0]
    drives = first.person_id == review.driver_id
    follows = drives or first.is_following or first.item_id is None
    at = (review.item_id if follows else first.item_id) or 0
    ref = refs.get(at, "")
    return Person(
        pk=first.person_id,
        face=face_of(first.person.name, first.person.email),
        drives=drives,
        is_guest=first.is_guest,  # type: ignore[attr-defined]
        at=at,
        where=ref if drives else "follows" if follows else f"on {ref}",
        devices=tuple((seat.device, ICONS[seat.device]) for seat in seats),
    )
