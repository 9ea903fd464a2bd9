"""Launches to judge: the worked examples in words, and small ones of every kind by chance."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import yaml
from hypothesis import strategies as st

from readiness.rules.scheme import (
    DEFAULT,
    Aggregate,
    Band,
    BlockerPolicy,
    EmptySection,
    Measure,
    NaCountsAs,
    Outcome,
    Scheme,
    WaiverCountsAs,
)
from readiness.rules.states import FULL, Item, Na
from readiness.rules.truth import Truth

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EXAMPLES = yaml.safe_load(Path(__file__).with_name("verdict_examples.yaml").read_text())

POINTS = (
    Band("research", "Research project", Outcome.INFO),
    Band("gaps", "Likely gaps", Outcome.INFO, Fraction(0), start_included=False),
    Band("first_pass", "First pass", Outcome.INFO, Fraction(1), start_included=False),
    Band("tested", "Tested", Outcome.CONDITIONAL, Fraction(2), start_included=True),
    Band("strong", "Strong", Outcome.GO, Fraction(7, 2), start_included=True),
)
ALL = (
    Band("incomplete", "Incomplete", Outcome.NO_GO),
    Band("complete", "Complete", Outcome.GO, Fraction(1), start_included=True),
)
THIRDS = (
    Band("low", "Low", Outcome.NO_GO),
    Band("third", "A third", Outcome.CONDITIONAL, Fraction(1, 3), start_included=True),
    Band("above", "Above a third", Outcome.GO, Fraction(1, 3), start_included=False),
)


def instant(words: str) -> datetime:
    """Read "now", "now - 1 day" or "now + 1 microsecond"."""
    if words == "now":
        return NOW
    _, sign, count, unit = words.split()
    span = timedelta(**{unit.rstrip("s") + "s": int(count)})
    return NOW + span if sign == "+" else NOW - span


def truth(word: object) -> Truth:
    return {True: Truth.YES, False: Truth.NO, "unknown": Truth.UNKNOWN}[word]


READERS = {
    "applies": truth,
    "blocker": truth,
    "na": Na,
    "na_expires_at": instant,
    "expires_at": instant,
    "waiver_until": instant,
    "credit": Fraction,
    "weight": Fraction,
}


def item(kind: str, **changes: object) -> Item:
    """An item of a kind of the worked examples."""
    facts = {
        name: READERS.get(name, bool)(value) for name, value in EXAMPLES["kinds"][kind].items()
    }
    return Item(**{"key": kind, "section": "s", **facts, **changes})


def launch(given: Mapping[str, int]) -> list[Item]:
    """A launch with so many items of each kind."""
    kinds = [kind for kind, count in given.items() for _ in range(count)]
    return [item(kind, key=f"{kind}-{n}", position=n) for n, kind in enumerate(kinds)]


def scheme(**policy: str) -> Scheme:
    readers = {"waiver_counts_as": WaiverCountsAs, "blockers": BlockerPolicy}
    return Scheme(**{name: readers[name](value) for name, value in policy.items()})


days = st.integers(-3, 3).map(lambda count: NOW + timedelta(days=count))
ends = st.none() | days
rarely = st.sampled_from([False, False, False, True])


@st.composite
def items(draw: st.DrawFn, *, most: int = 6, sections: str = "ab") -> list[Item]:
    """Small launches in which everything can happen to an item."""
    return [
        Item(
            key=f"i{position}",
            section=draw(st.sampled_from(sections)),
            position=position,
            weight=draw(st.sampled_from([FULL, *map(Fraction, ("1", "2", "1/2", "3", "0"))])),
            applies=draw(st.sampled_from([Truth.YES, Truth.YES, Truth.UNKNOWN, Truth.NO])),
            blocker=draw(st.sampled_from([Truth.NO, Truth.NO, Truth.YES, Truth.UNKNOWN])),
            na_allowed=not draw(rarely),
            credit=draw(st.sampled_from([Fraction(c) for c in ("0", "1", "1", "1/2", "1/3")])),
            expires_at=draw(ends),
            superseded=draw(rarely),
            disputed=draw(rarely),
            provisional=draw(rarely),
            provisional_from=draw(ends),
            na=draw(st.sampled_from([None, None, None, Na.PROPOSED, Na.CONFIRMED])),
            na_expires_at=draw(ends),
            waiver_until=draw(ends),
            due_on=draw(st.sampled_from([None, date(2026, 11, 30), date(2026, 12, 1)])),
        )
        for position in range(draw(st.integers(0, most)))
    ]


default_policies = st.builds(
    Scheme,
    measure=st.just(Measure.SHARE),
    bands=st.sampled_from([DEFAULT, THIRDS]),
)
schemes = st.builds(
    Scheme,
    measure=st.sampled_from(Measure),
    aggregate=st.sampled_from(Aggregate),
    bands=st.sampled_from([DEFAULT, POINTS, ALL, THIRDS]),
    empty_section=st.sampled_from(EmptySection),
    blockers=st.sampled_from(BlockerPolicy),
    na_counts_as=st.sampled_from(NaCountsAs),
    na_review_share=st.sampled_from([None, Fraction(1, 4)]),
    waiver_counts_as=st.sampled_from(WaiverCountsAs),
)
