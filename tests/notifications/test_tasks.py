"""What beat sends for: fetch, then call a service."""

import pytest

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
