"""Who is due, and that they are queued once."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from readiness.accounts.models import User
from readiness.launches.models import Exemption, Launch, LaunchItem, SignOff, Stage
from readiness.notifications.models import Delivery
from readiness.notifications.queries import due_owners
from readiness.notifications.services.queueing import queue_digests
from tests import make
from tests.notifications.given import BEFORE, MONDAY, owner, owns

pytestmark = pytest.mark.django_db(transaction=True)


def due(now: datetime = MONDAY) -> list[int]:
    return sorted(one.person for one in due_owners(now))


@pytest.mark.parametrize(
    ("days", "is_due"),
    [(-30, True), (-1, True), (0, True), (3, True), (4, False), (None, False)],
)
def test_an_owner_hears_of_what_is_late_or_due_within_three_days(days, is_due):
    launch = make.launch(items=3)
    priya = owner(launch)

    owns(priya, launch, days)

    assert due() == ([priya.pk] if is_due else [])


@pytest.mark.parametrize(
    ("since", "is_due"),
    [
        (timedelta(days=8), False),
        (timedelta(days=6), True),
        (timedelta(minutes=31), True),
        (timedelta(minutes=29), False),  # after the hour: tomorrow's news
    ],
)
def test_an_owner_hears_of_what_came_to_them_in_the_last_week(since, is_due):
    launch = make.launch(items=3)
    priya = owner(launch)

    owns(priya, launch, 20, since=MONDAY - since)

    assert due() == ([priya.pk] if is_due else [])


def test_what_a_digest_told_as_new_is_not_new_the_next_day():
    launch = make.launch(items=3)
    priya = owner(launch)
    owns(priya, launch, 20, since=MONDAY - timedelta(days=1))
    queue_digests(now=MONDAY)

    tuesday = due(MONDAY + timedelta(days=1))

    assert tuesday == []


@pytest.mark.parametrize(
    "fields",
    [
        {"mails_on": False},
        {"is_active": False},
        {"workdays": [2, 3, 4]},
        {"digest_hour": 10},
        {"zone": "America/New_York"},
    ],
)
def test_nobody_is_written_to_outside_their_hours_or_against_their_will(fields):
    launch = make.launch(items=3)
    priya = owner(launch)
    owns(priya, launch, -1)

    User.objects.filter(pk=priya.pk).update(**fields)

    assert due() == []


@pytest.mark.parametrize("stage", [Stage.CANCELLED, Stage.ARCHIVED, Stage.ON_HOLD])
def test_a_launch_that_is_over_or_on_hold_reminds_nobody(stage):
    launch = make.launch(items=3)
    owns(owner(launch), launch, -1)

    Launch.objects.filter(pk=launch.pk).update(stage=stage.value)

    assert due() == []


def test_what_is_done_or_does_not_apply_reminds_nobody():
    launch = make.launch(items=4)
    priya = owner(launch)
    owns(priya, launch, -1, -1, -1)
    make.sign(make.item(launch, 1), by=priya)
    LaunchItem.objects.filter(pk=make.item(launch, 2).pk).update(applies="no")
    Exemption.objects.create(
        team=launch.team, item=make.item(launch, 3), kind="na", reason="No users yet.",
        asked_by=priya, asked_at=BEFORE, agreed_by=launch.lead, agreed_at=BEFORE,
    )  # fmt: skip

    found = due()

    assert found == []


def test_a_check_that_fell_reminds_its_owner_again():
    launch = make.launch(items=4)
    priya = owner(launch)
    owns(priya, launch, -1)
    make.sign(make.item(launch, 1), by=priya)
    assert due() == []

    LaunchItem.objects.filter(pk=make.item(launch, 1).pk).update(basis="of another candidate")

    assert due() == [priya.pk]


def test_a_check_that_two_must_make_reminds_until_both_did():
    launch = make.launch(items=3, version=make.checklist(3, signing={"rule": "two_persons"}))
    priya = owner(launch)
    owns(priya, launch, -1)

    make.sign(make.item(launch, 1), by=priya)

    assert due() == [priya.pk]


def test_a_check_with_an_end_reminds_again_after_it():
    launch = make.launch(items=40)
    priya = owner(launch, workdays=list(range(1, 8)))
    expiring = launch.items.exclude(item__fresh_days=None).first()
    LaunchItem.objects.filter(pk=expiring.pk).update(
        owner=priya, owned_since=BEFORE, due_on=date(2026, 11, 20)
    )
    make.sign(expiring, by=priya)
    end = SignOff.objects.get(item=expiring).expires_at

    found = due(MONDAY), due(end + timedelta(days=7))

    assert found == ([], [priya.pk])


@pytest.mark.parametrize(
    ("zone", "hour", "now", "window"),
    [
        # 02:00 does not come on this Sunday in Berlin: 03:00 is the first time after it.
        ("Europe/Berlin", 2, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), None),
        ("Europe/Berlin", 2, datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29"),
        # 02:00 comes twice: the first one counts.
        ("Europe/Berlin", 2, datetime(2026, 10, 25, 0, 0, tzinfo=UTC), "2026-10-25"),
        # The local date, not the one in Greenwich.
        ("Pacific/Auckland", 9, datetime(2026, 11, 22, 20, 0, tzinfo=UTC), "2026-11-23"),
    ],
)
def test_days_and_hours_are_those_of_the_person(zone, hour, now, window):
    launch = make.launch(items=3, at=datetime(2026, 1, 5, tzinfo=UTC))
    every_day = list(range(1, 8))
    priya = owner(launch, zone=zone, digest_hour=hour, workdays=every_day)
    LaunchItem.objects.filter(launch=launch).update(
        owner=priya, owned_since=datetime(2026, 1, 5, tzinfo=UTC), due_on=date(2026, 1, 9)
    )

    found = [one.window for one in due_owners(now)]

    assert found == ([window] if window else [])


def test_an_hour_that_comes_twice_brings_one_digest():
    launch = make.launch(items=3, at=datetime(2026, 1, 5, tzinfo=UTC))
    priya = owner(launch, zone="Europe/Berlin", digest_hour=2, workdays=list(range(1, 8)))
    LaunchItem.objects.filter(launch=launch).update(owner=priya, due_on=date(2026, 1, 9))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    queued = [queue_digests(now=first), queue_digests(now=first + timedelta(hours=1))]

    assert queued == [1, 0]


def test_a_move_across_the_date_line_brings_one_digest_for_each_local_date():
    launch = make.launch(items=3)
    priya = owner(launch, zone="Pacific/Auckland", digest_hour=0, workdays=list(range(1, 8)))
    owns(priya, launch, -3)
    monday_there = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # and still Sunday in Honolulu
    queue_digests(now=monday_there)
    User.objects.filter(pk=priya.pk).update(zone="Pacific/Honolulu")

    for hours in (1, 2, 24, 25, 48):
        queue_digests(now=monday_there + timedelta(hours=hours))

    windows = Delivery.objects.order_by("pk").values_list("window", flat=True)
    assert list(windows) == ["2026-11-23", "2026-11-22", "2026-11-24"]


def test_a_late_beat_queues_the_day_once_and_a_wiped_broker_loses_nothing():
    launch = make.launch(items=3)
    owns(owner(launch), launch, -1)
    evening = MONDAY.replace(hour=23)

    queued = [queue_digests(now=evening), queue_digests(now=evening)]

    assert queued == [1, 0]


def test_two_beats_at_once_queue_one_digest():
    launch = make.launch(items=3)
    for item in launch.items.all():
        LaunchItem.objects.filter(pk=item.pk).update(owner=owner(launch), due_on=MONDAY.date())
    queued = []

    def beat() -> None:
        queued.append(queue_digests(now=MONDAY))
        connection.close()

    with transaction.atomic():
        queued.append(queue_digests(now=MONDAY))
        beside = Thread(target=beat)
        beside.start()
        beside.join(timeout=1)
        is_waiting = beside.is_alive()
    beside.join()

    assert (is_waiting, queued, Delivery.objects.count()) == (True, [3, 0], 3)


def test_the_database_refuses_a_second_delivery_for_the_same_day():
    launch = make.launch(items=3)
    owns(owner(launch), launch, -1)
    queue_digests(now=MONDAY)
    again = Delivery.objects.get()
    again.pk, again.message_id = None, "<another@localhost>"

    with pytest.raises(IntegrityError, match="one_delivery_per_person_kind_window_and_channel"):
        again.save(force_insert=True)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost", "settled_at": MONDAY}, "delivery_state_is_known"),
        ({"state": "sending"}, "who_sends_holds_the_lease"),
        ({"state": "sent"}, "an_ended_delivery_has_a_time"),
    ],
)
def test_the_database_refuses_states_that_cannot_be(change, constraint):
    launch = make.launch(items=3)
    owns(owner(launch), launch, -1)
    queue_digests(now=MONDAY)

    with pytest.raises(IntegrityError, match=constraint):
        Delivery.objects.update(**change)
