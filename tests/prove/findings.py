"""What a check found, against what it must find; and how much of everything is done."""

import os
from dataclasses import dataclass

SCALE = float(os.environ.get("SCALE", "1"))


@dataclass(frozen=True)
class Finding:
    """One row of the report."""

    check: str
    figure: str
    goal: str
    ok: bool


def scaled(count: int, *, least: int = 2) -> int:
    """So many at full scale; a share of it, but never fewer than `least`."""
    return max(least, round(count * SCALE))


def tally(**counts: int) -> str:
    """Counts as a sentence: "0 lost, 0 doubled"."""
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
