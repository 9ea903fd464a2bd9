"""What tests of the house share."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from tests.house.beside import addresses


@pytest.fixture
def empty() -> Iterator[dict[str, str]]:
    """The variables that lead to a database without a table, beside that of the tests."""
    here = connections["owner"].settings_dict
    name = f"{here['NAME']}_restored"
    owner = {"host": here["HOST"], "user": here["USER"], "port": here["PORT"] or None}
    with psycopg.connect(**owner, dbname="postgres", autocommit=True) as door:
        door.execute(f'DROP DATABASE IF EXISTS "{name}"')
        door.execute(f'CREATE DATABASE "{name}"')
        yield addresses(name)
        door.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
