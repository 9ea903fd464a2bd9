"""What if: a launch on a scratch copy, judged by the same rule. Nothing of it is ever written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from readiness.launches.models import Launch
from readiness.launches.queries.applying import conditions_of
from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.card import Held, says, shape_of, slack_of, steps_of
from readiness.launches.queries.card import counts_of as counted_of
from readiness.launches.queries.facts import FOREVER, Fact, due_on, facts_from, facts_if, rows_of
from readiness.launches.queries.formula import Formula, formula_of
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.pinned import ItemRule, Pinned, pinned
from readiness.launches.queries.standing_on import (
    LAUNCH_DATE,
    MODEL_VERSION,
    declared_of,
    kinds_declared_in,
    parts_of,
)
from readiness.rules.basis import fingerprint
from readiness.rules.facets import Answers
from readiness.rules.states import FULL, NOTHING, Item, Na, State
from readiness.rules.steps import checked
from readiness.web import locales

AS_IS, DONE, OPEN, WAIVED, NOT_APPLICABLE, EXPIRED = "", "done", "open", "waived", "na", "expired"
CHOICES = {
    AS_IS: "As it is",
    DONE: "Done",
    OPEN: "Not done",
    WAIVED: "Waived",
    NOT_APPLICABLE: "Not applicable",
    EXPIRED: "Expired",
}


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is supposed to be otherwise; what is empty stays as it is."""

    items: Mapping[str, str] = field(default_factory=dict)
    answers: Answers | None = None
    launch_on: date | None = None
    changed: tuple[str, ...] = ()
    at: datetime | None = None


class Side(NamedTuple):
    """The verdict on one side: as it is, or as it would be."""

    shape: str
    says: str
    number: str
    counts: str
    formula: Formula
    held: tuple[Held, ...]


class Choice(NamedTuple):
    value: str
    title: str
    is_on: bool


class Row(NamedTuple):
    """One item: as it would be, what may be supposed of it, and what differs from now."""

    pk: int
    key: str
    ref: str
    title: str
    look: str
    word: str
    was: str
    because: str
    is_set: bool
    is_must_have: bool
    choices: tuple[Choice, ...]

    @property
    def differs(self) -> bool:
        return bool(self.was)


class Section(NamedTuple):
    number: int
    title: str
    rows: tuple[Row, ...]


class Step(NamedTuple):
    """An item on the way to the next verdict, and the key under which to suppose it done."""

    key: str
    look: str
    word: str
    title: str


class Moved(NamedTuple):
    """An item whose part in the verdict changes without anybody having supposed it of it."""

    ref: str
    title: str
    look: str
    word: str
    because: str


@dataclass(frozen=True, slots=True)
class Page:
    """Both sides, and everything between them."""

    now: Side
    then: Side
    differs: bool
    sections: tuple[Section, ...]
    fell: tuple[Moved, ...]
    came: tuple[Moved, ...]
    next_title: str
    steps: tuple[Step, ...]
    slack: str
    tilt: str


def what_if(launch: Launch, supposed: Supposed, now: datetime) -> Page:
    """The launch as it is beside the launch as it would be."""
    rows = rows_of(launch)
    was = board_of(launch, now, facts_from(rows, now))
    then = supposed_board(launch, supposed, now, rows)
    moved = {
        key: _because(was.places[key], place, supposed)
        for key, place in then.places.items()
        if place.look != was.places[key].look or place.is_counted != was.places[key].is_counted
    }
    free = {key: why for key, why in moved.items() if key not in supposed.items}
    return Page(
        now=_side(was),
        then=_side(then),
        differs=was.verdict != then.verdict or bool(moved),
        sections=tuple(_sections(was, then, supposed, moved)),
        fell=tuple(_moved(was, then, free, falls=True)),
        came=tuple(_moved(was, then, free, falls=False)),
        next_title=_next_title(then),
        steps=tuple(
            Step(place.fact.key, place.look, WORDS[place.look], place.rule.title)
            for place in steps_of(then)
        ),
        slack=slack_of(then),
        tilt=_tilt(was, then),
    )


def kinds_of(content: Pinned) -> tuple[str, ...]:
    """What may be supposed to change under sign-offs; the date has a field of its own."""
    stands_on = {kind for rule in content.items.values() for kind in rule.invalidated_by}
    model = (MODEL_VERSION,) if MODEL_VERSION in stands_on else ()
    return (*model, *kinds_declared_in(content))


def choices_for(rule: ItemRule) -> list[str]:
    """What may be supposed of an item: N/A only where its checklist allows it."""
    return [one for one in CHOICES if rule.na_allowed or one != NOT_APPLICABLE]


def supposed_board(
    launch: Launch, supposed: Supposed, now: datetime, rows: Sequence[tuple] | None = None
) -> Board:
    """The board of the scratch copy, at the instant that is supposed."""
    at, content = supposed.at or now, pinned(launch.version_id)
    then = copy(launch)
    if supposed.launch_on:
        local = launch.launch_at.astimezone(launch.tzinfo)
        then.launch_at = local.replace(
            year=supposed.launch_on.year,
            month=supposed.launch_on.month,
            day=supposed.launch_on.day,
        )
    if supposed.answers is not None:
        then.facets = dict(supposed.answers)
    facts = facts_from(rows_of(launch) if rows is None else rows, at)
    if supposed.changed or then.launch_on != launch.launch_on:
        facts = facts_if(launch, _bases(then, facts, content, supposed.changed), at)
    conditions = conditions_of(content, then.facets) if supposed.answers is not None else {}
    changed = []
    for fact in facts:
        item, rule = fact.item, content.items[fact.key]
        if fact.key in conditions:
            found = conditions[fact.key]
            item = item._replace(applies=found.applies, blocker=found.blocker)
        if item.due_on == due_on(launch, rule):
            item = item._replace(due_on=due_on(then, rule))
        changed.append(fact._replace(item=_as(item, supposed.items.get(fact.key, AS_IS), at)))
    return board_of(then, at, changed)


def _bases(
    then: Launch, facts: Sequence[Fact], content: Pinned, changed: Collection[str]
) -> dict[int, str]:
    """What sign-offs would have to stand on: a value that nobody signed on for what changed."""
    declared, bases = declared_of(then), {}
    for fact in facts:
        parts = parts_of(then, content.items[fact.key], declared)
        parts |= {kind: f"{parts[kind]} supposed" for kind in changed if kind in parts}
        bases[fact.pk] = fingerprint(parts)
    return bases


def _as(item: Item, choice: str, at: datetime) -> Item:
    """The item as it is supposed to be at an instant."""
    if choice == DONE:
        return checked(item)._replace(na=None)
    if choice == OPEN:
        return item._replace(credit=NOTHING, na=None, waiver_until=None)
    if choice == WAIVED:
        is_met = item.credit.numerator and not item.superseded and not item.provisional
        credit = NOTHING if is_met else item.credit
        return item._replace(credit=credit, na=None, waiver_until=FOREVER)
    if choice == NOT_APPLICABLE:
        return item._replace(na=Na.CONFIRMED, na_expires_at=None)
    if choice == EXPIRED:
        gone = checked(item)._replace(expires_at=at, na=None, waiver_until=None)
        return gone._replace(credit=item.credit if item.credit.numerator else FULL)
    return item


def _side(board: Board) -> Side:
    verdict = board.verdict
    return Side(
        shape=shape_of(verdict.band),
        says=says(verdict.band),
        number=locales.number(verdict.shown),
        counts=counted_of(board),
        formula=formula_of(verdict, board.content),
        held=tuple(
            Held(one.fact.pk, one.rule.ref, one.rule.title)
            for one in (board.places[key] for key in verdict.holds)
        ),
    )


def _sections(
    was: Board, then: Board, supposed: Supposed, moved: Mapping[str, str]
) -> Iterator[Section]:
    for section in then.content.sections:
        places = [one for one in then.places.values() if one.rule.section == section.key]
        yield Section(
            section.number,
            section.title,
            tuple(_row(was.places[one.fact.key], one, supposed, moved) for one in places),
        )


def _row(was: Place, place: Place, supposed: Supposed, moved: Mapping[str, str]) -> Row:
    key, choice = place.fact.key, supposed.items.get(place.fact.key, AS_IS)
    return Row(
        pk=place.fact.pk,
        key=key,
        ref=place.rule.ref,
        title=place.rule.title,
        look=place.look,
        word=WORDS[place.look],
        was=WORDS[was.look] if key in moved else "",
        because="" if choice else moved.get(key, ""),
        is_set=bool(choice),
        is_must_have=place.standing.holds,
        choices=tuple(Choice(one, CHOICES[one], one == choice) for one in choices_for(place.rule)),
    )


def _because(was: Place, place: Place, supposed: Supposed) -> str:
    """Why an item is not what it was."""
    state, before = place.standing.state, was.standing.state
    if state is State.NA_BY_FACET:
        return "does not apply under these answers"
    if before is State.NA_BY_FACET:
        return "applies under these answers"
    if state is State.SUPERSEDED:
        kinds = [kind for kind in place.rule.invalidated_by if kind in supposed.changed]
        if LAUNCH_DATE in place.rule.invalidated_by and supposed.launch_on:
            kinds.append(LAUNCH_DATE)
        said = " and ".join(kind.replace("_", " ") for kind in kinds)
        return f"was signed for another {said}" if said else "stands on what changed"
    if state is State.EXPIRED:
        return "its sign-off has expired by then"
    if was.standing.waived and not place.standing.waived:
        return "its waiver has ended by then"
    if before is State.NA_CONFIRMED:
        return "its N/A has run out by then"
    if state is State.PROVISIONAL:
        return "its evidence is too old by then"
    return "what it was signed on holds again" if place.look == "done" else ""


def _moved(was: Board, then: Board, because: Mapping[str, str], *, falls: bool) -> Iterator[Moved]:
    """The items that lose what they earned, or get it."""
    for key, why in because.items():
        before, after = was.places[key].standing, then.places[key].standing
        lost = (after.credit or NOTHING) < (before.credit or NOTHING) or (
            before.waived and not after.waived and after.state is not State.MET
        )
        if lost == falls:
            place = then.places[key]
            yield Moved(place.rule.ref, place.rule.title, place.look, WORDS[place.look], why)


def _next_title(board: Board) -> str:
    if board.way_up:
        return f"To reach {board.way_up.band.title}, check {len(board.way_up.items)} more"
    if board.verdict.band == board.content.scheme.bands[-1]:
        return f"{board.content.scheme.bands[-1].title} is reached"
    return "No set of items reaches the next verdict"


def _tilt(was: Board, then: Board) -> str:
    """Whether it gets better or worse, for a tone; nothing where it stays."""
    bands = then.content.scheme.bands
    before, after = (
        -1 if board.verdict.band is None else bands.index(board.verdict.band)
        for board in (was, then)
    )
    held = (was.verdict.is_held, then.verdict.is_held)
    if before != after:
        return "up" if after > before else "down"
    return {(True, False): "up", (False, True): "down"}.get(held, "")
