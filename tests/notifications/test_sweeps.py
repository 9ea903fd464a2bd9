"""What the sweeps cost when there is nothing to do: they run every minute for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.notifications.services.calling import call_due
from readiness.notifications.services.calling_people import call_people
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import (
    call_to_reviews,
    queue_digests,
    queue_invitations,
    queue_weeks,
)
from readiness.notifications.services.reminding import remind as remind_all
from readiness.notifications.services.telling import tell_what_was_missed
from tests import make
from tests.notifications.given import MONDAY, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _all_done() -> None:
    """A day on which everybody was told, and everything that happened was read."""
    launch = make.launch(items=5)
    owns(owner(launch), launch, -1, 1)
    remind()
    remind_all(now=MONDAY)
    tell_what_was_missed(now=MONDAY)


def asked_by(sweep: Callable[..., int], now: datetime) -> list[str]:
    """Its statements, but for those around a transaction."""
    with CaptureQueriesContext(connection) as statements:
        sweep(now=now)
    return [one["sql"] for one in statements if one["sql"] not in ("BEGIN", "COMMIT")]


def plan_of(statement: str) -> str:
    """How it would be answered where tables are large."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan; RESET enable_sort")
    return plan


@pytest.mark.parametrize(
    ("sweep", "index"),
    [
        (deliver_due, "delivery_to_do"),
        (call_due, "call_to_do"),
        (call_people, "delivery_to_call"),
        (tell_what_was_missed, "event_by_transaction"),
        (remind_all, "person_by_next_hour"),
        (call_to_reviews, "review_to_come"),
        (queue_invitations, "invitation_not_revoked"),
    ],
)
def test_with_nothing_to_do_a_sweep_is_one_statement_on_an_index_of_what_is_to_do(sweep, index):
    [statement] = asked_by(sweep, LATER)

    assert index in plan_of(statement)


@pytest.mark.parametrize("sweep", [queue_digests, queue_weeks])
def test_before_anybodys_hour_has_come_only_the_hours_are_asked_for(sweep):
    [statement] = asked_by(sweep, MONDAY.replace(hour=0))

    assert "launches_launchitem" not in statement


def test_when_everybody_due_was_told_no_item_is_read():
    hours, queue = asked_by(queue_digests, LATER)

    assert "launches_launchitem" not in hours
    with connection.cursor() as cursor:  # as with many items, whatever is known of these tables
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {queue}")
        plan = [row[0] for row in cursor.fetchall()]
    read = [line for line in plan if " on launches_launchitem" in line]
    assert read != []
    assert [line for line in read if "never executed" not in line and "rows=0" not in line] == []


def test_what_somebody_owns_is_read_by_its_day_alone():
    """Whatever else it must be would lead PostgreSQL to all that they own for long."""
    _, queue = asked_by(queue_digests, LATER)

    by_day = [line for line in plan_of(queue).splitlines() if "due_on <= " in line]

    assert by_day != []
    assert [line for line in by_day if "owned_since" in line] == []
