"""The databases of the tests: made by the owner, used by the application's own role."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import TransactionTestCase

from readiness.embedded.processes import Child, start, wait_until
from tests import database

ROOT = Path(__file__).resolve().parent.parent
DATABASE = {"db", "transactional_db", "live_server"}


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[str]:
    """One database per xdist worker, cloned from a migrated template.

    Both aliases point at it; tests reach it through `default`, as the application does, so a
    right the application lacks is missed here and not in production.
    """
    with django_db_blocker.unblock():
        home = database.create()
    with database.cleaner(home) as clean:
        TransactionTestCase._fixture_teardown = lambda case: clean()
        yield home
    with django_db_blocker.unblock():
        database.drop(home)


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> None:
    """Passwords are hashed as in production, with as little work as argon2 accepts."""
    hasher = Argon2PasswordHasher
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 8, 1


@pytest.fixture(autouse=True)
def _clean_valkey(request: pytest.FixtureRequest) -> None:
    """Start each test that uses the database with an empty cache and an empty broker."""
    if request.node.get_closest_marker("django_db") or DATABASE.intersection(request.fixturenames):
        database.flush_valkey()


@pytest.fixture(scope="session")
def environment(django_db_setup: str) -> dict[str, str]:
    """What a program needs in its environment to work on this test's database and broker."""
    variables = ("READINESS_DATABASE_URL", "READINESS_OWNER_DATABASE_URL")
    here = {name: database.address(name, django_db_setup) for name in variables}
    return {**os.environ, **here}


@pytest.fixture
def worker(transactional_db: None, environment: dict[str, str], tmp_path: Path) -> Iterator[Child]:
    """A real Celery worker, taking tasks from this test's broker."""
    celery = [sys.executable, "-m", "celery", "--app", "readiness.celery", "worker"]
    child = start(
        [*celery, "--concurrency", "1", "--loglevel", "INFO", "--without-gossip",
         "--without-mingle"],
        name="worker", log=tmp_path / "worker.log", env=environment, cwd=ROOT,
        farewell=signal.SIGTERM,
    )  # fmt: skip
    wait_until(lambda: " ready." in child.log.read_text(), child=child, seconds=60)
    yield child
    child.stop()
