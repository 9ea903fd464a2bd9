"""What each item brings to the score, and the score of a group of items."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from math import lcm
from operator import attrgetter
from typing import NamedTuple

from readiness.rules.scheme import (
    Aggregate,
    BlockerPolicy,
    EmptySection,
    Measure,
    NaCountsAs,
    Scheme,
    WaiverCountsAs,
)
from readiness.rules.states import FULL, NOTHING, Item, State, is_waived, state_of
from readiness.rules.truth import Truth

HOLDS_NOTHING = False
PLACE = attrgetter("position", "key")

# Launches have few items, and so few scores: to make a fraction takes as long as to add up.
fraction = lru_cache(maxsize=4_096)(Fraction)

NA_STATES = frozenset({State.NA_BY_FACET, State.NA_CONFIRMED})


class Standing(NamedTuple):
    """Where an item stands; a credit of None leaves it out of the score."""

    item: Item
    state: State
    waived: bool
    credit: Fraction | None
    holds: bool


class Tally(NamedTuple):
    """A group of items added up."""

    earned: Fraction
    total: Fraction
    counted: int
    checked: int
    complete: int  # counted items with full credit, also those that were not checked


def weigh(items: Iterable[Item], scheme: Scheme, now: datetime) -> list[Standing]:
    """Where every item stands, in the order of the checklist."""
    return [weigh_one(item, scheme, now) for item in sorted(items, key=PLACE)]


def weigh_one(item: Item, scheme: Scheme, now: datetime) -> Standing:
    """Where one item stands."""
    state = state_of(item, now)
    waived = item.waiver_until is not None and is_waived(item, now)
    if state is State.MET and item.weight is FULL:  # as most come to be: nothing else matters
        return Standing(item, state, waived, FULL, HOLDS_NOTHING)
    holds = (
        item.blocker is not Truth.NO
        and state is not State.MET
        and not waived
        and state not in NA_STATES
        and scheme.blockers != BlockerPolicy.OFF
    )
    return Standing(item, state, waived, credit_of(item, state, scheme, waived=waived), holds)


def credit_of(item: Item, state: State, scheme: Scheme, *, waived: bool) -> Fraction | None:
    """What an item earns of its weight, or None if it is not in the denominator.

    An item of weight 0 is informative only. A waiver speaks for an item that is not met.
    """
    if item.weight is not FULL and item.weight.numerator == 0:
        return None
    if state is State.MET:
        return FULL
    if state is State.NA_BY_FACET:
        return None
    if state is State.NA_CONFIRMED:
        return FULL if scheme.na_counts_as == NaCountsAs.MET else None
    if waived and scheme.waiver_counts_as != WaiverCountsAs.OPEN:
        return FULL if scheme.waiver_counts_as == WaiverCountsAs.MET else None
    return item.credit if state is State.PARTIAL else NOTHING


def by_section(standings: Iterable[Standing]) -> dict[str, list[Standing]]:
    """The items of each section, sections in the order of their first item."""
    sections: dict[str, list[Standing]] = {}
    for standing in standings:
        sections.setdefault(standing.item.section, []).append(standing)
    return sections


def groups(standings: Sequence[Standing], scheme: Scheme) -> list[Sequence[Standing]]:
    """The groups whose scores decide: all items at once, or each section by itself.

    Sections in which nothing counts are left out, unless the scheme scores them zero.
    """
    if scheme.aggregate == Aggregate.WHOLE:
        return [standings]
    skips = scheme.empty_section == EmptySection.SKIP
    return [
        group
        for group in by_section(standings).values()
        if not skips or any(standing.credit is not None for standing in group)
    ]


def add_up(group: Iterable[Standing]) -> Tally:
    """Add a group up in whole numbers over one denominator: fractions are slow to add."""
    unit, earned, total, counted, checked, complete = 1, 0, 0, 0, 0, 0
    done, empty = 0, 0  # of weight 1, with all of it or nothing: as nearly all items are
    for one in group:
        credit = one.credit
        if credit is None:
            continue
        if one.item.weight is FULL and credit is FULL and one.state is State.MET:
            done += 1
            continue
        if one.item.weight is FULL and credit is NOTHING:
            empty += 1
            continue
        upper, lower = one.item.weight.as_integer_ratio()
        gained, parts = credit.as_integer_ratio()
        if unit % (lower * parts):
            finer = lcm(unit, lower * parts)
            earned, total, unit = earned * (finer // unit), total * (finer // unit), finer
        share = unit // lower * upper
        gain = share // parts * gained
        total += share
        earned += gain
        counted += 1
        checked += one.state is State.MET
        complete += gain == share
    return Tally(
        fraction(earned + done * unit, unit),
        fraction(total + (done + empty) * unit, unit),
        counted + done + empty,
        checked + done,
        complete + done,
    )


def score_of(tally: Tally, measure: Measure) -> Fraction | None:
    """The measure of a group; a group in which nothing counts has none."""
    if not tally.counted:
        return None
    if measure == Measure.SUM:
        return tally.earned
    if measure == Measure.REQUIRED:
        return Fraction(tally.complete == tally.counted)
    earned, total = tally.earned, tally.total
    return fraction(earned.numerator * total.denominator, earned.denominator * total.numerator)
