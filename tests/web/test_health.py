"""Health tells the truth about each part."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as product
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from readiness import clock
from readiness.web.health import BEAT_KEY
from readiness.web.tasks import beat_tick

ALL_WELL = {"database": "ok", "migrations": "ok", "broker": "ok", "beat": "ok"}


def test_a_process_that_answers_is_alive(visitor):
    response = visitor.get("/healthz")

    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.django_db
def test_all_parts_are_ready_after_a_tick_of_beat(visitor):
    beat_tick()

    response = visitor.get("/readyz")

    assert (response.status_code, response.json()) == (200, ALL_WELL)


@pytest.mark.django_db
def test_a_beat_that_never_ticked_is_named(visitor):
    response = visitor.get("/readyz")

    assert (response.status_code, response.json()) == (503, ALL_WELL | {"beat": "no tick yet"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "status", "beat"), [(119, 200, "ok"), (600, 503, "last tick 600 s ago")]
)
def test_a_beat_that_stopped_is_named(visitor, age, status, beat):
    cache.set(BEAT_KEY, clock.now().timestamp() - age, timeout=None)

    response = visitor.get("/readyz")

    assert (response.status_code, response.json()["beat"]) == (status, beat)


@pytest.mark.django_db
def test_a_broker_that_does_not_answer_is_named(visitor, settings):
    beat_tick()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = visitor.get("/readyz")

    expected = ALL_WELL | {"broker": "no answer: ConnectionError"}
    assert (response.status_code, response.json()) == (503, expected)


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_named(visitor):
    beat_tick()
    MigrationRecorder(connection).migration_qs.filter(app="web", name="0001_roles").delete()

    response = visitor.get("/readyz")

    assert response.status_code == 503
    assert response.json()["migrations"].endswith("not applied")


def test_with_everything_gone_each_part_is_named_and_the_process_is_alive():
    nowhere = {
        "READINESS_DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere",
        "READINESS_REDIS_URL": "redis://127.0.0.1:1/0",
    }
    ask = (
        "import django, json; django.setup()\n"
        "from django.test import Client\n"
        "visitor = Client(SERVER_NAME='localhost')\n"
        "ready, alive = visitor.get('/readyz'), visitor.get('/healthz')\n"
        "print(json.dumps([ready.status_code, ready.json(), alive.status_code]))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", ask],
        env=os.environ | nowhere,
        cwd=product.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(answer.stdout.splitlines()[-1]) == [
        503,
        {
            "database": "no answer: OperationalError",
            "migrations": "unknown: OperationalError",
            "broker": "no answer: ConnectionError",
            "beat": "unknown: ConnectionError",
        },
        200,
    ]
