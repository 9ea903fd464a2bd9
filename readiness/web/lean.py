"""Writing a row without having Django compile the statement anew: for the hottest paths.

A sign-off may cost three bare transactions, and compiling its statements alone took longer.
The text is made once per model and set of columns. What is written is what `save()` would
write: a test holds the two equal.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import JSONField, Model
from psycopg.types.json import Jsonb

from readiness.web import prepared

Adapter = Callable[[Any], Any]
Write = tuple[str, tuple[Adapter, ...]]


def insert(model: type[Model], **values: object) -> int:
    """Insert a row and return its id. Model defaults do not apply: name every column."""
    sql, adapters = _insert(model, tuple(values))
    [pk] = prepared.row(f"{sql} RETURNING id", _adapted(values, adapters)) or ()
    return int(pk)


def update(row: Model, **values: object) -> None:
    """Write these values to the row, in the database and on the instance."""
    sql, adapters = _update(type(row), tuple(values))
    prepared.run(sql, [*_adapted(values, adapters), row.pk])
    _set(row, values)


def insert_and_update(
    model: type[Model], inserted: dict[str, object], row: Model, updated: dict[str, object]
) -> None:
    """Insert a row and update another, in one statement: each costs a journey."""
    (insert, first), (update, second) = (
        _insert(model, tuple(inserted)),
        _update(type(row), tuple(updated)),
    )
    values = [*_adapted(inserted, first), *_adapted(updated, second), row.pk]
    prepared.run(f"WITH inserted AS ({insert}) {update}", values)
    _set(row, updated)


def _set(row: Model, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


@lru_cache(maxsize=64)
def _insert(model: type[Model], names: tuple[str, ...]) -> Write:
    columns = ", ".join(_columns(model, names))
    places = ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})"
    return sql, _adapters(model, names)


@lru_cache(maxsize=64)
def _update(model: type[Model], names: tuple[str, ...]) -> Write:
    places = ", ".join(f"{column} = %s" for column in _columns(model, names))
    sql = f"UPDATE {model._meta.db_table} SET {places} WHERE id = %s"
    return sql, _adapters(model, names)


def _columns(model: type[Model], names: tuple[str, ...]) -> list[str]:
    return [f'"{model._meta.get_field(name).column}"' for name in names]  # type: ignore[union-attr]


def _adapters(model: type[Model], names: tuple[str, ...]) -> tuple[Adapter, ...]:
    """How a value of each column travels: JSON has to be told from an array."""
    return tuple(
        Jsonb if isinstance(model._meta.get_field(name), JSONField) else _key_of for name in names
    )


def _adapted(values: dict[str, object], adapters: tuple[Adapter, ...]) -> list[Any]:
    return [adapt(value) for adapt, value in zip(adapters, values.values(), strict=True)]


def _key_of(value: object) -> object:
    return value.pk if isinstance(value, Model) else value
