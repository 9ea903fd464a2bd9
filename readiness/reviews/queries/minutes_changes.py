"""What the log and the room say of a review: who was there, what changed, and by whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Exemption, Guest
from readiness.launches.queries.board import Board
from readiness.launches.queries.deciding_words import TITLES, TONES
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.seats import open_round
from readiness.launches.queries.sentences import SENTENCES
from readiness.reviews.models import Attendance, Review
from readiness.reviews.models.room import Device
from readiness.reviews.policies.meeting import GONE_AFTER

CHECKS = (Kind.ITEM_SIGNED_OFF.value, Kind.ITEM_REAFFIRMED.value, Kind.GLASS_CONFIRMED.value)
EXEMPTED = tuple(kind.value for kind in Kind if kind.value.startswith("exemption."))
Part = dict[str, Any]


class Stay(NamedTuple):
    """Since when, and until when."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who was in the room, and each time from when to when they were last heard of."""

    person: int
    name: str
    stays: tuple[Stay, ...]
    devices: tuple[str, ...]
    is_guest: bool

    def as_kept(self) -> Part:
        return {
            "person": self.person,
            "name": self.name,
            "from": self.stays[0].since.isoformat(),
            "to": self.stays[-1].until.isoformat(),
            "stays": [[one.since.isoformat(), one.until.isoformat()] for one in self.stays],
            "seconds": round(sum((one.until - one.since).total_seconds() for one in self.stays)),
            "devices": list(self.devices),
            "is_guest": self.is_guest,
        }


def here_of(review: Review, now: datetime) -> list[Here]:
    """Who was there while it met, by when they came; a wall is nobody."""
    began = review.started_at or now
    seats = review.attendance.filter(seen_at__gte=began).exclude(device=Device.WALL.value)
    seats = seats.select_related("person").prefetch_related("absences").order_by("came_at", "pk")
    grants = Guest.objects.filter(launch=review.launch_id, until__gt=began)
    guests = {*grants.values_list("person", flat=True)}
    by_person: dict[User, list[Attendance]] = {}
    for seat in seats:
        by_person.setdefault(seat.person, []).append(seat)
    return [
        Here(
            person=person.pk,
            name=person.name,
            stays=_stays(theirs, began, now),
            devices=tuple(seat.device for seat in theirs),
            is_guest=person.pk in guests,
        )
        for person, theirs in by_person.items()
    ]


def _stays(seats: Iterable[Attendance], began: datetime, now: datetime) -> tuple[Stay, ...]:
    """When somebody was there with any of their devices, while the review met.

    Who changes the device is not gone before nobody hears of them any more.
    """
    found: list[Stay] = []
    for stay in sorted(stay for seat in seats for stay in _stays_with(seat)):
        since, until = max(stay.since, began), min(stay.until, now)
        if until < began:
            continue
        if found and since - found[-1].until < GONE_AFTER:
            found[-1] = Stay(found[-1].since, max(found[-1].until, until))
        else:
            found.append(Stay(since, until))
    return tuple(found)


def _stays_with(seat: Attendance) -> Iterator[Stay]:
    """The same with one device: all the time but for its absences."""
    since = seat.came_at
    for gone in sorted(seat.absences.all(), key=lambda one: one.left_at):
        yield Stay(since, gone.left_at)
        since = gone.back_at
    yield Stay(since, seat.seen_at)


def changes_of(events: Sequence[Event], here: Sequence[Here], content: Pinned) -> list[Part]:
    """Every change of the launch while the review met: who did what, in the room or beside it.

    What a review itself says stands in the other parts of its minutes; what is done by it is
    done in the room. Between its end and its going on nobody is there.
    """
    return [_line(event, content, is_here=is_here) for event, is_here in _with_room(events, here)]


def _with_room(events: Sequence[Event], here: Sequence[Here]) -> Iterator[tuple[Event, bool]]:
    meets, decided = True, acts_of_the_room(events)
    for event in events:
        if event.kind == Kind.REVIEW_FINISHED.value:
            meets = False
        elif event.kind == Kind.REVIEW_REOPENED.value:
            meets = True
        is_effect = event.kind == Kind.VERDICT_CHANGED.value and event.by_id
        if event.payload is not None and not is_effect and not event.kind.startswith("review."):
            yield event, _act(event) in decided or (meets and was_here(event, here))


def acts_of_the_room(events: Iterable[Event]) -> set[tuple[datetime, int | None]]:
    """The acts that were carried out by the review itself: when, and by whom."""
    return {_act(event) for event in events if event.kind == Kind.REVIEW_ITEM_DECIDED.value}


def _act(event: Event) -> tuple[datetime, int | None]:
    return event.at, event.by_id


def was_here(event: Event, here: Sequence[Here]) -> bool:
    """Whether who did it was in the room then."""
    return any(
        one.person == event.by_id and stay.since <= event.at <= stay.until + GONE_AFTER
        for one in here
        for stay in one.stays
    )


def _line(event: Event, content: Pinned, *, is_here: bool) -> Part:
    said = SENTENCES[Kind(event.kind)](event.said, content)
    about = content.items.get(event.said.get("key", "")) if said.is_about_item else None
    return {
        "event": event.sequence,
        "at": event.at.isoformat(),
        "by": event.printed_name,
        "did": said.did,
        "about": f"{about.ref} {about.title}" if about else "",
        "then": said.then,
        "quote": said.quote,
        "change": said.change,
        "is_here": is_here,
    }


def checked_by(events: Sequence[Event], here: Sequence[Here]) -> dict[str, Part]:
    """Whose word it was last, and where, by the item's key."""
    return {
        event.said["key"]: {"by": event.printed_name, "is_here": is_here}
        for event, is_here in _with_room(events, here)
        if event.kind in CHECKS and "key" in event.said
    }


def withdrawn_by(events: Iterable[Event]) -> dict[str, Part]:
    """Who took a check back, and why, by the item's key."""
    return {
        event.said["key"]: {"by": event.printed_name, "because": event.said["because"]}
        for event in events
        if event.kind == Kind.SIGNOFF_WITHDRAWN.value and event.payload is not None
    }


def proposals_of(events: Iterable[Event], board: Board, now: datetime) -> list[Part]:
    """What was asked for or settled of waivers and N/A while the review met, as it stands now."""
    asked: set[int] = {
        event.said["exemption"]
        for event in events
        if event.kind in EXEMPTED and event.payload is not None
    }
    rows = Exemption.objects.filter(pk__in=asked, item__launch=board.launch)
    found = rows.select_related("item", "asked_by", "agreed_by", "closed_by").order_by("pk")
    rules = board.content.items
    return [
        {
            "item": one.item_id,
            "ref": rules[one.item.key].ref,
            "title": rules[one.item.key].title,
            "kind": one.kind,
            "reason": one.reason,
            "control": one.compensating_control,
            "until": _last_day(one, board),
            "asked_by": one.asked_by.name,
            **_became(one),
        }
        for one in found
    ]


def _last_day(one: Exemption, board: Board) -> str:
    return board.launch.last_day_before(one.ends_at).isoformat() if one.ends_at else ""


def _became(one: Exemption) -> Mapping[str, str]:
    """Whether a second person agreed, and who."""
    if one.closed_at and one.closed_by:
        word = "withdrawn" if one.agreed_at or one.closed_by_id == one.asked_by_id else "declined"
        return {"became": word, "by": one.closed_by.name}
    if one.agreed_at:
        return {"became": "agreed", "by": one.agreed_by.name if one.agreed_by else ""}
    return {"became": "waits", "by": ""}


def decisions_of(events: Iterable[Event], board: Board) -> list[Part]:
    """The rounds that were decided while the review met, and the one that is open."""
    taken = {
        event.said["decision"]
        for event in events
        if event.kind == Kind.DECISION_TAKEN.value and event.payload is not None
    }
    rows = board.launch.decisions.without_record().filter(number__in=taken).order_by("number")
    found = [
        {
            "number": one.number,
            "title": TITLES[one.outcome],
            "tone": TONES.get(one.outcome, ""),
            "shown": one.shown,
        }
        for one in rows
    ]
    asked = open_round(board.launch)
    if asked:
        found.append(
            {"number": asked.number, "title": "Waits for a decision", "tone": "", "shown": ""}
        )
    return found
