"""What beat sends for: fetch, then call a service."""

import psycopg
import pytest
from django.db import connection

from readiness import clock
from readiness.launches.models import LaunchItem
from readiness.notifications import tasks
from tests import make
from tests.notifications.given import ended, owner

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_two_tasks_of_beat_remind_an_owner_once_however_often_they_run():
    launch = make.launch(items=3, at=clock.now())
    priya = owner(launch, digest_hour=0, workdays=list(range(1, 8)))
    today = clock.now().date()
    LaunchItem.objects.filter(pk=make.item(launch).pk).update(owner=priya, due_on=today)

    for _ in range(3):
        tasks.remind_owners()
        tasks.deliver_due()

    assert ended(priya) == [(today.isoformat(), "sent")]


def test_a_worker_whose_connection_broke_has_another_for_the_next_task(environment):
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    with psycopg.connect(environment["READINESS_DATABASE_URL"]) as beside:
        beside.execute("SELECT pg_terminate_backend(%s)", [pid])

    ended = [tasks.deliver_due.apply().state for _ in range(2)]

    assert ended == ["FAILURE", "SUCCESS"]
