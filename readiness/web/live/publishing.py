"""Sending notices: after commit, for next to nothing, and never waiting for a dead Valkey."""

import json
import time
from functools import cache
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import redis
from django.conf import settings
from redis.connection import ConnectionInterface

EVERYTHING = "*"  # the key of the notice that some notices were lost
RIGHTS = "rights"
PATIENCE_SECONDS = 0.2
PAUSE_SECONDS = 1.0


def channel() -> str:
    """Where the notices of this installation go: databases of one Valkey share its channels."""
    return _channel_on(settings.REDIS_URL)


@cache
def _channel_on(url: str) -> str:
    address = urlsplit(url)
    number = parse_qs(address.query).get("db", [address.path.strip("/")])[0]
    return f"readiness:live:{number if number.isdigit() else 0}"


def now() -> int:
    """The time as notices and frames are numbered: microseconds."""
    return time.time_ns() // 1000


class Publisher:
    """One connection that is kept. After a failure nobody tries again for a while.

    A client's pool costs more than the notice, and so does waiting for Valkey to say that it
    has it: what it says is heard before the next one is sent. A notice that was lost is made
    good by one that says so, as soon as Valkey is back.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.connection: ConnectionInterface | None = None
        self.unheard = 0  # notices of which Valkey has not said yet that it has them
        self.rests_until = 0.0
        self.has_lost = False

    def publish(self, key: str, said: dict[str, int]) -> None:
        with self.lock:
            if time.monotonic() < self.rests_until:
                self.has_lost = True
                return
            try:
                if self.has_lost:
                    self._send(EVERYTHING, {})
                    self.has_lost = False
                self._send(key, said)
            except (redis.RedisError, OSError):
                self._give_up()

    def _send(self, key: str, said: dict[str, int]) -> None:
        if self.connection is None:
            self.connection = _connection()
        try:
            self._hear(self.connection)
            self._tell(self.connection, key, said)
        except (redis.ConnectionError, OSError):
            self.connection.disconnect()  # it was idle for long, or Valkey was started again
            if self.unheard:
                self.unheard = 0
                self._tell(self.connection, EVERYTHING, {})
            self._tell(self.connection, key, said)

    def _hear(self, connection: ConnectionInterface) -> None:
        """What Valkey said of the notices before; raises where it hung up since."""
        while self.unheard:
            connection.read_response()
            self.unheard -= 1
        if connection.can_read():
            raise redis.ConnectionError("Valkey hung up.")

    def _tell(self, connection: ConnectionInterface, key: str, said: dict[str, int]) -> None:
        notice = json.dumps({"k": key, "t": now(), **said})
        connection.send_command("PUBLISH", channel(), notice)
        self.unheard += 1

    def _give_up(self) -> None:
        if self.connection is not None:
            self.connection.disconnect()
            self.connection = None
        self.unheard = 0
        self.rests_until = time.monotonic() + PAUSE_SECONDS
        self.has_lost = True


def _connection() -> ConnectionInterface:
    pool = redis.ConnectionPool.from_url(
        settings.REDIS_URL, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS
    )
    return pool.make_connection()


_publisher = Publisher()


def publish(key: str, said: dict[str, int] | None = None) -> None:
    """Tell all open pages that something happened to `key`, as "subjects/7". Call after commit."""
    _publisher.publish(key, said or {})
