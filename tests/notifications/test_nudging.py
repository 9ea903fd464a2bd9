"""Workers are told at once that there is work; that they are is a hint, for which nobody waits."""

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from threading import enumerate as threads

import pytest
import redis
from celery.signals import beat_init
from django.conf import settings

from readiness import clock
from readiness.launches.models import Launch
from readiness.notifications.models import Delivery, State
from readiness.notifications.services import delivering
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.nudging import CALL, DELIVER, ROUND, TELL, nudge
from readiness.notifications.services.queueing import queue_digests
from tests import make
from tests.notifications.given import MONDAY, owner, owns

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 10  # seconds, of which a busy machine takes most
OF_BROKER = "CELERY_BROKER_WRITE_URL"


@pytest.fixture(autouse=True)
def _after_what_others_said() -> Iterator[None]:
    happens(is_quiet)
    forget_hints()
    yield
    happens(is_quiet)


@pytest.fixture
def silence() -> Iterator[str]:
    """A broker that takes connections, and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0"


def is_quiet() -> bool:
    return not [thread for thread in threads() if thread.name == "nudges"]


def happens(claim: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SOON
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.02)
    return claim()


def hints() -> int:
    """How many messages lie in the broker."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return broker.llen("celery")


def opened(items: int) -> Launch:
    """A launch; what its opening told the workers is forgotten."""
    launch = make.launch(items=items, at=clock.now())
    happens(is_quiet)
    forget_hints()
    return launch


def tasks() -> list[str]:
    """What the messages in the broker ask for."""
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        return [json.loads(one)["headers"]["task"] for one in broker.lrange("celery", 0, -1)]


def forget_hints() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.delete("celery")


def mention(launch: Launch) -> None:
    make.say(launch, "@Priya can you rehearse this?", by=launch.lead, at=clock.now())


def states() -> list[str]:
    return list(Delivery.objects.filter(kind="mentioned").values_list("state", flat=True))


@pytest.mark.usefixtures("worker")
def test_a_mention_is_sent_by_a_worker_without_waiting_for_beat():
    launch = make.launch(items=3, at=clock.now())
    owner(launch)

    mention(launch)

    assert happens(lambda: states() == [State.SENT.value])


def test_what_a_task_has_no_time_left_for_is_sent_without_waiting_for_beat(monkeypatch):
    launch = make.launch(items=3)
    for name in ("Ann", "Bob", "Eve"):
        owns(owner(launch, name), launch, -1)
        queue_digests(now=MONDAY)
    happens(is_quiet)
    forget_hints()
    monkeypatch.setattr(delivering, "BUDGET_SECONDS", 0)

    done = deliver_due(now=MONDAY)

    assert (done, happens(is_quiet), hints()) == (1, True, 1)


def test_a_worker_that_starts_sends_what_waited_without_waiting_for_beat(request):
    launch = make.launch(items=3, at=clock.now())
    owner(launch)
    mention(launch)
    happens(is_quiet)
    forget_hints()

    request.getfixturevalue("worker")

    assert happens(lambda: states() == [State.SENT.value])


def test_a_beat_that_starts_has_a_round_made_at_once():
    beat_init.send(sender=None)

    scheduled = {one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    of_mails = {task for task in scheduled if task.startswith("readiness.notifications")}
    assert {*ROUND} == of_mails - {"readiness.notifications.tasks.forget_old_mails"}
    assert happens(is_quiet)
    assert hints() == len([*ROUND, "readiness.web.tasks.beat_tick"])


def test_a_check_that_is_no_news_tells_the_broker_nothing():
    launch = opened(items=40)

    make.sign(make.item(launch), by=launch.lead, at=clock.now())

    assert (is_quiet(), hints()) == (True, 0)


def test_another_verdict_has_workers_look_at_once_who_outside_wants_to_hear_of_it():
    launch = opened(items=1)

    make.sign(make.item(launch), by=launch.lead, at=clock.now())

    assert happens(is_quiet)
    assert tasks() == [TELL]


def test_a_hundred_times_news_are_a_few_messages():
    for _ in range(100):
        nudge(DELIVER)
        nudge(CALL)

    assert happens(is_quiet)
    assert 2 <= hints() <= 4


def test_a_broker_that_is_silent_is_waited_for_by_nobody_and_nothing_is_lost(silence, monkeypatch):
    monkeypatch.setitem(os.environ, OF_BROKER, silence)
    launch = make.launch(items=3, at=clock.now())
    owner(launch)

    mention(launch)
    is_being_told = not is_quiet()
    deliver_due(now=clock.now())

    assert (is_being_told, states()) == (True, [State.SENT.value])


def test_a_broker_that_is_away_is_a_line_in_the_log(monkeypatch, caplog):
    monkeypatch.setitem(os.environ, OF_BROKER, "redis://127.0.0.1:1/0")

    with caplog.at_level("INFO"):
        nudge(DELIVER)
        happens(is_quiet)

    assert [line.split(":")[0] for line in caplog.messages] == ["Work waits for the next round"]
