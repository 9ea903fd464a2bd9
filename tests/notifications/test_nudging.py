"""Workers are told at once that there is work; that they are is a hint, for which nobody waits."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from threading import enumerate as threads

import pytest
import redis
from django.conf import settings

from readiness import clock
from readiness.launches.models import Launch
from readiness.notifications.models import Delivery, State
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.nudging import CALL, DELIVER, nudge
from tests import make
from tests.notifications.given import owner

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 10  # seconds, of which a busy machine takes most
OF_BROKER = "CELERY_BROKER_WRITE_URL"


@pytest.fixture(autouse=True)
def _after_what_others_said() -> Iterator[None]:
    happens(is_quiet)
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.delete("celery")
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


def test_a_check_that_is_no_news_tells_the_broker_nothing():
    launch = make.launch(items=40, at=clock.now())

    make.sign(make.item(launch), by=launch.lead, at=clock.now())

    assert (is_quiet(), hints()) == (True, 0)


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
