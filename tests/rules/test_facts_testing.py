"""The A/B test's plan and load tests: every rule at its borders."""

from datetime import timedelta

import pytest

from tests.rules.facts import NOW, around, broken, filled, sentences

PLAN = {
    "metric_kind": "proportion",
    "baseline": "0.1",
    "min_effect": "0.02",
    "alpha": "0.05",
    "power": "0.8",
    "sides": "2",
    "allocation": "0.5",
    "exposure": "1",
    "eligible_units_per_day": 1000,
    "duration_days": 14,
    "randomisation_unit": "user",
    "stopping_rule": "fixed_horizon",
}


def plan(**said: object):
    return filled("experiment_plan", PLAN | said)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, []),
        ({"baseline": "0"}, ["baseline"]),
        ({"baseline": "1"}, ["baseline"]),
        ({"baseline": "0.000001", "min_effect": "0.1"}, []),
        ({"baseline": "0.9", "min_effect": "0.1"}, ["min_effect"]),
        ({"baseline": "0.9", "min_effect": "0.099999"}, []),
        ({"baseline": "0.1", "min_effect": "-0.1"}, ["min_effect"]),
        ({"min_effect": "0"}, ["min_effect"]),
        ({"metric_kind": "mean", "baseline": "40"}, ["std_dev"]),
        ({"metric_kind": "mean", "std_dev": "0"}, ["std_dev"]),
        ({"metric_kind": "mean", "baseline": "40", "std_dev": "0.001"}, []),
        ({"metric_kind": "mean", "std_dev": "1", "min_effect": "0"}, ["min_effect"]),
    ],
)
def test_the_metric_makes_sense(said, fields):
    found = broken("metric_makes_sense", plan(**said))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("name", "fits", "wrong"),
    [
        ("alpha", ["0.000001", "0.499999"], ["0", "0.5", "-0.1"]),
        ("power", ["0.5", "0.999999"], ["0.499999", "1"]),
        ("allocation", ["0.000001", "0.999999"], ["0", "1"]),
        ("exposure", ["0.000001", "1"], ["0", "1.000001"]),
        ("eligible_units_per_day", [1], [0, -1]),
        ("duration_days", [1], [0]),
    ],
)
def test_the_design_makes_sense(name, fits, wrong):
    found = {one: broken("design_makes_sense", plan(**{name: one})) for one in [*fits, *wrong]}

    assert found == {one: [] for one in fits} | {one: [(name, 1)] for one in wrong}


def test_somebody_other_than_the_author_approves():
    found = [broken("approved_by_another", plan(author=4, approved_by=one)) for one in (4, 5)]

    assert found == [[("approved_by", 1)], []]


def test_the_duration_is_at_least_the_shortest():
    found = [sentences("long_enough", plan(duration_days=days)) for days in (7, 8)]

    assert found == [["7 days are too few for 7,682 units: plan at least 8."], []]


@pytest.mark.parametrize(("days", "count"), [(14, 0), (13, 1), (15, 1), (56, 0), (57, 2), (63, 1)])
def test_a_test_runs_whole_weeks_and_at_most_eight(days, count):
    found = broken("odd_duration", plan(duration_days=days))

    assert found == [("duration_days", 1)] * count


@pytest.mark.parametrize(
    ("metric", "unit", "count"),
    [
        ("Revenue per user", "percent", 1),
        ("Render time", "ms", 0),
        ("P99 of requests", "percent", 0),
        ("Error rate", "percent", 0),
        ("Latency", "percent", 0),
    ],
)
def test_a_guardrail_watches_latency_or_errors(metric, unit, count):
    found = broken("no_technical_guardrail", plan(guardrails=[{"metric": metric, "unit": unit}]))

    assert found == [("guardrails", 1)] * count


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"power": "0.8", "alpha": "0.1"}, []),
        ({"power": "0.799999"}, ["power"]),
        ({"alpha": "0.100001"}, ["alpha"]),
    ],
)
def test_a_weak_design_is_told(said, fields):
    found = broken("weak_design", plan(**said))

    assert found == [(field, 1) for field in fields]


UNITS = ["user", "account", "session", "request", "query", "region", "time_slice"]


@pytest.mark.parametrize(
    ("check", "told"),
    [("few_clusters", {"region", "time_slice"}), ("effect_builds_up", {"session", "request"})],
)
def test_what_a_unit_of_randomisation_hides_is_told(check, told):
    found = {unit for unit in UNITS if broken(check, plan(randomisation_unit=unit))}

    assert found == told


def test_other_stopping_rules_need_more_units():
    rules = ["fixed_horizon", "group_sequential", "always_valid"]

    found = [rule for rule in rules if broken("stops_early", plan(stopping_rule=rule))]

    assert found == rules[1:]


RUN = {
    "peak_rps": "1200",
    "headroom_factor": "2",
    "achieved_rps": "2400",
    "p99_ms": "180",
    "p99_limit_ms": "200",
    "error_percent": "0.1",
    "error_limit_percent": "0.1",
    "steady_minutes": 10,
    "environment": "production_like",
    "model_version": "14.2.0",
    "load_model": "open",
    "ran_at": NOW.isoformat(),
}


def run(**said: object):
    return filled("load_test", RUN | said)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, []),
        ({"peak_rps": "0"}, ["peak_rps"]),
        ({"headroom_factor": "1"}, []),
        ({"headroom_factor": "0.999999"}, ["headroom_factor"]),
        ({"error_percent": "100", "error_limit_percent": "0"}, []),
        ({"error_percent": "100.01"}, ["error_percent"]),
        ({"error_limit_percent": "-0.01"}, ["error_limit_percent"]),
        ({"ran_at": (NOW + timedelta(seconds=1)).isoformat()}, ["ran_at"]),
    ],
)
def test_the_numbers_of_a_load_test_make_sense(said, fields):
    found = broken("numbers_make_sense", run(**said))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("peak", "factor", "achieved", "count"),
    [
        ("1200", "2", "2400", 0),
        ("1200", "2", "2399.999999", 1),
        ("0.1", "3", "0.3", 0),
        ("0.1", "3", "0.299999999999", 1),
        ("123456789012345.123456789012", "1.000000000001", "123456789012468.580245801358", 0),
        ("123456789012345.123456789012", "1.000000000001", "123456789012468.580245801357", 1),
    ],
)
def test_what_was_achieved_is_compared_exactly(peak, factor, achieved, count):
    fact = run(peak_rps=peak, headroom_factor=factor, achieved_rps=achieved)

    assert broken("has_headroom", fact) == [("achieved_rps", 1)] * count


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"p99_ms": "200"}, []),
        ({"p99_ms": "200.000001"}, ["p99_ms"]),
        ({"error_percent": "0.100001"}, ["error_percent"]),
    ],
)
def test_a_limit_is_met_when_it_is_reached_and_not_passed(said, fields):
    found = broken("within_limits", run(**said))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("version", "count"),
    [("14.2.0", 0), (" 14.2.0 ", 0), ("ranker@14.2.0", 0), ("14.2", 1), ("14.2.1", 1)],
)
def test_the_tested_version_is_the_candidate(version, count):
    found = broken("tests_the_candidate", run(model_version=version))

    assert found == [("model_version", 1)] * count


def test_staging_gentle_load_and_a_closed_model_are_told():
    fact = run(environment="staging", steady_minutes=9, load_model="closed")

    found = broken("ran_in_staging", fact) + broken("gentle_load", fact)

    assert found == [("environment", 1), ("steady_minutes", 1), ("load_model", 1)]
    assert broken("ran_in_staging", run()) + broken("gentle_load", run()) == []


@pytest.mark.parametrize(
    ("threshold", "unit", "category", "count"),
    [
        ("200", "ms", "latency", 0),
        ("199.999", "ms", "latency", 1),
        ("0.2", "s", "latency", 0),
        ("0.19", "s", "latency", 1),
        ("1", "percent", "errors", 0),
    ],
)
def test_the_limit_is_no_looser_than_the_latency_trigger(threshold, unit, category, count):
    trigger = {"name": "Slow", "threshold": threshold, "unit": unit, "category": category}

    found = broken("looser_than_the_trigger", run(), around(filled("rollback_triggers", trigger)))

    assert found == [("p99_limit_ms", 1)] * count


def test_rules_read_the_newest_load_test_by_its_own_time():
    older = RUN | {"ran_at": (NOW - timedelta(days=1)).isoformat(), "achieved_rps": "1"}

    found = broken("has_headroom", filled("load_test", RUN, older))

    assert found == []
