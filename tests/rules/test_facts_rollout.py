"""The rollout's stages and who may roll it back: every rule at its borders."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.rules.facts import DAY, LAUNCH, around, broken, filled, sentences


def plan(*stages: tuple, **said: object):
    lines = [{"share": share, "hold": hold} for share, hold in stages]
    return filled("rollout_plan", {"stages": lines, **said})


USUAL = (("1", DAY), ("10", DAY), ("50", 2 * DAY), ("100", DAY))


@pytest.mark.parametrize(
    ("shares", "fields"),
    [
        (["1", "10", "50", "100"], []),
        (["100"], []),
        (["0", "100"], ["stages.0.share"]),
        (["0.000001", "100"], []),
        (["10", "10", "100"], ["stages.1.share"]),
        (["10", "9", "100"], ["stages.1.share"]),
        (["10", "99.999999"], ["stages.1.share"]),
        (["10", "100.000001"], ["stages.1.share"]),
        (["10", "100.0"], []),
    ],
)
def test_shares_rise_strictly_to_exactly_100(shares, fields):
    found = broken("shares_rise_to_100", plan(*((share, DAY) for share in shares)))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("holds", "fields"), [([1, 0], []), ([0, 1], ["stages.0.hold"]), ([1, 1], [])]
)
def test_every_stage_but_the_last_is_held(holds, fields):
    found = broken("stages_are_held", plan(("1", holds[0]), ("100", holds[1])))

    assert found == [(field, 1) for field in fields]


def test_full_traffic_is_watched_for_some_time():
    found = [len(broken("full_traffic_unwatched", plan(("100", hold)))) for hold in (0, 1)]

    assert found == [1, 0]


@pytest.mark.parametrize(("hold", "count"), [(14 * DAY, 0), (14 * DAY - 1, 1)])
def test_the_stage_with_the_share_of_the_test_is_as_long_as_the_test(hold, count):
    test = filled("experiment_plan", {"exposure": "0.5", "allocation": "0.2", "duration_days": 14})

    found = broken("shorter_than_the_test", plan(("10", hold), ("100", DAY)), around(test))

    assert len(found) == count


@pytest.mark.parametrize(
    ("shares", "count"),
    [
        (["10", "100"], 0),
        (["10.1", "100"], 1),
        (["1", "10", "100"], 0),
        (["1", "10.01", "100"], 1),
        (["0.9", "10", "100"], 1),
        (["50", "100"], 1),
    ],
)
def test_bold_first_shares_and_steps_are_told(shares, count):
    found = broken("bold_steps", plan(*((share, DAY) for share in shares)))

    assert len(found) == count


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"label_delay": DAY - 600}, 0),
        ({"label_delay": DAY - 599}, 1),
        ({"label_delay": DAY, "stages": ["50"]}, 0),
    ],
)
def test_a_stage_is_as_long_as_the_slowest_trigger_armed_at_it(said, count):
    slow = {"name": "Slow", "window": 300, "sustained_for": 300, **said}

    found = broken(
        "shorter_than_triggers", plan(("10", DAY)), around(filled("rollback_triggers", slow))
    )

    assert len(found) == count


def test_a_stage_below_a_full_day_hides_the_daily_cycle():
    found = sentences("below_a_day", plan(("1", DAY), ("10", DAY - 1), ("100", 0)))

    assert found == ["Held for less than a day: 10 %. That hides the daily cycle."]


def window(start: datetime, end: datetime, **said: object):
    times = {"window_start": start.isoformat(), "window_end": end.isoformat()}
    return filled("rollback_ownership", {"owner": 1, "deputy": 2, **times, **said})


LAST = LAUNCH + timedelta(days=5)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (LAUNCH, LAST, 0),
        (LAUNCH, LAST - SECOND, 1),
        (LAUNCH + timedelta(days=1), LAST, 0),
        (LAUNCH + timedelta(days=1) + SECOND, LAST, 1),
    ],
)
def test_stages_with_their_holds_end_inside_the_window(start, end, count):
    found = broken("inside_the_window", plan(*USUAL), around(window(start, end)))

    assert len(found) == count


def test_without_a_window_there_is_nothing_to_be_inside_of():
    assert broken("inside_the_window", plan(*USUAL)) == []


@pytest.mark.parametrize(
    ("start", "end", "fields"),
    [
        (LAUNCH, LAST, []),
        (LAUNCH + SECOND, LAST, ["window_start"]),
        (LAUNCH, LAST - SECOND, ["window_end"]),
    ],
)
def test_the_window_covers_the_launch_up_to_the_last_stage_with_its_hold(start, end, fields):
    found = broken("covers_the_launch", window(start, end), around(plan(*USUAL)))

    assert found == [(field, 1) for field in fields]


def test_a_window_without_stages_covers_the_launch_itself():
    moments = [LAUNCH, LAUNCH - SECOND]

    found = [broken("covers_the_launch", window(LAUNCH - 9 * SECOND, end)) for end in moments]

    assert found == [[], [("window_end", 1)]]


FRIDAY = datetime(2026, 12, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts", "says"),
    [
        (FRIDAY - timedelta(minutes=1), []),
        (FRIDAY, ["starts Fri 4 Dec 12:00, on a Friday afternoon."]),
        (FRIDAY + timedelta(days=1), ["starts Sat 5 Dec 12:00, at a weekend."]),
        (FRIDAY + timedelta(days=2), ["starts Sun 6 Dec 12:00, at a weekend."]),
        (FRIDAY + timedelta(days=3), []),
        (FRIDAY + timedelta(days=20), ["starts Thu 24 Dec 12:00, in the freeze Winter."]),
    ],
)
def test_unlucky_starts_are_told(starts, says):
    stages = [{"share": "100", "hold": DAY, "starts_at": starts.isoformat()}]
    frozen = [{"name": "Winter", "starts_on": "2026-12-24", "ends_on": "2027-01-03"}]
    fact = filled("rollout_plan", {"stages": stages, "freeze_windows": frozen})

    found = sentences("unlucky_start", fact)

    assert found == [f"The stage of 100 % {one}" for one in says]


def test_a_start_is_told_on_the_clocks_of_the_launch():
    stages = [{"share": "100", "hold": DAY, "starts_at": FRIDAY.isoformat()}]
    fact = filled("rollout_plan", {"stages": stages})

    found = broken("unlucky_start", fact, around(zone=ZoneInfo("America/New_York")))

    assert found == []


@pytest.mark.parametrize(
    ("length", "count"),
    [(timedelta(0), 1), (SECOND, 0), (timedelta(days=60), 0), (timedelta(days=60) + SECOND, 1)],
)
def test_a_window_lasts_up_to_60_days(length, count):
    found = broken("window_has_length", window(LAUNCH, LAUNCH + length))

    assert found == [("window_end", 1)] * count


def test_owner_and_deputy_differ():
    found = [broken("two_people", window(LAUNCH, LAST, deputy=one)) for one in (1, 2)]

    assert found == [[("deputy", 1)], []]


def test_each_named_person_accepts():
    at = LAUNCH.isoformat()
    said = [
        {},
        {"accepted_by_owner_at": at},
        {"accepted_by_owner_at": at, "accepted_by_deputy_at": at},
    ]

    found = [sentences("both_accepted", window(LAUNCH, LAST, **one)) for one in said]

    owner, deputy = ("The rollback owner has not accepted yet.", "The deputy has not accepted yet.")
    assert found == [[owner, deputy], [deputy], []]


def test_the_owner_may_act_alone():
    found = [broken("acts_alone", window(LAUNCH, LAST, may_act_alone=one)) for one in (True, False)]

    assert found == [[], [("may_act_alone", 1)]]
