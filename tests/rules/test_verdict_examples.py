"""Every worked example of the rule."""

import pytest

from readiness.rules.percent import shown
from readiness.rules.scheme import Scheme
from readiness.rules.verdict import judge
from tests.rules.given import EXAMPLES, NOW, launch, scheme

ROWS = [
    row
    for group, rows in EXAMPLES.items()
    if group not in ("kinds", "minimum_checked")
    for row in rows
]
LEAST = EXAMPLES["minimum_checked"]


def test_all_worked_examples_are_read():
    assert len(ROWS) == 38
    assert len(LEAST) == 13


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_launch_is_judged_as_the_worked_example_says(row):
    its_scheme = scheme(**row.get("policy", {}))

    verdict = judge(launch(row["given"]), its_scheme, NOW)

    found = {
        "score": None if verdict.score is None else str(verdict.score),
        "verdict": verdict.key,
        "shown": shown(verdict.score, its_scheme),
        "holds": len(verdict.holds),
        "go": verdict.go_allowed,
        "notices": list(verdict.notices),
    }
    assert {name: found[name] for name in row if name in found} == {
        name: row[name] for name in row if name in found
    }


@pytest.mark.parametrize("row", LEAST, ids=lambda row: f"of-{row['counted']}")
def test_so_many_checked_items_are_the_least_for_a_band(row):
    counted = row["counted"]

    keys = [
        judge(launch({"met": checked, "open": counted - checked}), Scheme(), NOW).key
        for checked in range(counted + 1)
    ]

    least_for_monitor = next(n for n, key in enumerate(keys) if key != "delay")
    assert least_for_monitor == row["monitor"]
    assert keys.index("ready") == row["ready"]
