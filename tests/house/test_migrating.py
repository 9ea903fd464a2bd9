"""Migrations run beside the product: nobody waits long, and a reader stops nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from readiness.launches.models import LaunchItem
from tests.house.beside import lines_of, manage

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = ("launches", "0002_words_stay"), ("launches", "0003_item_basis_parts")
ITEMS = LaunchItem._meta.db_table


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
    app, done, said = empty["READINESS_DATABASE_URL"], threading.Event(), []

    with ThreadPoolExecutor() as pool, psycopg.connect(app) as reader:
        reader.execute(f"SELECT count(*) FROM {ITEMS}")
        people = pool.submit(longest_wait, app, done)
        for line in lines_of(empty, "migrate", "--database", "owner", *AFTER):
            said.append(line)
            if "trying again" in line:
                reader.rollback()  # whoever read is done
        done.set()

    assert any("A table is in use: trying again." in line for line in said)
    assert said[-1].endswith("Applying launches.0003_item_basis_parts... OK\n")
    assert people.result() < 1.5


def test_all_of_it_goes_there_and_back(migrated):
    there = manage(migrated, "migrate", "--database", "owner", "--check")

    steps = [
        manage(migrated, "migrate", "--database", "owner", *to)
        for to in (("checklists", "0003"), ("launches", "zero"))
    ]

    assert [one.returncode for one in (there, *steps)] == [0, 0, 0], steps[-1].stderr
