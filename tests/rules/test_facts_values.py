"""Values of facts: typed, kept and given back exactly; and what the definitions promise."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from readiness.checklists.facts.reading import SCHEMA, TYPES, fact_types
from readiness.rules.facts import durations
from readiness.rules.facts.definitions import Field, FieldType, Level
from readiness.rules.facts.looking import CHECKS, findings_of, is_sound
from readiness.rules.facts.saying import sentences_of, table_of
from readiness.rules.facts.values import Unreadable, kept_of, read, typed, values_of
from tests.rules.facts import around, filled

BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")
LEVELS = {
    "rollback_triggers": {
        "error": {
            "latency_is_a_time",
            "relative_is_complete",
            "relative_looks_the_right_way",
            "window_is_sensible",
        },
        "block": {"covers_what_matters"},
        "warn": {"few_slow_requests", "noise_can_fire", "too_slow_to_fire", "untested_automation"},
    },
    "rollout_plan": {
        "error": {"shares_rise_to_100", "stages_are_held"},
        "block": {"inside_the_window"},
        "warn": {
            "below_a_day",
            "bold_steps",
            "full_traffic_unwatched",
            "shorter_than_the_test",
            "shorter_than_triggers",
            "unlucky_start",
        },
    },
    "rollback_ownership": {
        "error": {"two_people", "window_has_length"},
        "block": {"acts_alone", "both_accepted", "covers_the_launch"},
        "warn": set(),
    },
    "experiment_plan": {
        "error": {"design_makes_sense", "metric_makes_sense"},
        "block": {"approved_by_another", "long_enough"},
        "warn": {
            "effect_builds_up",
            "few_clusters",
            "no_technical_guardrail",
            "odd_duration",
            "stops_early",
            "weak_design",
        },
    },
    "freshness_slas": {
        "error": {"dataset_once", "lag_makes_sense"},
        "block": {"covers_training_and_serving"},
        "warn": {"hides_late_events", "slower_than_training"},
    },
    "load_test": {
        "error": {"numbers_make_sense"},
        "block": {"has_headroom", "tests_the_candidate", "within_limits"},
        "warn": {"gentle_load", "looser_than_the_trigger", "ran_in_staging"},
    },
    "post_launch_review": {
        "error": {"after_the_launch"},
        "block": set(),
        "warn": {"somebody_is_missing", "too_soon_or_late"},
    },
    "rollback_rehearsal": {
        "error": {"rehearsal_makes_sense"},
        "block": {"newest_has_passed"},
        "warn": {"weak_rehearsal"},
    },
}


def field(type_: str, **said: object) -> Field:
    """A field of a type, with nothing else special about it."""
    plain = {
        "key": "it", "label": "It", "unit": "", "help": "", "required": False, "computed": False,
        "default": None, "options": {}, "longest": 20, "of": None, "record": (), "row": "row",
    }  # fmt: skip
    return Field(**plain | said, type=FieldType(type_))


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("text", "  two words ", "two words"),
        ("text", "", None),
        ("decimal", "0.10", Decimal("0.10")),
        ("decimal", "-2", Decimal(-2)),
        ("decimal", "123456789012345.123456789012", Decimal("123456789012345.123456789012")),
        ("integer", "+12", 12),
        ("boolean", "yes", True),
        ("boolean", "no", False),
        ("date", "2026-12-08", date(2026, 12, 8)),
        ("datetime", "2026-12-08T10:00", datetime(2026, 12, 8, 9, tzinfo=UTC)),
        ("datetime", "2026-12-08T10:00+05:00", datetime(2026, 12, 8, 5, tzinfo=UTC)),
        ("duration", "1d 12h", 129_600),
        ("duration", "0", 0),
        ("user", "7", 7),
        ("url", "https://a.example/x", "https://a.example/x"),
    ],
)
def test_what_is_typed_is_read_exactly(type_, text, value):
    assert read(field(type_), text, BERLIN) == value


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("text", "a" * 21),
        ("text", "\x1b[31m"),
        ("decimal", "1e3"),
        ("decimal", "NaN"),
        ("decimal", "1,5"),
        ("decimal", "١"),
        ("decimal", "1" * 16),
        ("integer", "1.0"),
        ("integer", "1" * 13),
        ("boolean", "true"),
        ("date", "2026-13-01"),
        ("date", "1999-12-31"),
        ("datetime", "tomorrow"),
        ("datetime", "2026-03-29T02:30"),
        ("duration", "5"),
        ("duration", "5 minutes"),
        ("duration", "99999d"),
        ("url", "javascript:alert(1)"),
        ("url", "https://["),
        ("url", "https:// a.example"),
        ("enum", "other"),
    ],
)
def test_what_is_no_value_is_refused_in_words(type_, text):
    with pytest.raises(Unreadable) as problem:
        read(field(type_), text, BERLIN)

    assert str(problem.value).endswith(".")


def test_lists_are_typed_in_one_line_and_texts_on_lines_of_their_own():
    shares = field("list", of=FieldType.DECIMAL)
    texts = field("list", of=FieldType.TEXT)

    found = [read(shares, "1 %, 10; 50 100", UTC_ZONE), read(texts, "a b\n\n c", UTC_ZONE)]

    assert found == [[Decimal(1), Decimal(10), Decimal(50), Decimal(100)], ["a b", "c"]]


@given(st.integers(0, durations.LONGEST))
def test_every_duration_is_typed_and_read_back(seconds):
    assert durations.duration_of(durations.typed(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "typed_", "said"),
    [
        (0, "0s", "0 s"),
        (300, "5m", "5 min"),
        (7200, "2h", "2 h"),
        (14 * 86_400, "14d", "14 days"),
        (86_400, "1d", "1 day"),
        (129_661, "1d12h1m1s", "1 day 12 h 1 min 1 s"),
    ],
)
def test_a_duration_as_it_is_typed_and_said(seconds, typed_, said):
    assert (durations.typed(seconds), durations.said(seconds)) == (typed_, said)


@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=12))
def test_every_decimal_is_kept_and_typed_back_exactly(value):
    one = field("decimal")

    kept = kept_of((one,), {"it": value})

    assert values_of((one,), kept) == {"it": value}
    assert read(one, typed(one, value, UTC_ZONE), UTC_ZONE) == value


def test_every_rule_of_the_definitions_has_its_function_and_every_function_its_rule():
    named = {key: sorted(rule.check for rule in one.rules) for key, one in fact_types().items()}

    assert named == {key: sorted(checks) for key, checks in CHECKS.items()}


def test_levels_are_those_of_the_definitions():
    found = {
        key: {
            level.value: {rule.check for rule in one.rules if rule.level is level}
            for level in Level
        }
        for key, one in fact_types().items()
    }

    assert found == LEVELS


def test_every_default_is_a_value_of_its_field():
    for one in fact_types().values():
        defaults = {item.key: item.default for item in one.fields if item.default is not None}
        values = values_of(one.fields, defaults)

        assert kept_of(one.fields, values) == defaults
        enums = [item for item in one.fields if item.options and item.default is not None]
        assert all(item.default in item.options for item in enums)


def test_the_definitions_are_of_the_shape_that_their_schema_gives():
    said = yaml.safe_load(TYPES.read_bytes())
    schema = Draft202012Validator(json.loads(SCHEMA.read_text()))

    assert [one.message for one in schema.iter_errors(said)] == []
    assert [one.message for one in schema.iter_errors(said | {"facts": {"a": {"title": "A"}}})] == [
        "'fields' is a required property",
        "'rules' is a required property",
    ]


def test_what_is_required_and_missing_keeps_a_fact_from_counting():
    empty = filled("load_test")
    started = filled("load_test", {"peak_rps": "10"})

    findings = findings_of(started, around())

    assert (is_sound(empty, findings_of(empty, around())), is_sound(started, findings)) == (
        False,
        False,
    )
    assert findings[0].says.startswith("Load test 1: Still missing: The forecast comes from, ")


def test_a_trigger_reads_as_a_sentence():
    row = {
        "name": "Slow",
        "signal": "P99 of ranking requests",
        "operator": "gt",
        "threshold": "250.0",
        "unit": "ms",
        "sustained_for": 300,
        "action": "auto_rollback",
    }

    found = sentences_of(filled("rollback_triggers", row), around(), {})

    assert found == [
        "Slow: fires when P99 of ranking requests > 250 ms for 5 min, then rolls back."
    ]


def test_numbers_in_sentences_are_written_as_their_reader_does():
    reader = around(written=lambda said: said.replace(",", " ").replace(".", ","))
    slow = {"name": "Slow", "signal": "P99", "operator": "gt", "threshold": "250.5", "unit": "ms"}
    plan = {"stages": [{"share": "0.5", "hold": 86_400}, {"share": "100", "hold": 0}]}
    table = filled("load_test", {"achieved_rps": "1250.5", "steady_minutes": 1200})

    found = [
        *sentences_of(filled("rollback_triggers", slow), reader, {}),
        *sentences_of(filled("rollout_plan", plan), reader, {}),
        *(said for _, said in table_of(table, table.rows[0], reader, {})),
    ]

    assert found == [
        "Slow: fires when P99 > 250,5 ms.",
        "0,5 % for 1 day → 100 % of ….",
        "1250,5 requests per second",
        "1 200 minutes",
    ]


@pytest.mark.parametrize("key", sorted(CHECKS))
def test_a_row_that_says_nothing_breaks_nothing_but_what_is_missing(key):
    fact = filled(key, {})

    findings = findings_of(fact, around())

    assert [one.level for one in findings if one.level is Level.ERROR] == []
    assert all(sentences_of(fact, around(), {}))
