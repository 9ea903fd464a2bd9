"""Freshness of data, rehearsals and the post-launch review: every rule at its borders."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from readiness.rules.facts.operating import proposed_review
from tests.rules.facts import DAY, LAUNCH, NOW, around, broken, filled, sentences


def dataset(purpose: str, **said: object) -> dict:
    return {"dataset": "Clicks", "purpose": purpose, "max_lag": DAY, **said}


def freshness(*rows: dict, **whole: object):
    return filled("freshness_slas", *rows, whole=whole)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"max_lag": 1}, []),
        ({"max_lag": 0}, ["max_lag"]),
        ({"max_lag": 60, "warn_at": 59}, []),
        ({"max_lag": 60, "warn_at": 60}, ["warn_at"]),
    ],
)
def test_the_lag_is_above_0_and_the_warning_comes_before_it(said, fields):
    found = broken("lag_makes_sense", freshness(dataset("training", **said)))

    assert found == [(field, 1) for field in fields]


def test_a_dataset_is_there_once_for_each_purpose():
    rows = [dataset("training"), dataset("inference"), dataset("training", dataset="CLICKS")]

    found = broken("dataset_once", freshness(*rows))

    assert found == [("dataset", 1), ("dataset", 3)]


@pytest.mark.parametrize(
    ("purposes", "whole", "serving", "count"),
    [
        (["training", "inference"], {}, ["online"], 0),
        (["training", "retrieval_index"], {}, ["streaming"], 0),
        (["training"], {}, ["online"], 1),
        (["training"], {}, ["batch"], 0),
        (["training"], {}, None, 1),
        (["inference"], {}, ["online"], 1),
        (["inference"], {"trains_nothing": True}, ["online"], 0),
        (["labels"], {"trains_nothing": False}, ["batch", "online"], 2),
    ],
)
def test_training_and_live_serving_have_their_rows(purposes, whole, serving, count):
    fact = freshness(*map(dataset, purposes), **whole)

    found = broken("covers_training_and_serving", fact, around(serving=serving))

    assert len(found) == count


def test_processing_time_hides_late_events():
    rows = [dataset("training", measured_as=one) for one in ("event_time", "processing_time")]

    assert broken("hides_late_events", freshness(*rows)) == [("measured_as", 2)]


@pytest.mark.parametrize(("lag", "count"), [(DAY, 0), (DAY + 1, 1)])
def test_inference_lags_no_longer_than_training(lag, count):
    rows = [dataset("training"), dataset("inference", max_lag=lag)]

    found = broken("slower_than_training", freshness(*rows))

    assert found == [("max_lag", 2)] * count


REHEARSAL = {
    "rehearsed_at": NOW.isoformat(),
    "operator": 1,
    "runbook_author": 2,
    "environment": "production",
    "from_version": "14.2.0",
    "to_version": "14.1.0",
    "minutes": "15",
    "target_minutes": "15",
    "needed_data_change": False,
}


def rehearsal(**said: object):
    return filled("rollback_rehearsal", REHEARSAL | said)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, []),
        ({"rehearsed_at": (NOW + timedelta(seconds=1)).isoformat()}, ["rehearsed_at"]),
        ({"to_version": "14.2.0"}, ["to_version"]),
        ({"minutes": "0"}, ["minutes"]),
        ({"minutes": "0.01"}, []),
    ],
)
def test_a_rehearsal_makes_sense(said, fields):
    found = broken("rehearsal_makes_sense", rehearsal(**said))

    assert found == [(field, 1) for field in fields]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, []),
        ({"minutes": "15.000001"}, ["minutes"]),
        ({"needed_data_change": True}, ["needed_data_change"]),
        ({"minutes": "16", "needed_data_change": True}, ["minutes", "needed_data_change"]),
        ({"needed_data_change": None}, []),
    ],
)
def test_the_newest_rehearsal_has_passed(said, fields):
    found = broken("newest_has_passed", rehearsal(**said))

    assert found == [(field, 1) for field in fields]


def test_an_older_rehearsal_that_failed_is_past():
    before = REHEARSAL | {"rehearsed_at": (NOW - timedelta(days=1)).isoformat(), "minutes": "40"}

    assert broken("newest_has_passed", filled("rollback_rehearsal", REHEARSAL, before)) == []


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, []),
        ({"runbook_author": 1}, ["operator"]),
        ({"environment": "staging"}, ["environment"]),
        ({"rehearsed_at": (NOW - timedelta(days=90)).isoformat()}, []),
        ({"rehearsed_at": (NOW - timedelta(days=90, seconds=1)).isoformat()}, ["rehearsed_at"]),
    ],
)
def test_a_weak_rehearsal_is_told(said, fields):
    found = broken("weak_rehearsal", rehearsal(**said))

    assert found == [(field, 1) for field in fields]


def review(at: datetime, **said: object):
    return filled("post_launch_review", {"review_at": at.isoformat(), "owner": 1, **said})


def test_the_review_comes_after_the_launch():
    moments = [LAUNCH, LAUNCH + timedelta(seconds=1)]

    found = [broken("after_the_launch", review(at)) for at in moments]

    assert found == [[("review_at", 1)], []]


@pytest.mark.parametrize(("days", "count"), [(6, 1), (7, 0), (28, 0), (29, 1)])
def test_a_review_is_good_between_7_and_28_days_after_the_launch(days, count):
    found = broken("too_soon_or_late", review(LAUNCH + timedelta(days=days)))

    assert found == [("review_at", 1)] * count


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ({"duration_days": 14}, 0),
        ({"duration_days": 15}, 1),
        ({"duration_days": 14, "starts_on": "2026-12-09"}, 1),
        ({"duration_days": 999_999_999_999}, 1),
    ],
)
def test_the_review_comes_after_the_test_has_ended(said, count):
    test = filled("experiment_plan", said)

    found = broken("too_soon_or_late", review(LAUNCH + timedelta(days=14)), around(test))

    assert found == [("review_at", 1)] * count


def test_product_and_the_rollback_owner_take_part():
    owner = filled("rollback_ownership", {"owner": 3})
    launch = around(owner, duties={"product": 2})
    at = LAUNCH + timedelta(days=14)

    found = [
        sentences("somebody_is_missing", review(at, participants=one), launch)
        for one in ([], [2], [2, 3])
    ]

    product, rollback = "Nobody from product takes part.", "The rollback owner does not take part."
    assert found == [[product, rollback], [rollback], []]


@pytest.mark.parametrize(
    ("launch", "days", "proposed"),
    [
        (LAUNCH, 14, datetime(2026, 12, 22, 8, tzinfo=UTC)),
        (LAUNCH + timedelta(days=3), 14, datetime(2026, 12, 25, 8, tzinfo=UTC)),
        (LAUNCH + timedelta(days=4), 14, datetime(2026, 12, 28, 8, tzinfo=UTC)),
        (LAUNCH + timedelta(days=5), 14, datetime(2026, 12, 28, 8, tzinfo=UTC)),
        (LAUNCH, 21, datetime(2026, 12, 29, 8, tzinfo=UTC)),
        (LAUNCH, None, datetime(2026, 12, 22, 8, tzinfo=UTC)),
        (LAUNCH, 999_999_999_999, datetime(2026, 12, 22, 8, tzinfo=UTC)),
    ],
)
def test_a_review_is_proposed_on_the_next_working_day_at_the_launch_s_own_clocks(
    launch, days, proposed
):
    found = proposed_review(around(launch_at=launch, zone=ZoneInfo("Africa/Cairo")), days)

    assert found == proposed
