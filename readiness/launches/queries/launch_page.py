"""What the page of a launch shows, and the parts of it that a tick changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import Launch
from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.card import SHOWN_STEPS, Card, card_of, steps_of
from readiness.launches.queries.feed import Line, latest
from readiness.launches.queries.pinned import AnswerRule, Pinned, SectionRule
from readiness.launches.queries.rows import Extra, Row, extras_of, row_of
from readiness.rules.percent import shown

ALL, UNFINISHED, MINE = "", "unfinished", "mine"
ICONS = {
    "rollback-traffic-control": "undo-2",
    "observability-monitoring": "activity",
    "testing-validation": "flask-conical",
    "data-quality-freshness": "database",
    "compliance-safety-rails": "shield-check",
    "platform-infra": "server",
    "team-readiness": "users-round",
}


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its rows; equal sections are the same bytes."""

    key: str
    number: int
    title: str
    goal: str
    icon: str
    bits: tuple[str, ...]
    checked: int
    counted: int
    is_blocked: bool
    tone: str
    rows: tuple[Row, ...]
    is_open: bool

    @property
    def left(self) -> int:
        return self.counted - self.checked


@dataclass(frozen=True, slots=True)
class Filter:
    """One way to look at the checklist."""

    value: str
    title: str
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One launch with its items and its verdict."""

    launch: Launch
    may_edit: bool
    may_work: bool
    now: datetime
    days: int
    card: Card
    sections: tuple[Section, ...]
    filters: tuple[Filter, ...]
    show: str
    feed: list[Line]
    answers: tuple[AnswerRule, ...]
    checked: int
    counted: int


def page_of(
    launch: Launch, acts: Collection[Action], *, reader: User, show: str, now: datetime
) -> Page:
    """The page of a launch, as it is now, for a reader who may do these acts."""
    board = board_of(launch, now)
    extras = extras_of(board)
    mine = {place.fact.pk for place in board.places.values() if place.fact.owner == reader.pk}
    show = show if show in (UNFINISHED, MINE) else ALL
    sections = (
        section_of(board, section, _wanted(board, section, show, mine), extras)
        for section in board.content.sections
    )
    return Page(
        launch=launch,
        may_edit=Action.LAUNCH_EDIT in acts,
        may_work=Action.ITEM_WORK in acts and not launch.is_over,
        now=now,
        days=(launch.launch_on - board.today).days,
        card=card_of(board, extras),
        sections=tuple(one for one in sections if one.rows or show == ALL),
        filters=(
            Filter(ALL, "All", len(board.places), show == ALL),
            Filter(UNFINISHED, "Unfinished", board.left, show == UNFINISHED),
            Filter(MINE, "Mine", len(mine), show == MINE),
        ),
        show=show,
        feed=latest(launch, board.content),
        answers=partial_answers(board.content),
        checked=board.verdict.checked,
        counted=board.verdict.counted,
    )


def section_of(
    board: Board, section: SectionRule, wanted: list[Place], extras: Mapping[int, Extra]
) -> Section:
    """A section; `wanted` are the items whose rows are shown."""
    places = _places(board, section.key)
    counted = [place for place in places if place.is_counted]
    checked = sum(place.look == "done" for place in counted)
    left = len(counted) - checked
    return Section(
        key=section.key,
        number=section.number,
        title=section.title,
        goal=section.goal,
        icon=ICONS.get(section.key, ""),
        bits=tuple(place.look for place in counted),
        checked=checked,
        counted=len(counted),
        is_blocked=any(place.look == "blocked" for place in places),
        tone=tone_of(checked, len(counted)),
        rows=tuple(row_of(board, place, extras[place.fact.pk]) for place in wanted),
        is_open=left > 0 or len(wanted) < len(places),
    )


def tone_of(checked: int, counted: int) -> str:
    """Green when nothing is left, amber from four fifths, red below."""
    if not counted:
        return "grey"
    if checked == counted:
        return "green"
    return "amber" if 5 * checked >= 4 * counted else "red"


def partial_answers(content: Pinned) -> tuple[AnswerRule, ...]:
    """The answers with credit, if there is more than one way to say done; the fullest first."""
    credited = [answer for answer in content.answers.values() if answer.credit]
    credited.sort(key=lambda answer: answer.credit, reverse=True)
    return tuple(credited) if len(credited) > 1 else ()


@dataclass(frozen=True, slots=True)
class Change:
    """What of a launch's page is another after a change of one item."""

    launch: Launch
    now: datetime
    row: Row
    section: Section
    card: Card
    feed: list[Line]
    checked: int
    counted: int
    says: str

    @property
    def left(self) -> int:
        return self.counted - self.checked


def change_of(board: Board, pk: int) -> Change:
    """The parts of the page that a change of this item touches, in two statements."""
    place = board.place(pk)
    extras = extras_of(board, {pk, *(one.fact.pk for one in steps_of(board)[:SHOWN_STEPS])})
    section = next(one for one in board.content.sections if one.key == place.rule.section)
    return Change(
        launch=board.launch,
        now=board.now,
        row=row_of(board, place, extras[pk]),
        section=section_of(board, section, [], extras),
        card=card_of(board, extras),
        feed=latest(board.launch, board.content),
        checked=board.verdict.checked,
        counted=board.verdict.counted,
        says=f"{board.launch.name} is at {shown(board.verdict.score, board.content.scheme)}.",
    )


def _places(board: Board, section: str) -> list[Place]:
    return [place for place in board.places.values() if place.rule.section == section]


def _wanted(board: Board, section: SectionRule, show: str, mine: set[int]) -> list[Place]:
    places = _places(board, section.key)
    if show == UNFINISHED:
        return [place for place in places if place.is_left]
    if show == MINE:
        return [place for place in places if place.fact.pk in mine]
    return places
