"""Everybody is looked at when their hour comes: once a day, and anew when they choose."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from readiness.accounts.models import User
from readiness.accounts.services import reactivate, set_preferences
from readiness.notifications.models import Channel, Kind
from readiness.notifications.services import reminding
from readiness.notifications.services.reminding import LEASE, next_hour, remind
from readiness.notifications.services.subscribing import choose, choose_hours
from tests import make
from tests.notifications.given import MONDAY, ended, owner, owns

pytestmark = pytest.mark.django_db(transaction=True)
NINE = MONDAY.replace(hour=9, minute=0)
DAY = timedelta(days=1)


@pytest.fixture
def priya() -> User:
    """Somebody with work that is late, and who is told of it."""
    launch = make.launch(items=3)
    person = owner(launch)
    owns(person, launch, -1)
    return person


def hour_of(person: User) -> datetime | None:
    return User.objects.get(pk=person.pk).next_hour_at


def windows(person: User) -> list[str]:
    return [window for window, _ in ended(person)]


def test_who_was_looked_at_is_looked_at_again_at_their_next_hour(priya):
    queued = [remind(now=MONDAY), remind(now=MONDAY), remind(now=NINE + DAY)]

    assert queued == [1, 0, 1]
    assert hour_of(priya) == NINE + 2 * DAY


def test_before_their_hour_nothing_goes_and_their_hour_is_noted(priya):
    queued = remind(now=NINE - timedelta(minutes=1))

    assert (queued, hour_of(priya)) == (0, NINE)


@pytest.mark.parametrize(
    "chooses",
    [
        lambda person: set_preferences(person, {"digest_hour": 8}),
        lambda person: choose(person, {(Kind.WEEKLY, Channel.MAIL): False}, now=MONDAY),
        lambda person: choose_hours(
            person, quiet_from=22, quiet_until=7, days_off=[], now=MONDAY
        ),
        reactivate,
    ],
)  # fmt: skip
def test_who_chooses_something_else_is_looked_at_anew(priya, chooses):
    remind(now=MONDAY)

    chooses(priya)

    assert hour_of(priya) is None


def test_a_worker_that_died_with_somebody_in_hand_left_nobody_out(priya, monkeypatch):
    def die(*, now: datetime) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(reminding, "queue_digests", die)
        with pytest.raises(KeyboardInterrupt):
            remind(now=MONDAY)

    assert [remind(now=MONDAY), remind(now=MONDAY + LEASE)] == [0, 1]


def test_who_chooses_while_they_are_looked_at_is_looked_at_again(priya, monkeypatch):
    def meanwhile(*, now: datetime) -> int:
        set_preferences(priya, {"digest_hour": 8})
        return 0

    monkeypatch.setattr(reminding, "queue_escalations", meanwhile)
    remind(now=MONDAY)

    assert hour_of(priya) is None


def test_a_clock_that_ran_ahead_and_came_back_leaves_no_day_out(priya):
    remind(now=MONDAY + 30 * DAY)

    for day in range(3):
        remind(now=MONDAY + day * DAY)

    assert windows(priya) == ["2026-12-23", "2026-11-23", "2026-11-24", "2026-11-25"]


@pytest.mark.parametrize(
    ("zone", "hour", "now", "next_at"),
    [
        ("UTC", 9, NINE - timedelta(seconds=1), NINE),
        ("UTC", 9, NINE, NINE + DAY),
        ("Europe/Berlin", 2, datetime(2026, 3, 29, 0, 0, tzinfo=UTC),  # it does not come
         datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", 2, datetime(2026, 10, 25, 0, 0, tzinfo=UTC),  # it came the first time
         datetime(2026, 10, 26, 1, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_next_hour_is_that_of_the_zone(zone, hour, now, next_at):
    assert next_hour(zone, hour, now) == next_at


def test_who_is_just_being_changed_is_waited_for_by_nobody(priya, environment):
    with psycopg.connect(environment["READINESS_DATABASE_URL"]) as beside:
        beside.execute("SELECT FROM accounts_user WHERE id = %s FOR NO KEY UPDATE", [priya.pk])
        remind(now=MONDAY)

    assert hour_of(priya) is None
