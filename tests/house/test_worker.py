"""A real worker takes real tasks from the broker of the test."""

import time

from django.core.cache import cache

from readiness.web.health import BEAT_KEY
from readiness.web.tasks import beat_tick


def test_a_task_sent_to_the_broker_is_carried_out_by_the_worker(worker):
    beat_tick.delay()

    deadline = time.monotonic() + 30
    while cache.get(BEAT_KEY) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cache.get(BEAT_KEY) is not None, worker.log.read_text()
