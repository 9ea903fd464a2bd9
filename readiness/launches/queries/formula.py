"""The verdict as a sum that people can do again: every number of the rule, and what it counts."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from readiness.launches.queries.pinned import Pinned
from readiness.rules.percent import shown
from readiness.rules.scheme import (
    Aggregate,
    Band,
    BlockerPolicy,
    Measure,
    NaCountsAs,
    Scheme,
    WaiverCountsAs,
)
from readiness.rules.states import FULL, NOTHING, State
from readiness.rules.verdict import SectionTally, Verdict
from readiness.rules.weighing import NA_STATES, Standing, by_section
from readiness.web import locales

CHECKED, IN_PART = "checked", "answered in part"
NA_MET, WAIVED_MET = "not applicable, counted as met", "waived, counted as met"
NA_OUT, WAIVED_OUT, INFORM = "not applicable", "waived", "only inform"


class Term(NamedTuple):
    """One number of the formula, and what it counts."""

    value: Fraction
    label: str

    @property
    def number(self) -> str:
        return locales.number(written(self.value))


class Formula(NamedTuple):
    """What is added up, over what is left of all; without `whole` nothing is divided."""

    earned: tuple[Term, ...]
    sign: str
    whole: Term | None
    less: tuple[Term, ...]
    result: str
    range: str
    notes: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.result


class Cut(NamedTuple):
    """One band, where it runs, and whether the verdict is in it."""

    key: str
    outcome: str
    title: str
    range: str
    is_here: bool


class SectionScore(NamedTuple):
    """One section of a verdict in which the weakest section decides."""

    title: str
    score: str
    checked: int
    counted: int
    decides: bool


def formula_of(verdict: Verdict, content: Pinned) -> Formula:
    """The formula of the group that decides."""
    scheme = content.scheme
    deciding = deciding_section(verdict, scheme)
    group: Sequence[Standing] = verdict.standings
    if deciding is not None:
        group = by_section(verdict.standings)[deciding.key]
    counts = all(one.item.weight in (NOTHING, FULL) for one in group)
    earned, less = _earned(group, scheme), _less(group, scheme, counts=counts)
    whole: Term | None = None
    if scheme.measure != Measure.SUM:
        label = "items" if counts else f"weight of {len(group)} items"
        whole = Term(Fraction(len(group)) if counts else _weight(group), label)
    if scheme.measure == Measure.REQUIRED:
        earned = (Term(Fraction(sum(one.credit == FULL for one in group)), "met in full"),)
        counted = sum(one.credit is not None for one in group)
        whole, less = Term(Fraction(counted), "items that count"), ()
    return Formula(
        earned=earned or (Term(NOTHING, CHECKED),),
        sign="of" if scheme.measure == Measure.REQUIRED else "÷",
        whole=whole,
        less=less,
        result=locales.number(verdict.shown),
        range=_range_of(verdict.band, scheme) if verdict.band else "",
        notes=tuple(_notes(verdict, content, deciding)),
    )


def deciding_section(verdict: Verdict, scheme: Scheme) -> SectionTally | None:
    """The weakest section, where it decides; among equals the first."""
    if scheme.aggregate == Aggregate.WHOLE or not verdict.counted:
        return None
    alike = (one for one in verdict.sections if (one.score or NOTHING) == verdict.score)
    counted = (one for one in alike if one.score is not None or scheme.empty_section == "zero")
    return next(counted, None)


def cuts_of(verdict: Verdict, scheme: Scheme) -> tuple[Cut, ...]:
    """Every band from the lowest up, in words."""
    return tuple(
        Cut(one.key, one.outcome.value, one.title, _range_of(one, scheme), one == verdict.band)
        for one in scheme.bands
    )


def sections_of(verdict: Verdict, content: Pinned) -> tuple[SectionScore, ...]:
    """The score of each section, where the weakest decides."""
    scheme = content.scheme
    if scheme.aggregate == Aggregate.WHOLE:
        return ()
    deciding = deciding_section(verdict, scheme)
    titles = {one.key: f"{one.number}. {one.title}" for one in content.sections}
    return tuple(
        SectionScore(
            title=titles[one.key],
            score=locales.number(shown(one.score, scheme)) or "nothing counts",
            checked=one.counted - one.left,
            counted=one.counted,
            decides=deciding is not None and one.key == deciding.key,
        )
        for one in verdict.sections
    )


def written(value: Fraction) -> str:
    """A number without loss: 33, 1.5, or 1/3 where no few decimals say it."""
    if value.denominator == 1:
        return str(value.numerator)
    for decimals in (1, 2):
        if 10**decimals % value.denominator == 0:
            return f"{float(value):.{decimals}f}"
    whole, rest = divmod(value, 1)
    return f"{whole} {rest}" if whole else str(rest)


def _earned(group: Iterable[Standing], scheme: Scheme) -> tuple[Term, ...]:
    """What each kind of item earns, those that earn nothing left out."""
    labels = [
        (_kind(one, scheme), one.item.weight * one.credit)
        for one in group
        if one.credit is not None and one.credit.numerator
    ]
    return _terms(labels, [CHECKED, IN_PART, NA_MET, WAIVED_MET])


def _kind(one: Standing, scheme: Scheme) -> str:
    """Why an item earns something."""
    if one.state is State.MET:
        return CHECKED
    if one.state is State.NA_CONFIRMED and scheme.na_counts_as == NaCountsAs.MET:
        return NA_MET
    if one.waived and scheme.waiver_counts_as == WaiverCountsAs.MET:
        return WAIVED_MET
    return IN_PART


def _less(group: Iterable[Standing], scheme: Scheme, *, counts: bool) -> tuple[Term, ...]:
    """What does not count, by the reason why."""
    labels = [
        (
            _reason(one),
            FULL if counts else one.item.weight,
        )
        for one in group
        if one.credit is None and (counts or one.item.weight)
    ]
    return _terms(labels, [NA_OUT, WAIVED_OUT, INFORM])


def _reason(one: Standing) -> str:
    """Why an item is not in the denominator."""
    if one.item.weight == NOTHING:
        return INFORM
    return NA_OUT if one.state in NA_STATES else WAIVED_OUT


def _terms(labels: Iterable[tuple[str, Fraction]], order: Sequence[str]) -> tuple[Term, ...]:
    found = dict.fromkeys(order, NOTHING)
    for label, value in labels:
        found[label] += value
    return tuple(Term(value, label) for label, value in found.items() if value)


def _weight(group: Iterable[Standing]) -> Fraction:
    return sum((one.item.weight for one in group), NOTHING)


def _range_of(band: Band, scheme: Scheme) -> str:
    """Under 80%; from 80% to 95%; over 95%."""
    place = scheme.bands.index(band)
    above = scheme.bands[place + 1] if place + 1 < len(scheme.bands) else None
    start = locales.number(shown(band.start, scheme)) if band.start is not None else ""
    end = locales.number(shown(above.start, scheme)) if above and above.start is not None else ""
    below = f"{'under' if above and above.start_included else 'up to'} {end}" if end else ""
    begins = f"{'from' if band.start_included else 'over'} {start}" if start else ""
    if begins and below:
        return f"{begins} to {below.removeprefix('up to ')}"
    return begins or below or "any score"


def _notes(verdict: Verdict, content: Pinned, deciding: SectionTally | None) -> Iterable[str]:
    """What the numbers alone do not say."""
    scheme = content.scheme
    if not verdict.counted:
        yield "No item counts, so there is nothing to assess."
    if deciding is not None:
        title = next(one.title for one in content.sections if one.key == deciding.key)
        yield f"The weakest section decides: {title}."
    if scheme.measure == Measure.REQUIRED:
        yield "Every item that counts must be met: 100% if so, else 0%."
    if scheme.measure == Measure.SUM:
        yield "Points are added up; nothing is divided."
    waivers = {
        WaiverCountsAs.OPEN: "Waived items count as not checked.",
        WaiverCountsAs.EXCLUDED: "Waived items are left out.",
        WaiverCountsAs.MET: "Waived items count as met.",
    }
    if any(one.waived for one in verdict.standings):
        yield waivers[scheme.waiver_counts_as]
    if any(one.state is State.NA_PROPOSED for one in verdict.standings):
        yield "A proposed N/A counts as not checked until a second person agrees."
    if scheme.blockers == BlockerPolicy.CAP_VERDICT and verdict.holds:
        yield f"An open must-have keeps the verdict at {scheme.bands[0].title}."
    elif not verdict.holds and scheme.blockers != BlockerPolicy.OFF:
        yield "No must-have is open."
