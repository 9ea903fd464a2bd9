"""Why a verdict is what it is: its formula, each item's part in it, and what time will change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from readiness.launches.models import Launch
from readiness.launches.queries.as_of import Kept, Past, as_of, kept_at
from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.card import Card, card_of
from readiness.launches.queries.facts import FOREVER, rows_of
from readiness.launches.queries.formula import (
    Cut,
    Formula,
    SectionScore,
    cuts_of,
    formula_of,
    sections_of,
    written,
)
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.reasons import reason_of
from readiness.launches.queries.told import record_of
from readiness.rules.scheme import Outcome
from readiness.rules.states import State
from readiness.rules.verdict import Verdict
from readiness.rules.weighing import Standing
from readiness.web import locales

FORESEEN = 8
ENDS = {
    State.EXPIRED: "its sign-off expires",
    State.PROVISIONAL: "its evidence is too old",
    State.SUPERSEDED: "its sign-off counts no more",
}


class Line(NamedTuple):
    """One item: where it stands, what it brings, and why."""

    pk: int
    ref: str
    title: str
    look: str
    word: str
    weight: str
    earns: str
    is_counted: bool
    is_must_have: bool
    code: str
    because: str
    more: tuple[str, ...]


class Section(NamedTuple):
    """The items of one section."""

    number: int
    title: str
    checked: int
    counted: int
    lines: tuple[Line, ...]


class Said(NamedTuple):
    """A verdict in a word and a number."""

    shape: str
    title: str
    shown: str
    holds: int


class Coming(NamedTuple):
    """What time alone will change at one instant, and the verdict from then on."""

    when: str
    moment: str
    ends: tuple[tuple[str, str], ...]
    becomes: Said
    is_lower: bool


class Checked(NamedTuple):
    """The verdict that was kept, and whether the log tells the same."""

    when: str
    number: int
    said: Said
    agrees: bool
    differences: tuple[str, ...]
    is_overtaken: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole explanation, at one instant."""

    launch: Launch
    when: str
    zone: str
    typed: str
    is_now: bool
    card: Card
    formula: Formula
    each: str
    cuts: tuple[Cut, ...]
    scores: tuple[SectionScore, ...]
    sections: tuple[Section, ...]
    coming: tuple[Coming, ...]
    and_later: bool
    check: Checked | None
    gaps: tuple[str, ...]
    days: int


def why_of(launch: Launch, at: datetime | None, now: datetime) -> Page:
    """The verdict at an instant, or as it is now."""
    record = record_of(launch)
    told = as_of(record, at or now)
    past = told if at else replace(told, rows=tuple(rows_of(launch)))
    board = board_of(past.launch, past.at, past.facts())
    kept = kept_at(told)
    coming = list(_coming(past, board.verdict))
    sections = tuple(_sections(board, past))
    return Page(
        launch=past.launch,
        when=moment_of(past.at, past.launch),
        zone=past.launch.zone,
        typed=f"{past.at.astimezone(past.launch.tzinfo):%Y-%m-%dT%H:%M:%S}",
        is_now=at is None,
        card=card_of(board, {}),
        formula=formula_of(board.verdict, board.content),
        each=_each(board),
        cuts=cuts_of(board.verdict, board.content.scheme),
        scores=sections_of(board.verdict, board.content),
        sections=sections,
        coming=tuple(coming[:FORESEEN]),
        and_later=len(coming) > FORESEEN,
        check=_checked(kept, past) if kept else None,
        gaps=past.gaps,
        days=(past.launch.launch_on - board.today).days,
    )


def can_be_told(launch: Launch, at: datetime, now: datetime) -> str:
    """Why nothing can be told of an instant, or nothing."""
    if at < launch.opened_at:
        return f"This launch was opened on {moment_of(launch.opened_at, launch)}: ask for later."
    if at > now:
        return "That is yet to come: ask what if."
    return ""


def moment_of(at: datetime, launch: Launch) -> str:
    """Fri 20 Nov 2026, 14:02, where the launch is."""
    local = at.astimezone(launch.tzinfo)
    seconds = f":{local:%S}" if local.second else ""
    return f"{locales.current().in_full(local.date())}, {local:%H:%M}{seconds}"


def said_of(verdict: Verdict) -> Said:
    shape = {Outcome.NO_GO: "delay", Outcome.CONDITIONAL: "monitor", Outcome.GO: "ready"}
    band = verdict.band
    return Said(
        shape=shape.get(verdict.outcome, "not_assessable") if band else "not_assessable",
        title=band.title if band else "Nothing to assess",
        shown=locales.number(verdict.shown),
        holds=len(verdict.holds),
    )


def _sections(board: Board, past: Past) -> Iterator[Section]:
    for section in board.content.sections:
        places = [one for one in board.places.values() if one.rule.section == section.key]
        yield Section(
            number=section.number,
            title=section.title,
            checked=sum(one.is_counted and one.look == "done" for one in places),
            counted=sum(one.is_counted for one in places),
            lines=tuple(_line(one, past) for one in places),
        )


def _line(place: Place, past: Past) -> Line:
    standing, reason = place.standing, reason_of(place, past)
    return Line(
        pk=place.fact.pk,
        ref=place.rule.ref,
        title=place.rule.title,
        look=place.look,
        word=WORDS[place.look],
        weight=locales.number(written(standing.item.weight)),
        earns=_earns(standing),
        is_counted=standing.credit is not None,
        is_must_have=standing.holds,
        code=reason.code,
        because=reason.words,
        more=reason.more,
    )


def _earns(standing: Standing) -> str:
    if standing.credit is None:
        return "left out"
    earned = locales.number(written(standing.item.weight * standing.credit))
    return f"+{earned}" if standing.credit else earned


def _each(board: Board) -> str:
    """What one item of weight 1 is worth, where all that count weigh the same."""
    verdict = board.verdict
    weights = {one.item.weight for one in verdict.standings if one.credit is not None}
    if board.content.scheme.measure != "share" or weights != {1} or not verdict.total:
        return ""
    points = locales.number(f"{float(100 / verdict.total):.1f}")
    return f"Each item that counts is worth {points} points of 100."


def _coming(past: Past, verdict: Verdict) -> Iterator[Coming]:
    """Every instant at which time alone changes something, one more than is shown."""
    for _ in range(FORESEEN + 1):
        at = verdict.next_change
        if at is None or at >= FOREVER:
            return
        after = past.verdict(at)
        ends = tuple(_ends(verdict, after, past))
        yield Coming(
            when=moment_of(at, past.launch),
            moment=at.isoformat(),
            ends=ends,
            becomes=said_of(after),
            is_lower=after.band != verdict.band,
        )
        verdict = after


def _ends(before: Verdict, after: Verdict, past: Past) -> Iterator[tuple[str, str]]:
    """The items that time changes, and what becomes of each."""
    were: Mapping[str, Standing] = {one.item.key: one for one in before.standings}
    for one in after.standings:
        was, rule = were[one.item.key], past.content.items[one.item.key]
        if was.waived and not one.waived:
            yield f"{rule.ref} {rule.title}", "its waiver ends"
        elif was.state is State.NA_CONFIRMED and one.state is not was.state:
            yield f"{rule.ref} {rule.title}", "its N/A runs out"
        elif was.state is not one.state:
            yield f"{rule.ref} {rule.title}", ENDS.get(one.state, one.state.replace("_", " "))


def _checked(kept: Kept, past: Past) -> Checked:
    snapshot = kept.snapshot
    bands = {one.key: one for one in past.content.scheme.bands}
    band = bands.get(snapshot.verdict)
    return Checked(
        when=moment_of(snapshot.at, past.launch),
        number=snapshot.sequence,
        said=Said(
            shape=snapshot.outcome if band else "not_assessable",
            title=band.title if band else "Nothing to assess",
            shown=locales.number(snapshot.shown),
            holds=len(snapshot.holds),
        ),
        agrees=kept.agrees,
        differences=kept.differences,
        is_overtaken=kept.is_overtaken,
    )
