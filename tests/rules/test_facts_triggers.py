"""Rollback triggers: every rule at its borders."""

import pytest

from tests.rules.facts import DAY, around, broken, filled, sentences

LATENCY = {
    "name": "Slow",
    "category": "latency",
    "signal": "P99 of ranking requests",
    "compare": "absolute",
    "operator": "gt",
    "threshold": "250",
    "unit": "ms",
    "window": 300,
    "sustained_for": 300,
    "min_samples": 1000,
}


def trigger(**said: object):
    return filled("rollback_triggers", LATENCY | said)


def kinds(*categories: str, **whole: object):
    rows = [{"name": one, "category": one} for one in categories]
    return filled("rollback_triggers", *rows, whole=whole)


@pytest.mark.parametrize(
    ("categories", "says"),
    [
        (["latency", "business", "errors"], []),
        (["latency", "business", "quality"], []),
        (["latency", "business"], ["errors or quality"]),
        (["latency", "errors"], ["business"]),
        (["business", "errors"], ["latency"]),
        (["cost"], ["latency; business; errors or quality"]),
    ],
)
def test_together_the_rows_cover_latency_business_and_errors_or_quality(categories, says):
    found = sentences("covers_what_matters", kinds(*categories))

    told = [f"Not watched: {one}. Add a trigger, or say why it is missing." for one in says]
    assert found == told


def test_a_reason_stands_in_for_a_kind_that_is_missing():
    fact = kinds("latency", "errors", missing_because="Nothing is sold yet.")

    assert broken("covers_what_matters", fact) == []


def test_batch_is_watched_for_its_run_time():
    batch = around(serving=["batch"])

    found = sentences("covers_what_matters", kinds("business", "errors"), batch)

    assert found == ["Not watched: run time. Add a trigger, or say why it is missing."]


DROP = {
    "compare": "relative_drop",
    "category": "business",
    "operator": "lt",
    "unit": "percent",
    "threshold": "5",
    "baseline": "control",
}


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, []),
        ({"baseline": "none"}, ["baseline"]),
        ({"unit": "ratio"}, ["unit"]),
        ({"threshold": "0"}, ["threshold"]),
        ({"threshold": "0.000001"}, []),
        ({"threshold": "99.999999"}, []),
        ({"threshold": "100"}, ["threshold"]),
        ({"threshold": "100", "compare": "relative_rise"}, []),
        ({"threshold": "0", "compare": "relative_rise"}, ["threshold"]),
        ({"compare": "absolute", "baseline": "none", "threshold": "0", "unit": "count"}, []),
    ],
)
def test_a_relative_comparison_needs_a_baseline_percent_and_a_threshold(said, fields):
    found = broken("relative_is_complete", trigger(**DROP | said))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("compare", "fits"),
    [
        ("relative_drop", {"lt", "le"}),
        ("relative_rise", {"gt", "ge"}),
        ("absolute", {"gt", "ge", "lt", "le"}),
    ],
)
def test_a_drop_looks_down_and_a_rise_looks_up(compare, fits):
    found = {
        operator: broken(
            "relative_looks_the_right_way", trigger(compare=compare, operator=operator)
        )
        for operator in ("gt", "ge", "lt", "le")
    }

    wrong = [("operator", 1)]
    assert found == {one: [] if one in fits else wrong for one in ("gt", "ge", "lt", "le")}


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, []),
        ({"unit": "s", "operator": "ge"}, []),
        ({"unit": "percent"}, ["unit"]),
        ({"threshold": "0"}, ["threshold"]),
        ({"threshold": "0.001"}, []),
        ({"operator": "lt"}, ["operator"]),
        ({"category": "errors", "unit": "percent", "operator": "lt"}, []),
    ],
)
def test_latency_is_a_time_above_which_it_fires(said, fields):
    found = broken("latency_is_a_time", trigger(**said))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"window": 60}, []),
        ({"window": 59}, ["window"]),
        ({"window": 7 * DAY}, []),
        ({"window": 7 * DAY + 1}, ["window"]),
        ({"sustained_for": 0}, []),
        ({"min_samples": -1}, ["min_samples"]),
    ],
)
def test_the_window_is_between_a_minute_and_a_week(said, fields):
    found = broken("window_is_sensible", trigger(**said))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("signal", "samples", "says"),
    [
        ("P99 of requests", 1000, []),
        ("P99 of requests", 999, ["rests on fewer than ten"]),
        ("p99 latency", 100, ["rests on fewer than ten"]),
        ("P 99", 99, ["is just the slowest of them"]),
        ("P99.9 of requests", 10, []),
        ("Error rate", 10, []),
    ],
)
def test_a_p99_of_few_requests_rests_on_very_few(signal, samples, says):
    found = sentences("few_slow_requests", trigger(signal=signal, min_samples=samples))

    told = [f"Slow: a P99 of {samples} requests {one}. Ask for at least 1000." for one in says]
    assert found == told


def test_without_fewest_samples_noise_can_fire_it():
    found = [broken("noise_can_fire", trigger(min_samples=count)) for count in (0, 1)]

    assert found == [[("min_samples", 1)], []]


STAGES = {"stages": [{"share": "10", "hold": DAY}, {"share": "100", "hold": 2 * DAY}]}


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"label_delay": DAY - 600}, []),
        ({"label_delay": DAY - 599}, ["label_delay"]),
        ({"label_delay": DAY, "stages": ["100"]}, []),
        ({"label_delay": 2 * DAY, "stages": ["100"]}, ["label_delay"]),
        ({"label_delay": 9 * DAY, "stages": ["50"]}, []),
    ],
)
def test_a_trigger_that_needs_longer_than_its_shortest_stage_cannot_fire(said, fields):
    planned = around(filled("rollout_plan", STAGES))

    found = broken("too_slow_to_fire", trigger(**said), planned)

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"action": "auto_rollback"}, ["fired_in_test_on"]),
        ({"action": "auto_rollback", "fired_in_test_on": "2026-11-01"}, []),
        ({"action": "page_owner"}, []),
    ],
)
def test_what_rolls_back_by_itself_has_fired_in_a_test(said, fields):
    found = broken("untested_automation", trigger(**said))

    assert found == [(field, 1) for field in fields]
