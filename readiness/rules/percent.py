"""The score as people read it, never on the wrong side of a cut."""

from fractions import Fraction
from functools import lru_cache

from readiness.rules.scheme import Measure, Scheme

KEPT = 1_024


def shown(score: Fraction | None, scheme: Scheme) -> str:
    """A score as "77.5%", or as points ("3.5") where a checklist adds points up.

    No decimals if it is whole, else the fewest decimals, at least one, rounded half up,
    that stand on the same side of 0, every cut and 100 % as the exact value: 79.97 % of a
    launch to delay is not shown as 80 %. Points have no 100 %. No score shows as nothing.
    """
    if score is None:
        return ""
    starts = tuple(band.start for band in scheme.bands if band.start is not None)
    return _shown(score, starts, is_share=scheme.measure != Measure.SUM)


@lru_cache(maxsize=KEPT)
def _shown(score: Fraction, starts: tuple[Fraction, ...], *, is_share: bool) -> str:
    """The same, remembered: there are fewer scores than launches."""
    per, sign = (100, "%") if is_share else (1, "")
    value = score * per
    if value.denominator == 1:
        return f"{value}{sign}"
    marks = [Fraction(0), Fraction(100)] if is_share else [Fraction(0)]
    marks += [start * per for start in starts]
    decimals = 1
    while not _agrees(rounded(value, decimals), value, marks):
        decimals += 1
    return f"{_written(rounded(value, decimals), decimals)}{sign}"


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Round half up."""
    scale = 10**decimals
    return Fraction((2 * value * scale + 1) // 2, scale)


def _agrees(number: Fraction, value: Fraction, marks: list[Fraction]) -> bool:
    """Whether a rounded number stands where the value does; a third has no last decimal."""
    return all(
        _side(number, mark) == _side(value, mark)
        for mark in marks
        if value != mark or _is_finite(mark)
    )


def _side(value: Fraction, mark: Fraction) -> int:
    return (value > mark) - (value < mark)


def _is_finite(value: Fraction) -> bool:
    """Whether some number of decimals writes a value in full."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _written(value: Fraction, decimals: int) -> str:
    digits = str(int(value * 10**decimals)).zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}"
