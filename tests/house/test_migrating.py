"""Migrations run beside the product: nobody waits long, and a reader stops nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest

from readiness.launches.models import LaunchItem
from tests.house.beside import manage

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = ("launches", "0002_words_stay"), ("launches", "0003_item_basis_parts")
ITEMS = LaunchItem._meta.db_table


@contextmanager
def somebody_reading(url: str, seconds: float):
    """A transaction that has read the items, and stays open for a while."""
    with psycopg.connect(url) as reader:
        reader.execute(f"SELECT count(*) FROM {ITEMS}")
        timer = threading.Timer(seconds, reader.rollback)
        timer.start()
        yield
        timer.join()


def longest_wait(url: str, done: threading.Event) -> float:
    """How long the slowest of many small readings of the items took."""
    slowest = 0.0
    with psycopg.connect(url, autocommit=True) as person:
        while not done.is_set():
            began = time.perf_counter()
            person.execute(f"SELECT id FROM {ITEMS} LIMIT 1")
            slowest = max(slowest, time.perf_counter() - began)
            time.sleep(0.01)
    return slowest


def test_a_change_of_a_table_in_use_lets_others_go_first(empty):
    manage(empty, "migrate", "--database", "owner", *BEFORE)
    done = threading.Event()

    with (
        ThreadPoolExecutor() as pool,
        somebody_reading(empty["READINESS_DATABASE_URL"], seconds=3),
    ):
        people = pool.submit(longest_wait, empty["READINESS_DATABASE_URL"], done)
        migrated = manage(empty, "migrate", "--database", "owner", *AFTER)
        done.set()

    assert migrated.returncode == 0, migrated.stderr
    assert "A table is in use: trying again." in migrated.stdout
    assert people.result() < 1.5


def test_all_of_it_goes_there_and_back(empty):
    there = manage(empty, "migrate", "--database", "owner")

    back = manage(empty, "migrate", "--database", "owner", "launches", "zero")

    assert (there.returncode, back.returncode) == (0, 0), there.stderr + back.stderr
