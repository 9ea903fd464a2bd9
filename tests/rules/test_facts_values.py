"""Values of facts: typed, kept and given back exactly; and what the definitions promise."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.checklists.document.problems import Unreadable as UnreadableFile
from readiness.checklists.facts.reading import fact_types, read_fact_types
from readiness.rules.facts import durations
from readiness.rules.facts.definitions import Field, FieldType, Level
from readiness.rules.facts.looking import CHECKS, findings_of, is_sound
from readiness.rules.facts.saying import sentences_of
from readiness.rules.facts.values import Unreadable, kept_of, read, typed, values_of
from tests.rules.facts import around, filled

BERLIN = ZoneInfo("Europe/Berlin")
UTC_ZONE = ZoneInfo("UTC")


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
        key: {level.value: sum(rule.level is level for rule in one.rules) for level in Level}
        for key, one in fact_types().items()
    }

    assert found == {
        "rollback_triggers": {"error": 4, "block": 1, "warn": 4},
        "rollout_plan": {"error": 2, "block": 1, "warn": 6},
        "rollback_ownership": {"error": 2, "block": 3, "warn": 0},
        "experiment_plan": {"error": 2, "block": 2, "warn": 6},
        "freshness_slas": {"error": 2, "block": 1, "warn": 2},
        "load_test": {"error": 1, "block": 3, "warn": 3},
        "post_launch_review": {"error": 1, "block": 0, "warn": 2},
        "rollback_rehearsal": {"error": 1, "block": 1, "warn": 1},
    }


def test_every_default_is_a_value_of_its_field():
    for one in fact_types().values():
        defaults = {item.key: item.default for item in one.fields if item.default is not None}
        values = values_of(one.fields, defaults)

        assert kept_of(one.fields, values) == defaults
        enums = [item for item in one.fields if item.options and item.default is not None]
        assert all(item.default in item.options for item in enums)


def test_a_fault_in_the_definitions_is_told_with_its_line():
    faulty = b"schema: readiness-facts/v1\nversion: 1.0.0\nfacts:\n  a:\n    title: A\n"

    with pytest.raises(UnreadableFile) as problem:
        read_fact_types(faulty)

    assert [str(one) for one in problem.value.problems] == [
        "Line 4: 'fields' is a required property",
        "Line 4: 'rules' is a required property",
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


@pytest.mark.parametrize("key", sorted(CHECKS))
def test_a_row_that_says_nothing_breaks_nothing_but_what_is_missing(key):
    fact = filled(key, {})

    findings = findings_of(fact, around())

    assert [one.level for one in findings if one.level is Level.ERROR] == []
    assert all(sentences_of(fact, around(), {}))
