"""The calculator: published numbers, exact steps at whole numbers, and the way it bends."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.rules.facts.experiment import Size, size_of

DESIGN = {"alpha": "0.05", "power": "0.8", "sides": "2", "allocation": "0.5", "exposure": "1"}
NUMBERS = ("alpha", "power", "allocation", "exposure", "baseline", "min_effect", "std_dev")


def plan(**said: object) -> dict:
    values = DESIGN | {"eligible_units_per_day": 1000} | said
    return {name: Decimal(value) if name in NUMBERS else value for name, value in values.items()}


def proportion(baseline: str, effect: str, **said: object) -> Size | None:
    return size_of(plan(metric_kind="proportion", baseline=baseline, min_effect=effect, **said))


def mean(deviation: str, effect: str, **said: object) -> Size | None:
    values = {"metric_kind": "mean", "baseline": "5", "std_dev": deviation, "min_effect": effect}
    return size_of(plan(**values | said))


@pytest.mark.parametrize(
    ("baseline", "effect", "power", "per_arm"),
    [
        ("0.5", "0.25", "0.9", 77),  # R, help of power.prop.test: n = 76.7
        ("0.5", "0.25", "0.8", 58),  # R: n = 57.7
        ("0.1", "0.02", "0.8", 3841),  # R: n = 3840.8
        ("0.12", "-0.02", "0.8", 3841),
    ],
)
def test_proportions_need_what_r_says(baseline, effect, power, per_arm):
    found = proportion(baseline, effect, power=power)

    assert (found.per_arm, found.total) == (per_arm, 2 * per_arm)


@pytest.mark.parametrize(
    ("deviation", "effect", "per_arm"),
    [
        ("1", "0.5", 63),  # 2 (1.95996 + 0.84162)^2 / 0.25 = 62.8; Cohen's t-test table says 64
        ("1", "0.2", 393),  # 392.4; Cohen says 393
        ("10", "-2", 393),
        ("1", "0.8", 25),  # 24.5; Cohen says 26
    ],
)
def test_means_need_what_the_tables_say_for_a_known_deviation(deviation, effect, per_arm):
    found = mean(deviation, effect)

    assert (found.per_arm, found.total) == (per_arm, 2 * per_arm)


def test_one_side_needs_fewer_units_than_two():
    assert mean("1", "0.5", sides="1").per_arm == 50  # 49.5


@pytest.mark.parametrize(
    ("allocation", "total"), [("0.5", 786), ("0.1", 2184), ("0.9", 2184), ("0.2", 1229)]
)
def test_unequal_arms_need_more_in_all(allocation, total):
    assert mean("1", "0.2", allocation=allocation).total == total


@pytest.mark.parametrize(
    ("daily", "exposure", "days"),
    [
        (786, "1", 1),
        (785, "1", 2),
        (7860, "0.1", 1),
        (7859, "0.1", 2),
        (2620, "0.3", 1),
        (1310, "0.3", 2),
    ],
)
def test_days_are_counted_exactly_where_they_come_out_whole(daily, exposure, days):
    found = mean("1", "0.2", eligible_units_per_day=daily, exposure=exposure)

    assert found.days == days


def test_a_plan_that_does_not_say_enough_or_makes_no_sense_has_no_size():
    found = [
        proportion("0.1", "0"),
        proportion("0.9", "0.1"),
        proportion("0.1", "0.02", alpha="0.5"),
        proportion("0.1", "0.02", power="1"),
        proportion("0.1", "0.02", allocation="1"),
        mean("0", "1"),
        size_of(plan(metric_kind="mean", baseline="5", min_effect="1")),
        size_of(plan(metric_kind="mean")),
    ]

    assert found == [None] * 8
    assert mean("1", "0.2", eligible_units_per_day=None) == Size(393, 786, None)


def shares(low: str, high: str):
    return st.decimals(low, high, places=3, allow_nan=False)


@given(shares("0.1", "0.4"), shares("0.01", "0.2"), shares("0.01", "0.2"))
def test_a_smaller_effect_never_needs_fewer_units(baseline, one, other):
    small, large = sorted([one, other])

    assert (
        proportion(str(baseline), str(small)).total >= proportion(str(baseline), str(large)).total
    )


@given(shares("0.01", "0.2"), shares("0.01", "0.2"), shares("0.5", "0.99"), shares("0.5", "0.99"))
def test_less_alpha_and_more_power_never_need_fewer_units(alpha, beta, power, force):
    strict, lax = sorted([alpha, beta])
    weak, strong = sorted([power, force])

    hard = proportion("0.1", "0.02", alpha=str(strict), power=str(strong))
    easy = proportion("0.1", "0.02", alpha=str(lax), power=str(weak))

    assert hard.total >= easy.total


@given(shares("0.01", "0.5"), shares("0.01", "0.5"))
def test_arms_nearer_to_equal_never_need_more_units(one, other):
    uneven, even = sorted([one, other])

    assert (
        mean("1", "0.2", allocation=str(uneven)).total
        >= mean("1", "0.2", allocation=str(even)).total
    )


@given(st.integers(1, 10**6), shares("0.001", "1"))
def test_days_are_just_enough(daily, exposure):
    found = mean("1", "0.2", eligible_units_per_day=daily, exposure=str(exposure))

    a_day = daily * Fraction(exposure)
    assert found.days == ceil(found.total / a_day)
    assert (found.days - 1) * a_day < found.total <= found.days * a_day


def test_weeks_are_rounded_up():
    assert [Size(1, 2, days).weeks for days in (1, 7, 8, None)] == [1, 1, 2, None]
