"""Telling the workers at once that there is work, where they would find it with the next round.

It is a hint: the database says what there is to do, and one that is lost costs a round. So nobody
waits for a broker. Hints go from a thread of their own, and what comes within a second of one
goes together after it.
"""

import logging
import time
from functools import partial
from threading import Lock, Thread

import redis
from celery.exceptions import OperationalError
from django.db import transaction

from readiness.celery import app

TELL = "readiness.notifications.tasks.tell_what_was_missed"
DELIVER = "readiness.notifications.tasks.deliver_due"
CALL = "readiness.notifications.tasks.call_channels"
CALL_PEOPLE = "readiness.notifications.tasks.call_people"
ROUND = (
    "readiness.notifications.tasks.remind_owners",
    TELL,
    DELIVER,
    CALL,
    CALL_PEOPLE,
)
PAUSE_SECONDS, PATIENCE_SECONDS = 1.0, 2.0
WORTH_SECONDS = 60  # by then a round has come
IMPATIENT = {
    "max_retries": 0,
    "socket_connect_timeout": PATIENCE_SECONDS,
    "socket_timeout": PATIENCE_SECONDS,
}
log = logging.getLogger(__name__)


class Nudger:
    """The hints of one process. The thread is there only while there is something to say."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.wanted: set[str] = set()
        self.thread: Thread | None = None

    def want(self, task: str) -> None:
        with self.lock:
            self.wanted.add(task)
            if self.thread is None or not self.thread.is_alive():
                self.thread = Thread(target=self._tell, name="nudges", daemon=True)
                self.thread.start()

    def _tell(self) -> None:
        while tasks := self._taken():
            try:
                _send(tasks)
            except (OperationalError, redis.RedisError, OSError) as fault:
                log.info("Work waits for the next round: %s", fault)
            time.sleep(PAUSE_SECONDS)

    def _taken(self) -> set[str]:
        """All that is wanted; with nothing the thread is over, and the next one starts another."""
        with self.lock:
            tasks, self.wanted = self.wanted, set()
            if not tasks:
                self.thread = None
            return tasks


def _send(tasks: set[str]) -> None:
    with app.connection_for_write(transport_options=IMPATIENT) as broker:
        for task in sorted(tasks):
            app.send_task(task, connection=broker, retry=False, expires=WORTH_SECONDS)


_nudger = Nudger()


def nudge(task: str) -> None:
    """Say, once what was written is committed, that there is work for this task."""
    transaction.on_commit(partial(_nudger.want, task))


def make_a_round() -> None:
    """Have everything looked for that goes out: it may have been missed."""
    for task in ROUND:
        _nudger.want(task)
