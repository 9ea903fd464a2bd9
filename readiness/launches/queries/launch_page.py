"""What the page of a launch shows, and the parts of it that a tick changes."""

import json
from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import Launch
from readiness.launches.models.launches import Stage
from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.card import SHOWN_STEPS, Card, card_of, steps_of
from readiness.launches.queries.exempting import Asking, asking_of
from readiness.launches.queries.faces import Face, face_of
from readiness.launches.queries.feed import AS_JSON, Line, latest, lines_in
from readiness.launches.queries.pinned import AnswerRule, Pinned, SectionRule
from readiness.launches.queries.rows import (
    SOME_EXTRAS,
    Extra,
    Row,
    extras_in,
    extras_of,
    owned_by,
    row_of,
    weekday,
)
from readiness.launches.queries.tabs import Tabs
from readiness.rules.states import State
from readiness.web import prepared
from readiness.web.locales import number
from readiness.web.templatetags.face import tminus

FALLEN = (State.SUPERSEDED, State.EXPIRED, State.PROVISIONAL)
OWNERS = """
SELECT json_agg(json_build_array(i.id, u.name, u.email))::text
FROM launches_launchitem i JOIN accounts_user u ON u.id = i.owner_id
WHERE i.launch_id = %(launch)s AND i.id = ANY(%(steps)s::bigint[])
"""
# What rows show; beside each of them whose the next steps are, and the latest events.
TOUCHED = f"SELECT said.*, ({OWNERS}), ({AS_JSON}) FROM ({SOME_EXTRAS}) said"  # noqa: S608
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


class Head(NamedTuple):
    """What the head of the page says of a launch."""

    pk: int
    url: str
    name: str
    purpose: str
    day: str
    tminus: str
    lead: Face
    team: str
    candidate: str
    candidate_url: str
    version_id: int
    version: str
    stage: str


@dataclass(frozen=True, slots=True)
class Page:
    """One launch with its items and its verdict; equal pages are the same bytes."""

    launch: Head
    may_edit: bool
    may_work: bool
    card: Card
    sections: tuple[Section, ...]
    filters: tuple[Filter, ...]
    show: str
    feed: tuple[Line, ...]
    answers: tuple[AnswerRule, ...]
    asking: Asking
    tabs: Tabs
    keys_on: bool
    fallen: tuple[str, ...] = ()  # what the reader signed and may re-affirm, as a bulk act sends it


def page_of(
    launch: Launch, acts: Collection[Action], *, reader: User, show: str, now: datetime
) -> Page:
    """The page of a launch, as it is now, for a reader who may do these acts."""
    board = board_of(launch, now)
    extras = extras_of(board)
    mine = {place.fact.pk for place in board.places.values() if place.fact.owner == reader.pk}
    show = show if show in (UNFINISHED, MINE) else ALL
    places = by_section(board)
    sections = (
        section_of(board, section, places[section.key], extras, _wanted(show, mine))
        for section in board.content.sections
    )
    return Page(
        launch=head_of(board),
        may_edit=Action.LAUNCH_EDIT in acts,
        may_work=Action.ITEM_WORK in acts and not launch.is_over,
        card=card_of(board, extras),
        sections=tuple(one for one in sections if one.rows or show == ALL),
        filters=(
            Filter(ALL, "All", len(board.places), show == ALL),
            Filter(UNFINISHED, "Unfinished", board.left, show == UNFINISHED),
            Filter(MINE, "Mine", len(mine), show == MINE),
        ),
        show=show,
        feed=latest(board),
        answers=partial_answers(board.content),
        asking=asking_of(board),
        tabs=Tabs(
            pk=launch.pk,
            tally=f"{board.verdict.checked}/{board.verdict.counted}",
            threads=launch.thread_count,
            reviews=launch.review_count,
        ),
        keys_on=reader.keys_on,
        fallen=_fallen(board, reader) if Action.ITEM_SIGN in acts and not launch.is_over else (),
    )


def _fallen(board: Board, reader: User) -> tuple[str, ...]:
    """What the reader signed that fell, where its policy lets them say that it is still true."""
    return tuple(
        f"{place.fact.pk}.{place.fact.version}"
        for place in board.places.values()
        if place.standing.state in FALLEN and place.rule.signing.may_reaffirm
        for word in place.fact.words
        if word.by == reader.pk and not word.counts(board.now) and word.speaks_for == 1
    )


def head_of(board: Board) -> Head:
    """The head of a launch that `opened` read."""
    launch, candidate = board.launch, board.launch.candidate
    on = launch.launch_on
    return Head(
        pk=launch.pk,
        url=launch.get_absolute_url(),
        name=launch.name,
        purpose=launch.purpose,
        day=weekday(on),
        tminus=tminus((on - board.today).days),
        lead=face_of(launch.lead.name, launch.lead.email),
        team=launch.team.name,
        candidate=str(candidate) if candidate else "",
        candidate_url=candidate.registry_url if candidate else "",
        version_id=launch.version_id,
        version=f"{launch.version.title} {launch.version.number}",
        stage=launch.get_stage_display() if launch.stage != Stage.PREPARING else "",
    )


def by_section(board: Board) -> dict[str, list[Place]]:
    """The items of each section of the checklist, also of those that have none here."""
    sections: dict[str, list[Place]] = {section.key: [] for section in board.content.sections}
    for place in board.places.values():
        sections[place.rule.section].append(place)
    return sections


def section_of(
    board: Board,
    section: SectionRule,
    places: list[Place],
    extras: Mapping[int, Extra],
    is_wanted: Callable[[Place], bool],
) -> Section:
    """A section of these items, with the rows of those that are wanted."""
    counted = [place.look for place in places if place.is_counted]
    checked = counted.count("done")
    wanted = [place for place in places if is_wanted(place)]
    return Section(
        key=section.key,
        number=section.number,
        title=section.title,
        goal=section.goal,
        icon=ICONS.get(section.key, ""),
        bits=tuple(counted),
        checked=checked,
        counted=len(counted),
        is_blocked=any(place.look == "blocked" for place in places),
        tone=tone_of(checked, len(counted)),
        rows=tuple(row_of(board, place, extras[place.fact.pk]) for place in wanted),
        is_open=checked < len(counted) or len(wanted) < len(places),
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
    row: Row
    section: Section
    card: Card
    feed: tuple[Line, ...]
    checked: int
    counted: int
    says: str

    @property
    def left(self) -> int:
        return self.counted - self.checked


class Look(NamedTuple):
    """A launch after a change, and what its page shows of that: asked for, and not yet read."""

    board: Board
    touched: prepared.Answer[list[tuple]]


def look_of(board: Board, pks: Collection[int]) -> Look:
    """Ask what the rows of these items show, whose the next steps are, and the latest events."""
    asked = {
        "launch": board.launch.pk,
        "items": prepared.numbers(pks),
        "steps": prepared.numbers(one.fact.pk for one in steps_of(board)[:SHOWN_STEPS]),
        "subject": board.launch.subject_id,
    }
    return Look(board, prepared.ask(TOUCHED, asked, list))


def change_of(look: Look, pk: int) -> Change:
    """The parts of the page that a change of this item touches, in one statement."""
    board, place = look.board, look.board.place(pk)
    extras, feed = _touched(look)
    section = next(one for one in board.content.sections if one.key == place.rule.section)
    return Change(
        launch=board.launch,
        row=row_of(board, place, extras[pk]),
        section=section_of(board, section, by_section(board)[section.key], {}, lambda _: False),
        card=card_of(board, extras),
        feed=feed,
        checked=board.verdict.checked,
        counted=board.verdict.counted,
        says=f"{board.launch.name} is at {number(board.verdict.shown)}.",
    )


@dataclass(frozen=True, slots=True)
class Changes:
    """What of a launch's page is another after a change of several items."""

    launch: Launch
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    card: Card
    feed: tuple[Line, ...]
    checked: int
    counted: int

    @property
    def left(self) -> int:
        return self.counted - self.checked


def changes_of(board: Board, pks: Collection[int]) -> Changes:
    """The parts of the page that a change of these items touches, in one statement."""
    touched = [place for place in board.places.values() if place.fact.pk in pks]
    (extras, feed), places = _touched(look_of(board, pks)), by_section(board)
    keys = {place.rule.section for place in touched}
    return Changes(
        launch=board.launch,
        rows=tuple(row_of(board, place, extras[place.fact.pk]) for place in touched),
        sections=tuple(
            section_of(board, section, places[section.key], {}, lambda _: False)
            for section in board.content.sections
            if section.key in keys
        ),
        card=card_of(board, extras),
        feed=feed,
        checked=board.verdict.checked,
        counted=board.verdict.counted,
    )


def _touched(look: Look) -> tuple[dict[int, Extra], tuple[Line, ...]]:
    rows = look.touched.read()
    *_, owners, events = rows[0] if rows else (None, None)
    steps = {pk: owned_by(*owner) for pk, *owner in json.loads(owners or "[]")}
    extras = extras_in(look.board, (row[:-2] for row in rows))
    return steps | extras, lines_in(look.board, events)


def _wanted(show: str, mine: Container[int]) -> Callable[[Place], bool]:
    """Which items a way to look at the checklist shows."""
    if show == UNFINISHED:
        return lambda place: place.is_left
    if show == MINE:
        return lambda place: place.fact.pk in mine
    return lambda place: True
