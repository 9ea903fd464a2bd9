"""The room of a review as everyone in it sees it: agenda, people, what is parked, the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.card import Card, card_of
from readiness.launches.queries.faces import Face
from readiness.launches.queries.feed import Line, latest
from readiness.launches.queries.launch_page import ICONS
from readiness.launches.queries.looks import WORDS
from readiness.reviews.models import AgendaItem, Review
from readiness.reviews.models.reviews import ReviewQuerySet, State
from readiness.reviews.queries.agenda import comes_next, is_settled
from readiness.reviews.queries.presence import Presence, presence_of

PEOPLE = ("driver", "facilitator")
LAUNCH = ("launch__team", "launch__lead", "launch__version", "launch__subject")


class Entry(NamedTuple):
    """An item of the agenda: all that its row shows, the same bytes for every reader."""

    pk: int
    look: str
    word: str
    ref: str
    title: str
    is_parked: bool
    is_past: bool
    here: tuple[Face, ...] = ()


class Chapter(NamedTuple):
    """The items of one section that are on the agenda, and how much of the section is checked."""

    key: str
    title: str
    icon: str
    checked: int
    counted: int
    entries: tuple[Entry, ...]


class Parked(NamedTuple):
    """An item that comes again at the end, and why."""

    pk: int
    ref: str
    title: str
    because: str
    by: str


class Clock(NamedTuple):
    """How long the review has met, of how long, and how far the agenda is by now."""

    elapsed: int
    length: int
    is_running: bool
    dealt: int
    to_do: int

    @property
    def written(self) -> str:
        return _minutes(self.elapsed)

    @property
    def of(self) -> str:
        return _minutes(self.length)

    @property
    def gone(self) -> str:
        """Which part of the time is over, in percent."""
        return f"{min(100, 100 * self.elapsed / self.length):.1f}"

    @property
    def share(self) -> str:
        """Which part of the agenda is dealt with, in percent."""
        return f"{100 * self.dealt / self.to_do:.1f}" if self.to_do else "100"

    @property
    def pace(self) -> str:
        """How far the agenda is ahead of the time, or behind it."""
        if not self.to_do or not self.dealt:
            return ""
        ahead = round((self.length * self.dealt / self.to_do - self.elapsed) / 60)
        if ahead == 0:
            return "on time"
        return f"{ahead} min ahead" if ahead > 0 else f"{-ahead} min behind"


@dataclass(frozen=True, slots=True)
class Foot:
    """The verdict at the foot of the stage, and how far the next one is."""

    shape: str
    title: str
    says: str
    number: str
    sign: str
    counts: str
    card: Card


@dataclass(frozen=True, slots=True)
class Room:
    """A review while it meets. All of it is for everyone who may read the launch.

    `v` grows with everything that happens in the launch and on the stage: a page drops a part
    that is older than what it shows.
    """

    review: Review
    board: Board
    now: datetime
    v: int
    agenda: Sequence[AgendaItem]
    chapters: tuple[Chapter, ...]
    presence: Presence
    parked: tuple[Parked, ...]
    feed: tuple[Line, ...]
    foot: Foot
    clock: Clock

    @property
    def launch_url(self) -> str:
        return self.review.launch.get_absolute_url()

    @property
    def entries(self) -> list[Entry]:
        """The items in the order of the agenda."""
        return [entry for chapter in self.chapters for entry in chapter.entries]

    def row(self, item: int | None) -> AgendaItem | None:
        """The row of the agenda for an item."""
        return next((one for one in self.agenda if one.item_id == item), None)

    def next_undecided(self, after: int | None) -> int:
        """The item that a review goes on with after this one; 0 at the end."""
        found = comes_next(self.agenda, self.board, after=after)
        return found.item_id if found else 0


def reviews_with_launch() -> ReviewQuerySet:
    """Reviews with all that their pages say of them and their launch."""
    return Review.objects.select_related(*LAUNCH, *PEOPLE)


def room_of(review: Review, now: datetime) -> Room:
    """The room of a review that `reviews_with_launch` read, in a constant number of statements."""
    launch = review.launch
    v = launch.subject.sequence + review.turn  # what is read from here on is at least so new
    board = board_of(launch, now)
    agenda = _agenda(review)
    presence = presence_of(review, board, now)
    return Room(
        review=review,
        board=board,
        now=now,
        v=v,
        agenda=agenda,
        chapters=_chapters(board, agenda, presence),
        presence=presence,
        parked=_parked(board, agenda),
        feed=_since(review, latest(board)),
        foot=foot_of(board),
        clock=clock_of(review, board, agenda, now),
    )


def _agenda(review: Review) -> list[AgendaItem]:
    people = ("parked_by", "decided_by", "follow_up__owner")
    return list(review.agenda.select_related(*people).order_by("position"))


def _since(review: Review, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What happened since the review began."""
    began = review.started_at
    return tuple(one for one in lines if began and datetime.fromisoformat(one.at) >= began)


def _chapters(
    board: Board, agenda: Sequence[AgendaItem], presence: Presence
) -> tuple[Chapter, ...]:
    """The agenda by sections; items keep their order, and so do sections."""
    places = {place.fact.pk: place for place in board.places.values()}
    here: dict[int, list[Face]] = {}
    for person in presence.people:
        here.setdefault(person.at, []).append(person.face)
    sections = {section.key: section for section in board.content.sections}
    chapters = []
    for key, rows in groupby(agenda, key=lambda row: places[row.item_id].rule.section):
        looks = [one.look for one in places.values() if one.is_counted and one.rule.section == key]
        entries = (_entry(row, places[row.item_id], here) for row in rows)
        chapters.append(
            Chapter(
                key=key,
                title=sections[key].title,
                icon=ICONS.get(key, "layers"),
                checked=looks.count("done"),
                counted=len(looks),
                entries=tuple(entries),
            )
        )
    return tuple(chapters)


def _entry(row: AgendaItem, place: Place, here: Mapping[int, list[Face]]) -> Entry:
    return Entry(
        pk=row.item_id,
        look=place.look,
        word=WORDS[place.look],
        ref=place.rule.ref,
        title=place.rule.title,
        is_parked=row.parked_at is not None,
        is_past=bool(row.outcome),
        here=tuple(here.get(row.item_id, ())),
    )


def _parked(board: Board, agenda: Sequence[AgendaItem]) -> tuple[Parked, ...]:
    rules = {place.fact.pk: place.rule for place in board.places.values()}
    return tuple(
        Parked(
            pk=row.item_id,
            ref=rules[row.item_id].ref,
            title=rules[row.item_id].title,
            because=row.parked_because,
            by=row.parked_by.name.split(" ")[0] if row.parked_by else "",
        )
        for row in agenda
        if row.parked_at
    )


def foot_of(board: Board) -> Foot:
    """The verdict now, and what moves it."""
    verdict = board.verdict
    card = card_of(board, {})
    counts = f"{verdict.checked} of {verdict.counted}"
    if board.way_up:
        left = len(board.way_up.items)
        verb = "moves" if left == 1 else "move"
        counts = f"{counts}. {left} more {verb} it to {board.way_up.band.title}"
    many = "s" if len(card.held) > 1 else ""
    held = f". Held: {len(card.held)} must-have{many} open" if card.held else ""
    return Foot(
        shape=card.shape,
        title=verdict.band.title if verdict.band else "Not assessable",
        says=card.says,
        number=card.number,
        sign=card.sign,
        counts=f"{counts}{held}.",
        card=card,
    )


def clock_of(review: Review, board: Board, agenda: Sequence[AgendaItem], now: datetime) -> Clock:
    """The clock; what was settled before anybody spoke of it is no part of the agenda's pace."""
    places = {place.fact.pk: place for place in board.places.values()}
    dealt = sum(1 for row in agenda if row.outcome)
    left = sum(1 for row in agenda if not row.outcome and not is_settled(places[row.item_id]))
    return Clock(
        elapsed=max(0, int(review.elapsed(now).total_seconds())),
        length=int(review.length.total_seconds()),
        is_running=review.state == State.RUNNING.value,
        dealt=dealt,
        to_do=dealt + left,
    )


def _minutes(seconds: int) -> str:
    return f"{seconds // 60:02}:{seconds % 60:02}"
