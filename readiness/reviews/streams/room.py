"""The room of a review while it meets: every part of its pages that is the same for all."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from readiness import clock
from readiness.reviews.models import Pulse, Review
from readiness.reviews.queries.room import Room, reviews_with_launch, room_of
from readiness.reviews.queries.stage import pulses_in
from readiness.reviews.streams import poll
from readiness.reviews.streams.fragments import changed
from readiness.reviews.templatetags import room as drawing
from readiness.web.live import Frame, Known, Notice

PULSES = "pulses-"


def render(pk: int, notices: Sequence[Notice], known: Known) -> Iterable[Frame]:
    """What changed in the room: where it looks, its clock and seat, and the parts of its pages."""
    review = reviews_with_launch().get(pk=pk)
    if not review.is_meeting:
        if known.setdefault("state", review.state) != review.state:
            known["state"] = review.state
            yield Frame(event="finished")
        return
    room = room_of(review, clock.now())
    known.setdefault("state", review.state)
    parts = parts_of(room, known)
    said = changed(parts, known, version=room.v)
    if said:
        yield Frame(said)
    seat = (*_seat(review), parts["poll"])
    if known.setdefault("seat", seat) != seat:
        known["seat"] = seat
        yield Frame(event="refresh")
    here = {"item": review.item_id, "turn": review.turn}
    if known.setdefault("here", here) != here:
        known["here"] = here
        yield Frame(json.dumps(here), "stage")


def _seat(review: Review) -> tuple[object, ...]:
    """What the bar of each page is made of: who may do what, and how the clock goes."""
    clock = (review.state, review.length_minutes, review.paused_seconds)
    return (review.driver_id, *clock)


def parts_of(room: Room, known: Known) -> dict[str, str]:
    """Each part by its id on the page, the same bytes as there."""
    parts: dict[str, str] = {}
    for chapter in room.chapters:
        parts[f"ch-{chapter.key}"] = drawing.chapter_head(chapter)
        for entry in chapter.entries:
            parts[f"ag-{entry.pk}"] = drawing.entry(entry)
    parts |= {
        "dealt": drawing.drawn_tally(room),
        "people": drawing.drawn_people(room),
        "faces": drawing.drawn_faces(room),
        "parked": drawing.drawn_parked(room),
        "log": drawing.drawn_log(room),
        "foot": drawing.drawn_foot(room),
        "poll": poll.drawn(room.review, room.board),
    }
    return parts | _pulses(room, known)


def _pulses(room: Room, known: Known) -> dict[str, str]:
    """The signals about each item that has any, or had some when it was shown last."""
    by_item: dict[int, list[Pulse]] = defaultdict(list)
    for one in room.review.pulses.select_related("person").order_by("-at"):
        by_item[one.item_id].append(one)
    shown = {int(key.removeprefix(PULSES)) for key in known if key.startswith(PULSES)}
    return {
        f"{PULSES}{item}": drawing.pulses(pulses_in(item, by_item.get(item, [])))
        for item in by_item.keys() | shown
    }
