"""The rule the product exists for: items in, verdict out.

Exact fractions throughout: adding 1/40 per tick in floats makes 38 of 40 come out above 95 %.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from readiness.rules.percent import shown
from readiness.rules.scheme import (
    NOT_ASSESSABLE,
    Aggregate,
    Band,
    BlockerPolicy,
    EmptySection,
    Outcome,
    Scheme,
    band_of,
)
from readiness.rules.states import NOTHING, Item, State, changes_at, may_end
from readiness.rules.weighing import (
    Standing,
    Tally,
    add_up,
    by_section,
    score_of,
    weigh,
)

MANY_NA = "many_na"


class SectionTally(NamedTuple):
    """One section added up; without a score if nothing in it counts."""

    key: str
    earned: Fraction
    total: Fraction
    counted: int
    left: int  # counted and not checked
    score: Fraction | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a launch may expect now, and everything that explains it.

    `earned`, `total` and `score` are of the group that decides: all items, or the weakest
    section. `counted` and `checked` are of the whole launch.
    """

    band: Band | None  # None is not assessable
    key: str
    outcome: Outcome
    score: Fraction | None
    earned: Fraction
    total: Fraction
    counted: int
    checked: int
    holds: tuple[str, ...]
    notices: tuple[str, ...]
    next_change: datetime | None
    states: Mapping[str, State]
    sections: tuple[SectionTally, ...]
    go_allowed: bool
    standings: tuple[Standing, ...] = field(compare=False, repr=False, default=())
    shown: str = field(compare=False, default="")  # the score, as people read it

    @property
    def is_held(self) -> bool:
        return bool(self.holds)


def judge(items: Sequence[Item], scheme: Scheme, now: datetime) -> Verdict:
    """The verdict on a launch at one instant; the order of the items does not matter.

    A conditional GO also needs `scheme.conditional_needs` filled in: the caller sees to that.
    """
    standings = weigh(items, scheme, now)
    tallies = {key: add_up(group) for key, group in by_section(standings).items()}
    whole = add_up(standings)
    decider, score = _deciding(tallies, whole, scheme)
    holds = tuple(standing.item.key for standing in standings if standing.holds)
    band = _named(score, scheme, is_held=bool(holds))
    # Nothing to assess is never a GO, whatever the checklist calls its bands.
    outcome = Outcome.NO_GO if band is None else band.outcome
    return Verdict(
        band=band,
        key=NOT_ASSESSABLE if band is None else band.key,
        outcome=outcome,
        score=score,
        earned=decider.earned,
        total=decider.total,
        counted=whole.counted,
        checked=whole.checked,
        holds=holds,
        notices=_notices(standings, scheme),
        next_change=_next_change(standings, now),
        states={standing.item.key: standing.state for standing in standings},
        sections=tuple(_section(key, tally, scheme) for key, tally in tallies.items()),
        go_allowed=outcome in (Outcome.GO, Outcome.CONDITIONAL) and not holds,
        standings=tuple(standings),
        shown=shown(score, scheme),
    )


def band_reached(standings: Sequence[Standing], scheme: Scheme) -> Band | None:
    """The band of weighed items, and nothing else of their verdict."""
    tallies = {}
    if scheme.aggregate != Aggregate.WHOLE:
        tallies = {key: add_up(group) for key, group in by_section(standings).items()}
    _, score = _deciding(tallies, add_up(standings), scheme)
    return _named(score, scheme, is_held=any(standing.holds for standing in standings))


def _named(score: Fraction | None, scheme: Scheme, *, is_held: bool) -> Band | None:
    """The band of a score, capped while a must-have is open where the scheme says so."""
    band = band_of(score, scheme.bands)
    if band is not None and is_held and scheme.blockers == BlockerPolicy.CAP_VERDICT:
        return scheme.bands[0]
    return band


def _deciding(
    tallies: Mapping[str, Tally], whole: Tally, scheme: Scheme
) -> tuple[Tally, Fraction | None]:
    """The group that decides and its score: among equally weak sections the first."""
    if scheme.aggregate == Aggregate.WHOLE or not whole.counted:
        return whole, score_of(whole, scheme.measure)
    weakest = None
    for tally in tallies.values():
        score = score_of(tally, scheme.measure)
        if score is None:
            if scheme.empty_section == EmptySection.SKIP:
                continue
            score = NOTHING
        if weakest is None or score < weakest[1]:
            weakest = tally, score
    return weakest or (whole, None)


def _section(key: str, tally: Tally, scheme: Scheme) -> SectionTally:
    return SectionTally(
        key=key,
        earned=tally.earned,
        total=tally.total,
        counted=tally.counted,
        left=tally.counted - tally.checked,
        score=score_of(tally, scheme.measure),
    )


def _notices(standings: Sequence[Standing], scheme: Scheme) -> tuple[str, ...]:
    """N/A confirmed on more than a share of the items in scope wants a second look."""
    if scheme.na_review_share is None:
        return ()
    states = [standing.state for standing in standings]
    confirmed = states.count(State.NA_CONFIRMED)
    in_scope = len(states) - states.count(State.NA_BY_FACET)
    many = confirmed and confirmed > scheme.na_review_share * in_scope
    return (MANY_NA,) if many else ()


def _next_change(standings: Sequence[Standing], now: datetime) -> datetime | None:
    """The earliest instant at which time alone changes an item; nothing changes before it."""
    changes = [changes_at(one.item, one.state, now) for one in standings if may_end(one.item)]
    return min((change for change in changes if change is not None), default=None)
