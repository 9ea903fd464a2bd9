"""A verdict as the columns of its launch hold it."""

from collections import Counter
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from readiness.launches.models import Progress
from readiness.launches.queries.facts import Fact
from readiness.launches.queries.pinned import Pinned
from readiness.rules import verdict as rule
from readiness.rules.states import State, is_waived

RULE_VERSION = 1
EXACT = Decimal("1e-15")


def columns_of(
    verdict: rule.Verdict, facts: list[Fact], version: Pinned, now: datetime
) -> dict[str, Any]:
    """The verdict as the launch's columns hold it."""
    blocked = Counter(
        fact.item.section
        for fact in facts
        if fact.progress == Progress.BLOCKED
        and is_unfinished(verdict.states[fact.key])
        and not is_waived(fact.item, now)
    )
    return {
        "verdict": verdict.key,
        "outcome": verdict.outcome.value,
        "score": None if verdict.score is None else decimal_of(verdict.score),
        "shown": verdict.shown,
        "earned": int(verdict.earned * version.unit),
        "total": int(verdict.total * version.unit),
        "checked": verdict.checked,
        "counted": verdict.counted,
        "holds": len(verdict.holds),
        "blocked": blocked.total(),
        "sections": [
            {
                "key": tally.key,
                "left": tally.left,
                "counted": tally.counted,
                "blocked": blocked[tally.key],
            }
            for tally in verdict.sections
        ],
        "next_change": verdict.next_change,
        "judged_at": now,
        "rule_version": RULE_VERSION,
    }


def decimal_of(score: Fraction) -> Decimal:
    """A score for sorting and charts; the exact one is earned over total."""
    exact = Decimal(score.numerator) / Decimal(score.denominator)
    return exact.quantize(EXACT, rounding=ROUND_HALF_UP)


def is_unfinished(state: State) -> bool:
    """Whether there is work left on an item in this state."""
    return state not in (State.MET, State.NA_CONFIRMED, State.NA_BY_FACET)
