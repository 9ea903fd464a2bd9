"""The item on the stage, for one reader: what it is, what may be decided, what the room says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.queries.exempting import WAITING, Agreement, Excuse, agreement_of
from readiness.launches.queries.faces import Face, face_of
from readiness.launches.queries.item_page import ItemPage, item_page, items_with_launch
from readiness.launches.queries.rows import weekday
from readiness.reviews.models import AgendaItem, Pulse
from readiness.reviews.models.room import Outcome, Signal
from readiness.reviews.policies import meeting
from readiness.reviews.queries.agenda import SETTLED
from readiness.reviews.queries.room import Entry, Room

LAPTOP, PHONE, WALL = "laptop", "phone", "wall"
PAGES = {LAPTOP: "reviews:review", PHONE: "reviews:me", WALL: "reviews:wall"}
SHOWN_QUESTIONS, SHOWN_COMING = 3, 3
DECIDED = {
    Outcome.DONE.value: ("done", "Done"),
    Outcome.NOT_DONE.value: ("in_progress", "Not done"),
    Outcome.NA.value: ("na_proposed", "Not applicable"),
    Outcome.WAIVE.value: ("waived", "Waive"),
}


class Pulses(NamedTuple):
    """What the room signals about one item; the same bytes for every reader."""

    item: int
    agree: int
    questions: tuple[tuple[str, str], ...]
    more_questions: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the room, and what is theirs to do in it."""

    user: User
    device: str
    acts: frozenset[Action]
    is_in_it: bool
    drives: bool
    steers: bool

    @property
    def may_drive(self) -> bool:
        return Action.REVIEW_DRIVE in self.acts

    @property
    def may_invite(self) -> bool:
        """Whether they look for guests here: on a laptop, where there is room to."""
        return Action.REVIEW_PLAN in self.acts and self.device == LAPTOP

    @property
    def page(self) -> str:
        """The name of the page they look at it with."""
        return PAGES[self.device]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was asked for and waits for a second person; `why_not` is why this reader may not."""

    excuse: Excuse
    agreement: Agreement
    why_not: str

    @property
    def pk(self) -> int:
        return self.excuse.exemption.pk


@dataclass(frozen=True, slots=True)
class Decided:
    """What the room said of an item already."""

    look: str
    word: str
    by: str
    note: str
    owner: Face | None
    due: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One item of the agenda on the stage of one reader."""

    room: Room
    reader: Reader
    item: ItemPage
    row: AgendaItem | None
    icon: str
    goal: str
    before: Entry | None
    after: Entry | None
    next_undecided: Entry | None
    decided: Decided | None
    proposals: tuple[Proposal, ...]
    pulses: Pulses
    mine: frozenset[str]
    closed: str
    is_followed: bool

    @property
    def pk(self) -> int:
        return self.item.item.pk

    @property
    def is_here(self) -> bool:
        """Whether this is the item that the room is at."""
        return self.room.review.item_id == self.pk

    @property
    def may_decide(self) -> bool:
        return not self.closed

    @property
    def not_signing(self) -> str:
        """Why this reader cannot mark the item done now."""
        if not self.item.may_sign:
            return "You can drive. Members of the team mark items done."
        return self.item.not_signing

    @property
    def owner_pk(self) -> int:
        """Whom a follow-up is offered to at first."""
        if self.row and self.row.follow_up:
            return self.row.follow_up.owner_id
        return self.item.item.owner_id or self.reader.user.pk

    @property
    def due_on(self) -> str:
        """Until when a follow-up is offered at first, as a date field holds it."""
        review, today = self.room.review, self.room.board.today
        if self.row and self.row.follow_up:
            return self.row.follow_up.due_on.isoformat()
        due = self.item.item.due_on or review.launch.launch_on
        return max(due, today).isoformat()


def reader_of(room: Room, user: User, device: str) -> Reader:
    """What is this person's to do in the room, in two statements."""
    review = room.review
    return Reader(
        user=user,
        device=device,
        acts=review.launch.acts_of(user),
        is_in_it=not meeting.taking_part(review, user),
        drives=review.driver_id == user.pk,
        steers=not meeting.steering(review, user),
    )


def stage_of(room: Room, reader: Reader, pk: int, *, is_followed: bool) -> Stage:
    """An item of the agenda for this reader; the statements do not grow with the room."""
    review, board = room.review, room.board
    found = items_with_launch().get(pk=pk)
    item = item_page(found, board, reader=reader.user)
    entries = room.entries
    at = next((place for place, entry in enumerate(entries) if entry.pk == pk), None)
    section = next(one for one in board.content.sections if one.key == item.place.rule.section)
    icon = next((one.icon for one in room.chapters if one.key == section.key), "layers")
    row = room.row(pk)
    following = room.next_undecided(pk)
    signals = list(review.pulses.filter(item=pk).select_related("person").order_by("-at"))
    return Stage(
        room=room,
        reader=reader,
        item=item,
        row=row,
        icon=icon,
        goal=section.goal,
        before=entries[at - 1] if at else None,
        after=entries[at + 1] if at is not None and at + 1 < len(entries) else None,
        next_undecided=next((one for one in entries if one.pk == following), None),
        decided=_decided(row),
        proposals=tuple(_proposals(room, item)),
        pulses=pulses_in(pk, signals),
        mine=frozenset(one.signal for one in signals if one.person_id == reader.user.pk),
        closed=_closed(room, reader, row),
        is_followed=is_followed,
    )


def pulses_in(item: int, signals: Iterable[Pulse]) -> Pulses:
    """How many agree, and who asks what; the latest first."""
    signals = list(signals)
    agree = [one for one in signals if one.signal == Signal.AGREE.value]
    asked = [one for one in signals if one.signal == Signal.QUESTION.value]
    return Pulses(
        item=item,
        agree=len(agree),
        questions=tuple(
            (one.person.name.split(" ")[0], one.text) for one in asked[:SHOWN_QUESTIONS]
        ),
        more_questions=max(0, len(asked) - SHOWN_QUESTIONS),
    )


def _closed(room: Room, reader: Reader, row: AgendaItem | None) -> str:
    """Why this reader decides nothing here now."""
    may_decide = reader.drives or reader.acts & {Action.ITEM_WORK, Action.ITEM_SIGN}
    if not may_decide:
        return f"Members of {room.review.launch.team.name} decide. You can read this."
    if row is None:
        return meeting.NOT_ON_IT
    return meeting.going_on(room.review) or ("" if reader.is_in_it else meeting.NOT_IN_IT)


def _decided(row: AgendaItem | None) -> Decided | None:
    if row is None or not row.outcome:
        return None
    look, word = DECIDED[row.outcome]
    follow_up = row.follow_up
    owner = follow_up.owner if follow_up else None
    return Decided(
        look=look,
        word=word,
        by=row.decided_by.name if row.decided_by else "",
        note=row.note or (follow_up.text if follow_up else ""),
        owner=face_of(owner.name, owner.email) if owner else None,
        due=weekday(follow_up.due_on) if follow_up else "",
    )


def _proposals(room: Room, item: ItemPage) -> Iterable[Proposal]:
    """What waits for somebody's agreement, with exactly what that would do."""
    facts = [place.fact for place in room.board.places.values()]
    for excuse in item.excuses.open:
        if excuse.fate != WAITING:
            continue
        agreement = agreement_of(excuse.exemption, room.review.launch, facts, room.now)
        why_not = excuse.agreeing if excuse.may_agree else "A lead or an approver agrees to this."
        yield Proposal(excuse, agreement, why_not)


def coming(room: Room, pk: int) -> list[Entry]:
    """What comes after an item, first things first."""
    entries = room.entries
    at = next((place for place, entry in enumerate(entries) if entry.pk == pk), 0)
    in_turn = [*entries[at + 1 :], *entries[:at]]
    waiting = [one for one in in_turn if one.look not in SETTLED and not one.is_past]
    return sorted(waiting, key=lambda one: one.is_parked)[:SHOWN_COMING]


def own_of(room: Room, user: User) -> list[Entry]:
    """The items of the agenda that somebody owns, what is undecided first."""
    owned = {place.fact.pk for place in room.board.places.values() if place.fact.owner == user.pk}
    entries = [entry for entry in room.entries if entry.pk in owned]
    return sorted(entries, key=lambda one: one.look in SETTLED or one.is_past)
