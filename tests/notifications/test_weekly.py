"""An approver's week: once, from their first workday on, and only with something in it."""

from datetime import UTC, datetime, timedelta

import pytest

from readiness.accounts.models import User
from readiness.launches.models import LaunchApprover
from readiness.notifications.models import Delivery, Preference
from readiness.notifications.queries.weekly import week_of
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_weeks
from tests import make
from tests.launches.deciding import room
from tests.notifications.given import BEFORE, MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _long_after(time_machine) -> None:
    """Nothing of all this is told at once."""
    time_machine.move_to(MONDAY + timedelta(days=300), tick=False)


def weeks(person: User, *nows) -> list[tuple[str, str]]:
    for now in nows:
        queue_weeks(now=now)
        deliver_due(now=now)
    found = Delivery.objects.filter(recipient=person, kind="weekly").order_by("pk")
    return list(found.values_list("window", "state"))


def mail_of(person: User) -> Delivery:
    return Delivery.objects.get(recipient=person, kind="weekly")


def test_decisions_come_first_then_the_next_14_days_then_what_changed():
    here = room(
        items=20, signed_off=19, name="Ads ranking v14", at=MONDAY - timedelta(days=9),
        launch_at=MONDAY + timedelta(days=5),
    )  # fmt: skip
    here.sign_next(at=MONDAY - timedelta(days=1))
    here.ask(at=MONDAY - timedelta(hours=1))

    weeks(here.ann, MONDAY)

    mail = mail_of(here.ann)
    assert mail.subject == "1 decision waits for you"
    waiting, coming, changed = (
        mail.text.index(words)
        for words in (
            "1 DECISION WAITS FOR YOU",
            "LAUNCHES IN THE NEXT 14 DAYS",
            "IN THE LAST WEEK",
        )
    )
    assert waiting < coming < changed
    assert "Ads ranking v14 became Ready, 95% to 100%" in mail.text
    assert "Ready, 100%, up 5 in a week. Launches Sat 28 Nov, in 5 days" in mail.text
    assert f"/launches/{here.launch.pk}/decision/" in mail.html
    assert mail.html.count('class="greenbg"') == len({one.item.section for one in items(here)})


def items(here) -> list:
    return list(here.launch.items.select_related("item__section"))


def test_there_is_one_a_week_whichever_day_of_it_the_beat_comes_back():
    here = room(items=5, signed_off=1, at=BEFORE, launch_at=MONDAY + timedelta(days=13))
    days = [MONDAY + timedelta(days=number) for number in (-1, 1, 2, 4, 7, 8)]

    found = weeks(here.ann, *days)

    assert found == [("2026-W48", "sent"), ("2026-W49", "sent")]


def test_a_week_with_nothing_in_it_is_not_sent():
    here = room(items=5, signed_off=1, at=BEFORE, launch_at=MONDAY + timedelta(days=40))

    assert weeks(here.ann, MONDAY) == [("2026-W48", "skipped")]


def test_who_decides_nowhere_or_wants_none_gets_none():
    here = room(items=5, signed_off=1, at=BEFORE, launch_at=MONDAY + timedelta(days=5))
    Preference.objects.create(person=here.bob, kind="weekly", channel="mail", is_on=False)
    LaunchApprover.objects.filter(person=here.ann).delete()

    assert (weeks(here.ann, MONDAY), weeks(here.bob), weeks(here.lead)) == ([], [], [])


def test_a_launch_that_may_not_be_seen_any_more_is_not_told_of():
    here = room(items=5, signed_off=1, at=BEFORE, launch_at=MONDAY + timedelta(days=5))
    here.ann.memberships.all().delete()

    assert weeks(here.ann, MONDAY) == [("2026-W48", "skipped")]


def test_the_week_costs_the_same_statements_for_one_launch_and_for_ten(django_assert_num_queries):
    here = room(items=5, signed_off=1, at=BEFORE, launch_at=MONDAY + timedelta(days=5))
    version = here.launch.version
    for _ in range(9):
        soon = {"at": BEFORE, "launch_at": MONDAY + timedelta(days=5), "version": version}
        make.launch(team=here.team, approvers=[here.bob], **soon)
    week_of(here.ann, MONDAY)

    for person in (here.ann, here.bob):
        with django_assert_num_queries(9):
            week_of(person, MONDAY)


@pytest.mark.parametrize(
    ("zone", "hour", "first", "expected"),
    [
        # an hour that the clocks skip comes when they have moved on, one that comes twice once
        ("Europe/Berlin", 2, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), [0, 1, 0, 0]),
        ("Europe/Berlin", 2, datetime(2026, 10, 24, 23, 59, tzinfo=UTC), [0, 1, 0, 0]),
        ("America/St_Johns", 9, datetime(2026, 11, 23, 12, 29, tzinfo=UTC), [0, 1, 0, 0]),
    ],
)
def test_the_hour_of_the_week_comes_once_through_every_change_of_clocks(
    zone, hour, first, expected
):
    here = room(items=5, signed_off=1, at=first - timedelta(days=9))
    User.objects.exclude(pk=here.ann.pk).update(is_active=False)
    User.objects.filter(pk=here.ann.pk).update(
        zone=zone, digest_hour=hour, workdays=[first.isoweekday()]
    )
    if first.isoweekday() == 6:  # it is Sunday there already
        User.objects.filter(pk=here.ann.pk).update(workdays=[7])

    queued = [queue_weeks(now=first + timedelta(minutes=minutes)) for minutes in (0, 1, 61, 121)]

    assert queued == expected


def test_who_moves_to_another_zone_gets_no_second_week():
    here = room(items=5, signed_off=1, at=BEFORE)
    queued = []
    for zone in ("Pacific/Auckland", "UTC", "Pacific/Honolulu"):
        User.objects.filter(pk=here.ann.pk).update(zone=zone)
        queue_weeks(now=MONDAY + timedelta(hours=12))
        queued.append(Delivery.objects.filter(recipient=here.ann).count())

    assert queued == [1, 1, 1]
