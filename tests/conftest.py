"""The databases of the tests: made by the owner, used by the application's own role."""

from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

from tests import database

DATABASE = {"db", "transactional_db", "live_server"}


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """One database per xdist worker, cloned from a migrated template.

    Both aliases point at it; tests reach it through `default`, as the application does, so a
    right the application lacks is missed here and not in production.
    """
    with django_db_blocker.unblock():
        home = database.create()

    def clean_up(case: TransactionTestCase) -> None:
        database.clean(home)

    TransactionTestCase._fixture_teardown = clean_up
    yield
    with django_db_blocker.unblock():
        database.drop(home)


@pytest.fixture(autouse=True)
def _clean_valkey(request: pytest.FixtureRequest) -> None:
    """Start each test that uses the database with an empty cache and an empty broker."""
    if request.node.get_closest_marker("django_db") or DATABASE.intersection(request.fixturenames):
        database.flush_valkey()
