"""The way up and the way down, proven against trying everything."""

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings

from readiness.rules.scheme import (
    DEFAULT,
    Aggregate,
    BlockerPolicy,
    EmptySection,
    Measure,
    Scheme,
    WaiverCountsAs,
)
from readiness.rules.states import Item, is_waived
from readiness.rules.steps import LowerBand, NextBand, after, slack, to_lower, to_next
from readiness.rules.verdict import Verdict, judge
from tests.rules.given import ALL, NOW, POINTS, item, items, launch, schemes

thorough = settings(max_examples=250, deadline=None)


def rank(verdict: Verdict, scheme: Scheme) -> int:
    return -1 if verdict.band is None else scheme.bands.index(verdict.band)


def checked(one: Item) -> Item:
    return one._replace(
        credit=Fraction(1),
        expires_at=None,
        superseded=False,
        disputed=False,
        provisional=False,
        provisional_from=None,
    )


def changed(items: list, chosen: tuple, change) -> list:
    return [change(one) if one in chosen else one for one in items]


def wish(chosen: tuple) -> tuple:
    """Sets of one size in the order in which people would rather have them."""
    places = sorted(
        (is_waived(one, NOW), one.due_on is None, one.due_on or date.max, one.position)
        for one in chosen
    )
    return sum(place[0] for place in places), places


def way_up_by_trying(items: list, scheme: Scheme) -> NextBand | None:
    now = rank(judge(items, scheme, NOW), scheme)
    if now == -1:
        return None
    for size in range(1, len(items) + 1):
        found = {}
        for chosen in combinations(items, size):
            verdict = judge(changed(items, chosen, checked), scheme, NOW)
            if rank(verdict, scheme) > now:
                found[chosen] = verdict.band
        if found:
            best = min(found, key=wish)
            order = sorted(best, key=lambda one: wish((one,)))
            return NextBand(found[best], tuple(one.key for one in order))
    return None


def fewest_to_fall_by_trying(items: list, scheme: Scheme) -> int | None:
    now = rank(judge(items, scheme, NOW), scheme)
    ticked = [one for one in items if one.credit > 0]
    for size in range(1, len(ticked) + 1):
        for chosen in combinations(ticked, size):
            fallen = changed(items, chosen, lambda one: one._replace(credit=Fraction(0)))
            if now > 0 and rank(judge(fallen, scheme, NOW), scheme) < now:
                return size
    return None


@thorough
@given(items(), schemes)
def test_the_way_up_is_the_shortest_and_the_one_people_would_rather_go(launch, scheme):
    assert to_next(launch, scheme, NOW) == way_up_by_trying(launch, scheme)


@settings(max_examples=100, deadline=None)
@given(items(most=8, sections="a"))
def test_the_way_up_is_the_shortest_under_the_default_policies(launch):
    assert to_next(launch, Scheme(), NOW) == way_up_by_trying(launch, Scheme())


@thorough
@given(items(), schemes)
def test_the_slack_is_all_that_may_be_unchecked_at_will(launch, scheme):
    fewest = fewest_to_fall_by_trying(launch, scheme)

    assert slack(launch, scheme, NOW) == (None if fewest is None else fewest - 1)


@thorough
@given(items(), schemes)
def test_unchecking_what_is_named_leads_to_the_band_that_is_named(launch, scheme):
    lower = to_lower(launch, scheme, NOW)

    if lower is not None:
        without = [
            one._replace(credit=Fraction(0)) if one.key in lower.items else one for one in launch
        ]
        assert judge(without, scheme, NOW).band == lower.band


@pytest.mark.parametrize(
    ("given", "up", "steps", "down", "spare"),
    [
        ({"met": 0, "open": 40}, "monitor", 32, None, None),
        ({"met": 31, "open": 9}, "monitor", 1, None, None),
        ({"met": 32, "open": 8}, "ready", 7, "delay", 0),
        ({"met": 33, "open": 7}, "ready", 6, "delay", 1),
        ({"met": 38, "open": 2}, "ready", 1, "delay", 6),
        ({"met": 39, "open": 1}, None, None, "monitor", 0),
        ({"met": 40, "open": 0}, None, None, "monitor", 1),
        ({"met": 0, "open": 1}, "ready", 1, None, None),
        ({"met": 38, "na_proposed": 2}, "ready", 1, "delay", 6),
        ({"na_by_facet": 40}, None, None, None, None),
    ],
)
def test_how_far_it_is_up_and_down_on_the_default_checklist(given, up, steps, down, spare):
    items = launch(given)

    above = to_next(items, Scheme(), NOW)
    below = to_lower(items, Scheme(), NOW)

    assert (above and above.band.key, above and len(above.items)) == (up, steps)
    assert (below and below.band.key, slack(items, Scheme(), NOW)) == (down, spare)


def test_unwaived_items_come_first_then_early_ones_then_the_order_of_the_checklist():
    december = date(2026, 12, 1)
    undone = [
        item("waived", key="waived", position=0, due_on=december),
        item("open", key="no-date", position=1),
        item("open", key="later", position=2, due_on=date(2026, 12, 2)),
        item("open", key="second", position=4, due_on=december),
        item("open", key="first", position=3, due_on=december),
    ]

    ways = [to_next([*launch({"met": 4 * n}), *undone], Scheme(), NOW) for n in range(3, 6)]

    assert [way.items for way in ways] == [
        ("first", "second"),
        ("first",),
        ("first", "second", "later", "no-date"),
    ]


def test_one_heavy_item_beats_two_early_ones():
    early = item("open", key="early", due_on=date(2026, 11, 23))
    heavy = item("open_w2", key="heavy", position=2)

    way = to_next([*launch({"met": 7}), early, heavy], Scheme(), NOW)

    assert way == NextBand(DEFAULT[1], ("early",))
    way = to_next([*launch({"met": 6}), early._replace(weight=Fraction(1)), heavy], Scheme(), NOW)
    assert way == NextBand(DEFAULT[1], ("heavy",))


def test_a_capped_verdict_needs_its_must_haves_first():
    scheme = Scheme(blockers=BlockerPolicy.CAP_VERDICT)
    items = launch({"met": 30, "open": 8, "blocker_open": 2})

    assert judge(items, scheme, NOW).key == "delay"
    assert to_next(items, scheme, NOW) == NextBand(
        DEFAULT[1], ("blocker_open-38", "blocker_open-39")
    )
    assert to_lower(launch({"met": 39, "blocker_met": 1}), scheme, NOW) == LowerBand(
        DEFAULT[0], ("blocker_met-39",)
    )


def test_every_section_must_reach_the_cut():
    scheme = Scheme(measure=Measure.SUM, aggregate=Aggregate.MIN_OF_SECTIONS, bands=POINTS)
    items = [
        item(kind, key=f"{section}{n}", section=section, position=n)
        for section in "ab"
        for n, kind in enumerate(["open", "open", "partial"])
    ]

    assert to_next(items, scheme, NOW) == NextBand(POINTS[2], ("a0", "b0"))


def test_a_section_left_out_by_waivers_needs_one_item_that_counts():
    scheme = Scheme(
        aggregate=Aggregate.MIN_OF_SECTIONS,
        empty_section=EmptySection.ZERO,
        waiver_counts_as=WaiverCountsAs.EXCLUDED,
    )
    items = [item("met", section="a"), item("waived", section="b")]

    assert to_next(items, scheme, NOW) == NextBand(DEFAULT[2], ("waived",))


@pytest.mark.parametrize(
    ("sections", "empty_section", "lower"),
    [
        (["a"], EmptySection.SKIP, None),
        (["a", "b"], EmptySection.SKIP, None),
        (["a", "b"], EmptySection.ZERO, ALL[0]),
    ],
)
def test_what_stops_counting_when_unchecked_takes_the_verdict_along(sections, empty_section, lower):
    scheme = Scheme(
        aggregate=Aggregate.MIN_OF_SECTIONS,
        bands=ALL,
        empty_section=empty_section,
        waiver_counts_as=WaiverCountsAs.EXCLUDED,
    )
    until = item("waived").waiver_until
    items = [
        item("met", key=f"{section}{n}", section=section, waiver_until=until)
        for section in sections
        for n in range(2)
    ]

    fewest = items[:2] if empty_section == EmptySection.ZERO else items
    assert to_lower(items, scheme, NOW) == LowerBand(lower, tuple(one.key for one in fewest))


def test_a_band_beyond_every_possible_score_has_no_way():
    scheme = Scheme(measure=Measure.SUM, bands=POINTS)

    assert to_next(launch({"met": 3}), scheme, NOW) is None


def test_checking_one_item_is_tried_without_being_done():
    items = launch({"met": 33, "open": 6})

    verdict = after(items, Scheme(), NOW, "open-33")

    assert (judge(items, Scheme(), NOW).score, verdict.score) == (
        Fraction(33, 39),
        Fraction(34, 39),
    )


@pytest.mark.parametrize(
    "kind", ["superseded", "disputed", "expired", "provisional", "partial", "na_proposed", "open"]
)
def test_checking_makes_any_open_item_met(kind):
    verdict = after([item(kind)], Scheme(), NOW, kind)

    assert verdict.checked == 1
