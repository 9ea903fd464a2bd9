"""The verdict beyond the worked examples: groups, sections, policies, time."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from readiness.rules.scheme import (
    DEFAULT,
    Aggregate,
    BlockerPolicy,
    EmptySection,
    Measure,
    NaCountsAs,
    Outcome,
    Scheme,
    WaiverCountsAs,
)
from readiness.rules.states import State
from readiness.rules.verdict import SectionTally, Verdict, judge
from tests.rules.given import ALL, NOW, POINTS, item, launch

DAY = timedelta(days=1)
WEAKEST = Scheme(measure=Measure.SUM, aggregate=Aggregate.MIN_OF_SECTIONS, bands=POINTS)


def in_section(section: str, *kinds: str) -> list:
    return [
        item(kind, key=f"{section}{position}", section=section, position=position)
        for position, kind in enumerate(kinds)
    ]


def test_a_verdict_says_all_that_explains_it():
    items = [
        item("met", key="runbook", section="rollback", position=0),
        item("blocker_open", key="switch", section="rollback", position=1),
        item("partial", key="alerts", section="watching", position=2, expires_at=NOW + 2 * DAY),
        item("na_by_facet", key="prompts", section="watching", position=3),
        item("waived", key="drift", section="data", position=4, waiver_until=NOW + DAY),
        item("na_confirmed", key="labels", section="labels", position=5),
    ]

    verdict = judge(items, Scheme(), NOW)

    assert verdict == Verdict(
        band=DEFAULT[0],
        key="delay",
        outcome=Outcome.NO_GO,
        score=Fraction(3, 8),
        earned=Fraction(3, 2),
        total=Fraction(4),
        counted=4,
        checked=1,
        holds=("switch",),
        notices=(),
        next_change=NOW + DAY,
        states={
            "runbook": State.MET,
            "switch": State.OPEN,
            "alerts": State.PARTIAL,
            "prompts": State.NA_BY_FACET,
            "drift": State.OPEN,
            "labels": State.NA_CONFIRMED,
        },
        sections=(
            SectionTally("rollback", Fraction(1), Fraction(2), 2, 1, Fraction(1, 2)),
            SectionTally("watching", Fraction(1, 2), Fraction(1), 1, 1, Fraction(1, 2)),
            SectionTally("data", Fraction(0), Fraction(1), 1, 1, Fraction(0)),
            SectionTally("labels", Fraction(0), Fraction(0), 0, 0, None),
        ),
        go_allowed=False,
    )
    assert verdict.is_held


@pytest.mark.parametrize("given", [{}, {"na_by_facet": 3}, {"open_w0": 3}, {"na_confirmed": 1}])
@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("aggregate", Aggregate)
@pytest.mark.parametrize("empty_section", EmptySection)
def test_a_launch_in_which_nothing_counts_is_never_ready(given, measure, aggregate, empty_section):
    scheme = Scheme(measure=measure, aggregate=aggregate, empty_section=empty_section)

    verdict = judge(launch(given), scheme, NOW)

    assert (verdict.band, verdict.key, verdict.outcome) == (None, "not_assessable", Outcome.NO_GO)
    assert (verdict.score, verdict.total, verdict.go_allowed) == (None, 0, False)


def test_thirty_eight_of_forty_is_exactly_95_percent_however_it_is_weighed():
    for weight in (Fraction(1), Fraction(1, 10), Fraction(1, 3), Fraction(7)):
        items = [one._replace(weight=weight) for one in launch({"met": 38, "open": 2})]

        verdict = judge(items, Scheme(), NOW)

        assert (verdict.score, verdict.key) == (Fraction(19, 20), "monitor")


def test_ten_tenths_are_one():
    verdict = judge(launch({"met_w0_1": 8, "open_w0_1": 2}), Scheme(), NOW)

    assert (verdict.earned, verdict.total, verdict.key) == (Fraction(4, 5), Fraction(1), "monitor")


@pytest.mark.parametrize(
    ("kinds", "score", "key"),
    [
        (["open"], 0, "research"),
        (["partial"], Fraction(1, 2), "gaps"),
        (["met"], 1, "gaps"),
        (["met", "partial"], Fraction(3, 2), "first_pass"),
        (["met", "met"], 2, "tested"),
        (["met", "met", "met", "partial"], Fraction(7, 2), "strong"),
    ],
)
def test_the_weakest_section_decides_in_points(kinds, score, key):
    strong = in_section("a", *["met"] * 7)

    verdict = judge(strong + in_section("b", *kinds), WEAKEST, NOW)

    assert (verdict.score, verdict.key) == (score, key)
    assert (verdict.earned, verdict.total) == (score, len(kinds))
    assert (verdict.counted, verdict.checked) == (7 + len(kinds), 7 + kinds.count("met"))


@pytest.mark.parametrize(
    ("empty_section", "score"), [(EmptySection.SKIP, Fraction(1)), (EmptySection.ZERO, Fraction(0))]
)
def test_a_section_in_which_nothing_counts_is_skipped_or_the_weakest(empty_section, score):
    scheme = replace(WEAKEST, empty_section=empty_section)
    items = in_section("a", "met") + in_section("b", "na_confirmed", "open_w0")

    assert judge(items, scheme, NOW).score == score


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"met": 3}, "complete"),
        ({"met": 2, "open": 1}, "incomplete"),
        ({"met": 2, "partial": 1}, "incomplete"),
        ({"met": 2, "expired": 1}, "incomplete"),
        ({"met": 2, "na_confirmed": 1}, "complete"),
        ({"met": 2, "open_w0": 1}, "complete"),
        ({"met": 2, "waived": 1}, "incomplete"),
    ],
)
def test_all_that_counts_is_required(given, key):
    scheme = Scheme(measure=Measure.REQUIRED, bands=ALL)

    assert judge(launch(given), scheme, NOW).key == key


@pytest.mark.parametrize(
    ("policy", "score"), [(WaiverCountsAs.MET, 1), (WaiverCountsAs.EXCLUDED, 1)]
)
def test_what_is_required_may_be_waived_where_the_checklist_says_so(policy, score):
    scheme = Scheme(measure=Measure.REQUIRED, bands=ALL, waiver_counts_as=policy)

    assert judge(launch({"met": 2, "waived": 1}), scheme, NOW).score == score
    assert judge(launch({"met": 2, "waiver_ended": 1}), scheme, NOW).score == 0


def test_a_confirmed_not_applicable_may_count_as_met_but_is_not_called_checked():
    scheme = Scheme(na_counts_as=NaCountsAs.MET)

    verdict = judge(launch({"met": 2, "open": 1, "na_confirmed": 1}), scheme, NOW)

    assert (verdict.score, verdict.counted, verdict.checked) == (Fraction(3, 4), 4, 2)


def test_a_waived_item_is_met_by_its_own_tick_first():
    scheme = Scheme(waiver_counts_as=WaiverCountsAs.EXCLUDED)
    checked = item("met", waiver_until=NOW + DAY)

    verdict = judge([checked, item("waived")], scheme, NOW)

    assert (verdict.counted, verdict.checked, verdict.score) == (1, 1, 1)


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("blocker_open", True),
        ("blocker_partial", True),
        ("blocker_expired", True),
        ("blocker_na_proposed", True),
        ("blocker_unknown_open", True),
        ("blocker_waiver_ended", True),
        ("blocker_met", False),
        ("blocker_waived", False),
        ("blocker_na_confirmed", False),
        ("open", False),
    ],
)
def test_a_must_have_holds_until_it_is_met_waived_or_not_applicable(kind, held):
    items = [*launch({"met": 99}), item(kind, position=99)]

    assert judge(items, Scheme(), NOW).holds == ((kind,) if held else ())
    assert judge(items, Scheme(blockers=BlockerPolicy.OFF), NOW).holds == ()
    capped = judge(items, Scheme(blockers=BlockerPolicy.CAP_VERDICT), NOW)
    assert capped.key == ("delay" if held else "ready")


def test_a_must_have_that_does_not_apply_or_weighs_nothing():
    gone = item("blocker_open", key="gone", applies=item("na_by_facet").applies)
    light = item("blocker_open", key="light", weight=Fraction(0))

    verdict = judge([*launch({"met": 1}), gone, light], Scheme(), NOW)

    assert (verdict.score, verdict.holds) == (1, ("light",))


@pytest.mark.parametrize(
    ("outcome", "allowed"),
    [
        (Outcome.GO, True),
        (Outcome.CONDITIONAL, True),
        (Outcome.INFO, False),
        (Outcome.NO_GO, False),
    ],
)
def test_only_go_and_conditional_bands_allow_a_go(outcome, allowed):
    scheme = Scheme(bands=(replace(DEFAULT[0], outcome=outcome),))

    assert judge(launch({"met": 1}), scheme, NOW).go_allowed is allowed


def test_no_review_share_raises_no_notice():
    items = launch({"met": 1, "na_confirmed": 39})

    assert judge(items, Scheme(), NOW).notices == ("many_na",)
    assert judge(items, Scheme(na_review_share=None), NOW).notices == ()


@pytest.mark.parametrize(
    ("one", "change"),
    [
        (item("open"), None),
        (item("met"), None),
        (item("met", expires_at=NOW + DAY), DAY),
        (item("provisional", expires_at=NOW + DAY), DAY),
        (item("expired"), None),
        (item("expires_now"), None),
        (item("superseded", expires_at=NOW + DAY), None),
        (item("waived", waiver_until=NOW + DAY), DAY),
        (item("waiver_ended"), None),
        (item("met", waiver_until=NOW + DAY), None),
        (item("partial", expires_at=NOW + 2 * DAY, waiver_until=NOW + DAY), DAY),
        (item("na_confirmed"), None),
        (item("na_confirmed", na_expires_at=NOW + 2 * DAY, waiver_until=NOW + DAY), 2 * DAY),
        (item("na_proposed", na_expires_at=NOW + DAY), None),
        (item("na_by_facet", expires_at=NOW + DAY, waiver_until=NOW + DAY), None),
    ],
)
def test_the_next_change_is_the_first_end_that_matters(one, change):
    assert judge([one], Scheme(), NOW).next_change == (change and NOW + change)


def test_among_equally_weak_sections_the_first_decides():
    scheme = Scheme(aggregate=Aggregate.MIN_OF_SECTIONS)
    halves = [
        *in_section("z", "met", "open"),
        *[one._replace(position=9) for one in in_section("a", "met", "met", "open", "open")],
    ]

    verdict = judge(halves, scheme, NOW)

    assert (verdict.score, verdict.earned, verdict.total) == (Fraction(1, 2), 1, 2)
    assert [section.key for section in verdict.sections] == ["z", "a"]
