"""What if: the shortest way up to the next band, and how far it is down to the one below.

A cut c asks of a share that the sum of weight x (credit - c) is not below zero, and of points
that the sum of weight x credit is not below c. So each item moves a group by an amount of its
own, whatever the others do, and the fewest items are those that move it most.
"""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import lcm
from operator import attrgetter

from readiness.rules.choosing import Option, choose
from readiness.rules.scheme import Band, BlockerPolicy, Measure, Scheme
from readiness.rules.states import FULL, NOTHING, Item, State
from readiness.rules.truth import Truth
from readiness.rules.verdict import Verdict, band_reached, judge
from readiness.rules.weighing import (
    NA_STATES,
    Standing,
    Tally,
    add_up,
    credit_of,
    groups,
    score_of,
    weigh_one,
)

Group = Sequence[Standing]
Moves = list[tuple[Standing, Fraction]]


@dataclass(frozen=True, slots=True)
class NextBand:
    """The band to which checking these items leads; none of them can be spared."""

    band: Band
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LowerBand:
    """The band to which unchecking these items leads; None is not assessable."""

    band: Band | None
    items: tuple[str, ...]


def after(items: Sequence[Item], scheme: Scheme, now: datetime, key: str) -> Verdict:
    """The verdict if one item were checked now, with all that it requires."""
    return judge([checked(item) if item.key == key else item for item in items], scheme, now)


def to_next(
    items: Sequence[Item], scheme: Scheme, now: datetime, known: Verdict | None = None
) -> NextBand | None:
    """The fewest items which, checked, reach the next band; None if nothing reaches it.

    Among equals those with the fewest waived items, then the earlier due dates, then the
    positions. The band is the one they lead to: a cut may lie between two possible scores.
    `known` is the verdict on the items, where it was just found.
    """
    verdict = known or judge(items, scheme, now)
    target = _above(verdict.band, scheme)
    if target is None:
        return None
    capped = scheme.blockers == BlockerPolicy.CAP_VERDICT
    keys = set(verdict.holds) if capped else set()
    standings = _with(verdict.standings, keys, checked, scheme, now)
    for group in groups(standings, scheme):
        way = _way_up(group, target, scheme)
        if way is None:
            return None
        keys.update(way)
    band = band_reached(_with(standings, keys, checked, scheme, now), scheme)
    chosen = sorted((one for one in standings if one.item.key in keys), key=_preference)
    return NextBand(band or target, tuple(one.item.key for one in chosen))


def to_lower(
    items: Sequence[Item], scheme: Scheme, now: datetime, known: Verdict | None = None
) -> LowerBand | None:
    """The fewest checked items which, unchecked, lose the band; None if it cannot be lost."""
    verdict = known or judge(items, scheme, now)
    band, standings = verdict.band, verdict.standings
    if band is None or band == scheme.bands[0]:
        return None
    ways = [_must_have(standings, scheme), _left_out(standings, scheme)]
    for group in groups(standings, scheme):
        ways += [_way_down(group, band, scheme), _left_out(group, scheme)]
    for way in sorted((way for way in ways if way), key=len):
        lower = band_reached(_with(standings, set(way), _unchecked, scheme, now), scheme)
        if lower is None or scheme.bands.index(lower) < scheme.bands.index(band):
            return LowerBand(lower, tuple(way))
    return None


def slack(items: Sequence[Item], scheme: Scheme, now: datetime) -> int | None:
    """How many checked items may be unchecked, whichever they are, before the band falls."""
    lower = to_lower(items, scheme, now)
    return None if lower is None else len(lower.items) - 1


def checked(item: Item) -> Item:
    """The item as it is once checked, with all that it requires."""
    return item._replace(
        credit=FULL,
        expires_at=None,
        superseded=False,
        disputed=False,
        provisional=False,
        provisional_from=None,
    )


def _unchecked(item: Item) -> Item:
    return item._replace(credit=NOTHING)


def _with(
    standings: Group, keys: Set[str], change: Callable[[Item], Item], scheme: Scheme, now: datetime
) -> Group:
    """The same items, those with these keys changed and weighed again."""
    if not keys:
        return standings
    return [
        weigh_one(change(one.item), scheme, now) if one.item.key in keys else one
        for one in standings
    ]


def _above(band: Band | None, scheme: Scheme) -> Band | None:
    if band is None or band == scheme.bands[-1]:
        return None
    return scheme.bands[scheme.bands.index(band) + 1]


def _preference(standing: Standing) -> tuple[bool, date, int, str]:
    item = standing.item
    return standing.waived, item.due_on or date.max, item.position, item.key


def _way_up(group: Group, target: Band, scheme: Scheme) -> list[str] | None:
    """The fewest items of a group to check for a band, or None if all are not enough."""
    tally = add_up(group)
    if target.admits(score_of(tally, scheme.measure) or NOTHING):
        return []
    undone = sorted(filter(_can_be_checked, group), key=_preference)
    if scheme.measure != Measure.SUM and not target.admits(FULL):
        return None
    if not tally.counted and scheme.measure != Measure.SUM:
        return _keys(undone[:1]) or None  # the first item that counts has the full score
    if scheme.measure == Measure.REQUIRED:
        return _keys(one for one in undone if one.credit is not None and one.credit < FULL)
    moves = [(one, _gain(one, one.credit, FULL, target, scheme)) for one in undone]
    return _fewest(moves, -_margin(tally, target, scheme), past=not target.start_included)


def _way_down(group: Group, band: Band, scheme: Scheme) -> list[str] | None:
    """The fewest items of a group to uncheck for it to lose a band, or None if it keeps it."""
    done = [one for one in group if one.state in (State.MET, State.PARTIAL)]
    if scheme.measure == Measure.REQUIRED:
        if band.admits(NOTHING):
            return None
        lost = [one for one in done if _unchecked_credit(one, scheme) == NOTHING]
        return _keys(lost[:1]) or None
    moves = [(one, _loss(one, band, scheme)) for one in done]
    return _fewest(moves, _margin(add_up(group), band, scheme), past=band.start_included)


def _must_have(standings: Group, scheme: Scheme) -> list[str] | None:
    """A must-have whose loss caps the verdict."""
    if scheme.blockers != BlockerPolicy.CAP_VERDICT:
        return None
    return _keys(
        one
        for one in standings
        if one.item.blocker is not Truth.NO and one.state is State.MET and not one.waived
    )[:1]


def _left_out(group: Group, scheme: Scheme) -> list[str] | None:
    """All items that count, if none of them would count once unchecked."""
    counted = (one for one in group if one.credit is not None)
    if any(_unchecked_credit(one, scheme) is not None for one in counted):
        return None
    return _keys(one for one in group if one.credit is not None)


def _keys(standings: Iterable[Standing]) -> list[str]:
    return [one.item.key for one in standings]


def _can_be_checked(standing: Standing) -> bool:
    return (
        standing.state is not State.MET
        and standing.state not in NA_STATES
        and (standing.item.weight is FULL or standing.item.weight.numerator > 0)
    )


def _unchecked_credit(standing: Standing, scheme: Scheme) -> Fraction | None:
    """What an item would still earn if nobody had checked it."""
    if standing.state in NA_STATES:
        return standing.credit
    return credit_of(standing.item, State.OPEN, scheme, waived=standing.waived)


def _gain(
    standing: Standing, low: Fraction | None, high: Fraction | None, band: Band, scheme: Scheme
) -> Fraction:
    """How much higher above a cut its group is with one credit of an item than with another."""
    if low is NOTHING and high is FULL:
        return standing.item.weight  # what nearly every item is: arithmetic would cost more
    if low is not None and high is not None:
        return standing.item.weight * (high - low)
    return _part(standing, high, band, scheme) - _part(standing, low, band, scheme)


def _loss(standing: Standing, band: Band, scheme: Scheme) -> Fraction:
    """How much less above a cut its group is once an item is unchecked."""
    if standing.credit is FULL and standing.state is State.MET and not standing.waived:
        return standing.item.weight
    return _gain(standing, _unchecked_credit(standing, scheme), standing.credit, band, scheme)


def _part(standing: Standing, credit: Fraction | None, band: Band, scheme: Scheme) -> Fraction:
    """What an item with this credit adds to the margin of its group over a cut."""
    if credit is None:
        return NOTHING
    cut = _cut(band) if scheme.measure == Measure.SHARE else NOTHING
    return standing.item.weight * (credit - cut)


def _margin(tally: Tally, band: Band, scheme: Scheme) -> Fraction:
    """How far a group is above a cut, in weight."""
    cut = _cut(band)
    return tally.earned - (cut * tally.total if scheme.measure == Measure.SHARE else cut)


def _cut(band: Band) -> Fraction:
    return band.start or NOTHING


def _in_units(amount: Fraction, unit: int) -> int:
    return unit if amount is FULL else amount.numerator * (unit // amount.denominator)


def _fewest(moves: Moves, need: Fraction, *, past: bool) -> list[str] | None:
    """The fewest moves that cover a need, or go past it; in whole units of the smallest part.

    Where all move it by one, as nearly everywhere, any so many will do: the preferred ones.
    """
    if [amount for _, amount in moves].count(FULL) == len(moves):
        wanted = max(0, -(-(need.numerator + past) // need.denominator))
        moved = sorted((one for one, _ in moves), key=attrgetter("waived"))
        return _keys(moved[:wanted]) if wanted <= len(moved) else None
    parts = (amount.denominator for _, amount in moves if amount is not FULL)
    unit = lcm(need.denominator, *parts)
    options = [
        Option(one.item.key, _in_units(amount, unit), one.waived)
        for one, amount in moves
        if amount is FULL or amount.numerator > 0
    ]
    return choose(options, int(need * unit) + past)
