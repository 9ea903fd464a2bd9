"""Statements that PostgreSQL plans once per connection, for the hottest paths.

Django binds values in its own process, so that PostgreSQL plans each statement anew; here a
statement is a constant text, its values travel beside it, and it costs a third. Name columns:
a prepared `SELECT *` fails once a migration adds one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import JSONField, Model
from psycopg import Cursor

Parameters = Sequence[Any] | Mapping[str, Any]
Read = TypeVar("Read", bound=Model)


def rows(sql: str, parameters: Parameters) -> list[tuple]:
    """All rows of the answer."""
    return _asked(sql, parameters).fetchall()


def row(sql: str, parameters: Parameters) -> tuple | None:
    """The first row of the answer, if there is one."""
    return _asked(sql, parameters).fetchone()


def run(sql: str, parameters: Parameters) -> None:
    """Carry out what answers nothing."""
    _asked(sql, parameters)


def columns_of(model: type[Model], *, without: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of a model's fields, as `instance` takes them."""
    left_out = {*without}
    return tuple(
        field.attname for field in model._meta.concrete_fields if field.name not in left_out
    )


def select(model: type[Model], names: Iterable[str]) -> str:
    """The head of a statement that reads these columns of a table."""
    return f"SELECT {', '.join(names)} FROM {model._meta.db_table}"  # noqa: S608


def instance(model: type[Read], names: tuple[str, ...], values: Iterable[Any]) -> Read:
    """A row as Django would have read it; fields that are not named are read when asked for.

    `names` are in the order of the model.
    """
    values = list(values)
    for place in _json_places(model, names):
        values[place] = json.loads(values[place])
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


@lru_cache(maxsize=64)
def _json_places(model: type[Model], names: tuple[str, ...]) -> list[int]:
    """Where JSON stands among these columns: Django has it read as text."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [place for place, name in enumerate(names) if isinstance(fields[name], JSONField)]


def _asked(sql: str, parameters: Parameters) -> Cursor:
    """The cursor after the statement, asked through Django: its errors, wrappers and log."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    cursor = Cursor(database.connection)
    asking = Logged if database.queries_logged else CursorWrapper
    asking(cursor, database).execute(sql, parameters)
    return cursor


class Logged(CursorDebugWrapper):
    """Logs a statement as it was asked: psycopg does not tell what it prepared."""

    def debug_sql(
        self,
        sql: str | None = None,
        params: Parameters | None = None,
        use_last_executed_query: bool = False,  # noqa: FBT001
        many: bool = False,  # noqa: FBT001
    ) -> AbstractContextManager[None]:
        return super().debug_sql(sql, params, many=many)
