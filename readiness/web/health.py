"""Is everything there that the product stands on? Each part is asked, and answers for itself."""

from collections.abc import Callable
from datetime import UTC, datetime

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from readiness import clock

BEAT_KEY = "beat-tick"
STALE_AFTER_SECONDS = 120
PATIENCE_SECONDS = 2
OK = "ok"


def check() -> dict[str, str]:
    """What is wrong with each part, or "ok"."""
    return {name: asked() for name, asked in PARTS.items()}


def database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"no answer: {type(error).__name__}"
    return OK


def migrations() -> str:
    """Every migration of this release is applied."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"unknown: {type(error).__name__}"
    return f"{len(plan)} not applied" if plan else OK


def broker() -> str:
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
        )
        with client:
            client.ping()
    except redis.RedisError as error:
        return f"no answer: {type(error).__name__}"
    return OK


def beat() -> str:
    """How long ago the last tick of beat came through the broker and a worker."""
    try:
        ticked = cache.get(BEAT_KEY)
    except redis.RedisError as error:
        return f"unknown: {type(error).__name__}"
    if ticked is None:
        return "no tick yet"
    seconds = int((clock.now() - datetime.fromtimestamp(ticked, UTC)).total_seconds())
    return f"last tick {seconds} s ago" if seconds > STALE_AFTER_SECONDS else OK


PARTS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "beat": beat,
}
