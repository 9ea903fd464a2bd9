"""What tests of the house share."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connections

from tests.database import LOCK, base_name, template_name
from tests.house.beside import addresses


@pytest.fixture
def empty() -> Iterator[dict[str, str]]:
    """The variables that lead to a database without a table, beside that of the tests."""
    with beside("template1") as variables:
        yield variables


@pytest.fixture
def migrated() -> Iterator[dict[str, str]]:
    """The same, with all that `migrate` makes of it: the tests' own database began like this."""
    with beside(template_name()) as variables:
        yield variables


@contextmanager
def beside(template: str) -> Iterator[dict[str, str]]:
    here = connections["owner"].settings_dict
    name = f"{here['NAME']}_restored"
    owner = {"host": here["HOST"], "user": here["USER"], "port": here["PORT"] or None}
    with psycopg.connect(**owner, dbname="postgres", autocommit=True) as door:
        door.execute(f'DROP DATABASE IF EXISTS "{name}"')
        with psycopg.connect(**owner, dbname=base_name(), autocommit=True) as turn:
            turn.execute(LOCK)
            door.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield addresses(name)
        door.execute(f'DROP DATABASE "{name}"')  # waits for those who are just leaving
