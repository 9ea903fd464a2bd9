"""The rules of rollback triggers."""

import re
from collections.abc import Iterator

from readiness.rules.facts.around import (
    Around,
    Broken,
    Filled,
    Row,
    is_armed_at,
    reaction_of,
    stages_of,
)
from readiness.rules.facts.durations import SECONDS, said

UP, DOWN = ("gt", "ge"), ("lt", "le")
P99 = re.compile(r"\bp\s?99\b(?!\.\d)", re.IGNORECASE)
SHORTEST, LONGEST = 60, 7 * SECONDS["d"]
MANY_ENOUGH, FEWEST = 1_000, 100


def covers_what_matters(fact: Filled, around: Around) -> Iterator[Broken]:
    kinds = {row.get("category") for row in fact.rows}
    is_batch = around.serving is not None and list(around.serving) == ["batch"]
    missing = [] if "latency" in kinds else ["run time" if is_batch else "latency"]
    missing += [] if "business" in kinds else ["business"]
    missing += [] if kinds & {"errors", "quality"} else ["errors or quality"]
    if fact.rows and missing and not fact.whole.get("missing_because"):
        named = "; ".join(missing)
        yield Broken(f"Not watched: {named}. Add a trigger, or say why it is missing.")


def relative_is_complete(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        compare, threshold = row.get("compare"), row.get("threshold")
        if compare not in ("relative_drop", "relative_rise"):
            continue
        if row.get("baseline") in (None, "none"):
            yield Broken("A relative comparison needs a baseline.", "baseline", row.number)
        if row.has("unit") and row.get("unit") != "percent":
            yield Broken("A relative comparison is in %.", "unit", row.number)
        if threshold is not None and threshold <= 0:
            yield Broken("Give a threshold above 0.", "threshold", row.number)
        elif threshold is not None and compare == "relative_drop" and threshold >= 100:
            yield Broken("Nothing can drop by 100 % or more.", "threshold", row.number)


def relative_looks_the_right_way(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        compare, operator = row.get("compare"), row.get("operator")
        if compare == "relative_drop" and operator in UP:
            yield Broken("A drop fires below the baseline: choose below.", "operator", row.number)
        if compare == "relative_rise" and operator in DOWN:
            yield Broken("A rise fires above the baseline: choose above.", "operator", row.number)


def latency_is_a_time(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.get("category") != "latency":
            continue
        if row.has("unit") and row.get("unit") not in ("ms", "s"):
            yield Broken("Latency is a time: choose ms or s.", "unit", row.number)
        if row.has("threshold") and row.get("threshold") <= 0:
            yield Broken("Give a latency above 0.", "threshold", row.number)
        if row.get("operator") in DOWN:
            yield Broken("High latency is what hurts: choose above.", "operator", row.number)


def window_is_sensible(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.has("window") and not SHORTEST <= row.get("window") <= LONGEST:
            sentence = "Choose a window between 60 seconds and 7 days."
            yield Broken(sentence, "window", row.number)
        for name in ("sustained_for", "label_delay", "min_samples"):
            if (row.get(name) or 0) < 0:
                yield Broken("This cannot be below 0.", name, row.number)


def few_slow_requests(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        samples = row.get("min_samples") or 0
        if not P99.search(row.get("signal") or "") or samples >= MANY_ENOUGH:
            continue
        rests = f"{_name(row)}: a P99 of {samples} requests"
        few = "is just the slowest of them" if samples < FEWEST else "rests on fewer than ten"
        yield Broken(f"{rests} {few}. Ask for at least 1000.", "min_samples", row.number)


def noise_can_fire(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if not row.get("min_samples"):
            sentence = f"{_name(row)}: without fewest samples, noise in a small stage can fire it."
            yield Broken(sentence, "min_samples", row.number)


def too_slow_to_fire(fact: Filled, around: Around) -> Iterator[Broken]:
    stages = stages_of(around.row_of("rollout_plan"), around)
    for row in fact.rows:
        armed = [stage.hold for stage in stages if stage.hold and is_armed_at(row, stage.share)]
        needs = reaction_of(row)
        if armed and needs > min(armed):
            yield Broken(
                f"{_name(row)}: it needs {said(needs)}, and a stage at which it is armed lasts "
                f"{said(min(armed))}. It cannot fire in time: use a proxy.",
                "label_delay",
                row.number,
            )


def untested_automation(fact: Filled, around: Around) -> Iterator[Broken]:
    for row in fact.rows:
        if row.get("action") == "auto_rollback" and row.get("fired_in_test_on") is None:
            sentence = f"{_name(row)}: it rolls back by itself and never fired in a test."
            yield Broken(sentence, "fired_in_test_on", row.number)


def _name(row: Row) -> str:
    return str(row.get("name") or f"Trigger {row.number}")


CHECKS = {
    "covers_what_matters": covers_what_matters,
    "relative_is_complete": relative_is_complete,
    "relative_looks_the_right_way": relative_looks_the_right_way,
    "latency_is_a_time": latency_is_a_time,
    "window_is_sensible": window_is_sensible,
    "few_slow_requests": few_slow_requests,
    "noise_can_fire": noise_can_fire,
    "too_slow_to_fire": too_slow_to_fire,
    "untested_automation": untested_automation,
}
