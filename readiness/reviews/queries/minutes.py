"""The minutes of a review, as plain JSON: computed once when it is finished, kept for ever.

Whatever happens later, they say what was so then, in the words of then. Times are instants;
how they are written is up to who reads them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.launches.queries.as_of import as_of_event
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.card import SHAPES, says
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.told import record_of
from readiness.reviews.models import AgendaItem, Review
from readiness.reviews.models.room import Outcome
from readiness.reviews.queries.minutes_changes import (
    Here,
    changes_of,
    checked_by,
    decisions_of,
    here_of,
    proposals_of,
    withdrawn_by,
)
from readiness.reviews.queries.verdicts import verdict_kept
from readiness.rules.scheme import Outcome as BandOutcome
from readiness.rules.states import State
from readiness.web import locales

FORMAT = "readiness review minutes 1"
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Met:
    """All that minutes are computed from: the review, the launch before and after, the log."""

    review: Review
    board: Board
    was: Mapping[str, State]
    rows: Sequence[AgendaItem]
    events: Sequence[Event]
    here: Sequence[Here]
    now: datetime

    @property
    def places(self) -> dict[int, Place]:
        return {place.fact.pk: place for place in self.board.places.values()}

    @property
    def covered(self) -> list[AgendaItem]:
        """What the room looked at, or decided."""
        return [row for row in self.rows if row.seen_at or row.outcome]

    @property
    def planned(self) -> dict[int, int]:
        """How many seconds the plan gave each item: the same to all that were open at the start."""
        places = self.places
        is_open = [row for row in self.rows if self.was[places[row.item_id].rule.key] != State.MET]
        share = self.review.length_minutes * 60 // len(is_open or self.rows or [0])
        return {row.pk: share for row in is_open or self.rows}


def content_of(review: Review, board: Board, *, by: User, now: datetime) -> Part:
    """What a review that has just ended came to, up to the last event of its launch."""
    with locales.written_for():
        met = _met(review, board, now)
        changes = changes_of(met.events, met.here, board.content)
        return {
            "format": FORMAT,
            "review": _review(met, by),
            "launch": _launch(met),
            "before": _shaped(review.before or {}),
            "after": _after(board),
            "items": [_item(met, row) for row in met.rows],
            "checked": _checked(met),
            "undone": _undone(met),
            "follow_ups": [_follow_up(met, row) for row in met.rows if row.follow_up],
            "proposals": proposals_of(met.events, board, now),
            "parked": [_parked(met, row) for row in met.rows if row.parked_at],
            "attendance": [one.as_kept() for one in met.here],
            "sections": _sections(met),
            "poll": _poll(review),
            "decisions": decisions_of(met.events, board),
            "changes": changes,
            "log": {
                "chain": board.launch.subject_id,
                "from": review.began_at,
                "event": board.launch.subject.sequence,
                "head": board.launch.subject.head,
            },
        }


def _met(review: Review, board: Board, now: datetime) -> Met:
    began = review.began_at or 0
    events = Event.objects.filter(
        subject=board.launch.subject_id,
        sequence__gt=began,
        sequence__lte=board.launch.subject.sequence,
    )
    rows = review.agenda.select_related("decided_by", "parked_by", "follow_up__owner")
    before = as_of_event(record_of(board.launch), began).verdict()
    return Met(
        review=review,
        board=board,
        was=before.states,
        rows=list(rows.order_by("position")),
        events=list(events.order_by("sequence")),
        here=here_of(review, now),
        now=now,
    )


def _review(met: Met, by: User) -> Part:
    review, seconds = met.review, int(met.review.elapsed(met.now).total_seconds())
    return {
        "id": review.pk,
        "number": review.number,
        "starts_at": review.starts_at.isoformat(),
        "zone": review.zone,
        "began_at": review.started_at.isoformat() if review.started_at else "",
        "ended_at": met.now.isoformat(),
        "seconds": seconds,
        "planned_seconds": review.length_minutes * 60,
        "facilitator": review.facilitator.name,
        "driver": review.driver.name if review.driver else "",
        "finished_by": by.name,
        "covered": len(met.covered),
        "seconds_per_item": seconds // max(1, len(met.covered)),
    }


def _launch(met: Met) -> Part:
    launch, version = met.board.launch, met.board.launch.version
    return {
        "id": launch.pk,
        "name": launch.name,
        "team": launch.team.name,
        "lead": launch.lead.name,
        "candidate": str(launch.candidate) if launch.candidate else "",
        "checklist": f"{version.title} {version.number}",
    }


def _shaped(verdict: Part) -> Part:
    """A verdict as it was kept, with the shape of its band."""
    outcome = verdict.get("outcome", "")
    known = [one.value for one in BandOutcome]
    shape = SHAPES[BandOutcome(outcome)] if outcome in known else "not_assessable"
    return {name: said for name, said in verdict.items() if name != "sections"} | {"shape": shape}


def _after(board: Board) -> Part:
    way = board.way_up
    reach = ""
    if way:
        count = len(way.items)
        reach = f"{count} more reach{'es' if count == 1 else ''} {way.band.title}."
    return {
        **_shaped(verdict_kept(board.launch)),
        "says": says(board.verdict.band),
        "reach": reach,
    }


def _named(met: Met, row: AgendaItem) -> Part:
    rule = met.places[row.item_id].rule
    return {"item": row.item_id, "ref": rule.ref, "title": rule.title}


def _item(met: Met, row: AgendaItem) -> Part:
    """An item of the agenda: what was said of it, where it stands, and how long it took."""
    place = met.places[row.item_id]
    is_met = place.standing.state is State.MET
    return _named(met, row) | {
        "section": place.rule.section,
        "look": place.look,
        "shown_as": WORDS[place.look],
        "is_seen": row.seen_at is not None,
        "outcome": row.outcome,
        "is_short": row.outcome == Outcome.DONE.value and not is_met,
        "note": row.note,
        "by": row.decided_by.name if row.decided_by else "",
        "at": row.decided_at.isoformat() if row.decided_at else "",
        "seconds": row.seconds,
        "planned_seconds": met.planned.get(row.pk, 0),
    }


def _checked(met: Met) -> list[Part]:
    """What is checked now and was not when the review began, with who checked it."""
    found = checked_by(met.events, met.here)
    nobody = {"by": "", "is_here": False}
    return [
        _place(place) | found.get(place.rule.key, nobody)
        for place in met.board.places.values()
        if place.standing.state is State.MET and met.was[place.rule.key] is not State.MET
    ]


def _undone(met: Met) -> list[Part]:
    """What was checked when the review began and is not now, with why, where somebody said so."""
    found = withdrawn_by(met.events)
    nobody = {"by": "", "because": ""}
    return [
        _place(place)
        | {"shown_as": WORDS[place.look], "look": place.look}
        | found.get(place.rule.key, nobody)
        for place in met.board.places.values()
        if met.was[place.rule.key] is State.MET and place.standing.state is not State.MET
    ]


def _place(place: Place) -> Part:
    return {"item": place.fact.pk, "ref": place.rule.ref, "title": place.rule.title}


def _follow_up(met: Met, row: AgendaItem) -> Part:
    owed = row.follow_up
    if owed is None:
        return {}
    return _named(met, row) | {
        "text": owed.text,
        "owner": owed.owner.name,
        "owner_id": owed.owner_id,
        "due_on": owed.due_on.isoformat(),
        "is_done": owed.done_at is not None,
        "is_met": met.places[row.item_id].standing.state is State.MET,
    }


def _parked(met: Met, row: AgendaItem) -> Part:
    return _named(met, row) | {
        "because": row.parked_because,
        "by": row.parked_by.name if row.parked_by else "",
    }


def _sections(met: Met) -> list[Part]:
    """How long each section took, against what the plan gave its items."""
    took: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in met.rows:
        section = met.places[row.item_id].rule.section
        took[section].append((row.seconds, met.planned.get(row.pk, 0)))
    return [
        {
            "key": section.key,
            "number": section.number,
            "title": section.title,
            "items": len(took[section.key]),
            "seconds": _sum(seconds for seconds, _ in took[section.key]),
            "planned_seconds": _sum(planned for _, planned in took[section.key]),
        }
        for section in met.board.content.sections
        if section.key in took
    ]


def _sum(seconds: Iterable[int]) -> int:
    return sum(seconds)


def _poll(review: Review) -> Part | None:
    """What the approvers said when they were called."""
    if review.poll_began_at is None:
        return None
    return {
        "began_at": review.poll_began_at.isoformat(),
        "calls": [
            {
                "name": call.approver.name,
                "person": call.approver_id,
                "says": call.says,
                "reason": call.reason,
                "at": call.at.isoformat() if call.at else "",
            }
            for call in review.poll.select_related("approver")
        ],
    }
