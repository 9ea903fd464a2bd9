"""How a checklist scores: its measure, its bands and its policies."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

NOT_ASSESSABLE = "not_assessable"


class Outcome(StrEnum):
    """What a band allows; `info` decides nothing."""

    NO_GO = "no_go"
    CONDITIONAL = "conditional"
    GO = "go"
    INFO = "info"


class Measure(StrEnum):
    """What the score of a group of items is: a share, points, or all or nothing."""

    SHARE = "share"
    SUM = "sum"
    REQUIRED = "required"


class Aggregate(StrEnum):
    """Which group decides: all items together, or the weakest section."""

    WHOLE = "whole"
    MIN_OF_SECTIONS = "min_of_sections"


class EmptySection(StrEnum):
    """What a section in which nothing counts does to the weakest section."""

    SKIP = "skip"
    ZERO = "zero"


class BlockerPolicy(StrEnum):
    """What an unmet must-have does: refuse the GO, cap the verdict, or nothing."""

    GATE_DECISION = "gate_decision"
    CAP_VERDICT = "cap_verdict"
    OFF = "off"


class NaCountsAs(StrEnum):
    EXCLUDED = "excluded"
    MET = "met"


class WaiverCountsAs(StrEnum):
    """What an item under an active waiver is in the score while it is not met."""

    OPEN = "open"
    EXCLUDED = "excluded"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of scores that begins at a cut; without one it admits every score."""

    key: str
    title: str
    outcome: Outcome
    start: Fraction | None = None
    start_included: bool = True
    message: str = ""

    def admits(self, score: Fraction) -> bool:
        if self.start is None:
            return True
        return score >= self.start if self.start_included else score > self.start


DEFAULT = (
    Band(
        key="delay",
        title="Delay",
        outcome=Outcome.NO_GO,
        message="Delay launch until safety nets are in place",
    ),
    Band(
        key="monitor",
        title="Extra monitoring",
        outcome=Outcome.CONDITIONAL,
        start=Fraction(80, 100),
        start_included=True,
        message="Launch with extra monitoring and quick rollback plan",
    ),
    Band(
        key="ready",
        title="Ready",
        outcome=Outcome.GO,
        start=Fraction(95, 100),
        start_included=False,
        message="You’re ready for production",
    ),
)


@dataclass(frozen=True, slots=True)
class Scheme:
    """Everything of a checklist that turns states into a verdict; as the default one has it.

    A scheme whose bands cannot name every score is refused with `check_bands`.
    """

    measure: Measure = Measure.SHARE
    aggregate: Aggregate = Aggregate.WHOLE
    bands: tuple[Band, ...] = DEFAULT
    empty_section: EmptySection = EmptySection.SKIP
    blockers: BlockerPolicy = BlockerPolicy.GATE_DECISION
    na_counts_as: NaCountsAs = NaCountsAs.EXCLUDED
    na_review_share: Fraction | None = Fraction(1, 4)  # None never raises a notice
    waiver_counts_as: WaiverCountsAs = WaiverCountsAs.OPEN
    conditional_needs: tuple[str, ...] = (
        "extra_monitoring",
        "quick_rollback_plan",
        "condition_owner",
        "condition_end_date",
    )

    def __post_init__(self) -> None:
        if problems := check_bands(self.bands):
            raise ValueError(" ".join(problems))


def band_of(score: Fraction | None, bands: Sequence[Band]) -> Band | None:
    """Name a score; bands run from the lowest up.

    Fractions are compared, never percentages: 79.5% shown as 80% must not change
    a verdict. A launch with nothing to check has no score, and no band.
    """
    if score is None:
        return None
    return [band for band in bands if band.admits(score)][-1]


def check_bands(bands: Sequence[Band]) -> list[str]:
    """What is wrong with a list of bands, in words; nothing if every score gets one."""
    if not bands:
        return ["There must be at least one band."]
    problems = []
    if bands[0].start is not None:
        problems.append(f'The lowest band, "{bands[0].key}", must admit every score.')
    keys = [band.key for band in bands]
    if len(set(keys)) < len(keys) or NOT_ASSESSABLE in keys:
        problems.append(f'Bands need keys of their own, and none may be "{NOT_ASSESSABLE}".')
    cuts = [(band.start, not band.start_included) for band in bands[1:] if band.start is not None]
    if len(cuts) < len(bands) - 1:
        problems.append("Every band above the lowest must say where it starts.")
    if any(upper <= lower for lower, upper in pairwise(cuts)):
        problems.append("Bands must run from the lowest up.")
    return problems
