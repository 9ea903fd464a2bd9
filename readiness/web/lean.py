"""Writing a row without having Django compile the statement anew: for the hottest paths.

A sign-off may cost three bare transactions, and compiling its statements alone took longer.
The text is made once per model and set of columns. What is written is what `save()` would
write: a test holds the two equal.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, ForeignKey, JSONField, Model
from psycopg.types.json import Jsonb

from readiness.web import prepared

Adapter = Callable[[Any], Any] | None
Write = tuple[str, tuple[Adapter, ...]]
NEW, SET = "new_", "set_"


class Beside(NamedTuple):
    """Writes that another statement carries out with its own, and their values by name."""

    sql: str
    values: dict[str, Any]


def insert(model: type[Model], **values: object) -> int:
    """Insert a row and return its id. Model defaults do not apply: name every column."""
    sql, said = _inserting(model, values)
    [pk] = prepared.row(f"{sql} RETURNING id", said) or ()
    return int(pk)


def update(row: Model, **values: object) -> None:
    """Write these values to the row, in the database and on the instance."""
    prepared.run(*_updating(row, values))
    _set(row, values)


def insert_and_update(
    model: type[Model], inserted: dict[str, object], row: Model, updated: dict[str, object]
) -> None:
    """Insert a row and update another, in one statement: each costs a journey."""
    (insert, new), (update, changed) = _inserting(model, inserted), _updating(row, updated)
    prepared.run(f"WITH inserted AS ({insert}) {update}", new | changed)
    _set(row, updated)


def beside(
    model: type[Model], inserted: dict[str, object], row: Model, updated: dict[str, object]
) -> Beside:
    """The same, to be carried out by another statement of this transaction."""
    (insert, new), (update, changed) = _inserting(model, inserted), _updating(row, updated)
    _set(row, updated)
    return Beside(f"inserted AS ({insert}), updated AS ({update})", new | changed)


def _inserting(model: type[Model], values: dict[str, object]) -> tuple[str, dict[str, Any]]:
    sql, adapters = _insert(model, tuple(values))
    return sql, _adapted(NEW, values, adapters)


def _updating(row: Model, values: dict[str, object]) -> tuple[str, dict[str, Any]]:
    sql, adapters = _update(type(row), tuple(values))
    return sql, {**_adapted(SET, values, adapters), f"{SET}id": row.pk}


def _set(row: Model, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


@lru_cache(maxsize=64)
def _insert(model: type[Model], names: tuple[str, ...]) -> Write:
    columns = ", ".join(_columns(model, names))
    places = ", ".join(f"%({NEW}{name})s" for name in names)
    sql = f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})"
    return sql, _adapters(model, names)


@lru_cache(maxsize=64)
def _update(model: type[Model], names: tuple[str, ...]) -> Write:
    columns = zip(_columns(model, names), names, strict=True)
    places = ", ".join(f"{column} = %({SET}{name})s" for column, name in columns)
    sql = f"UPDATE {model._meta.db_table} SET {places} WHERE id = %({SET}id)s"
    return sql, _adapters(model, names)


def _columns(model: type[Model], names: tuple[str, ...]) -> list[str]:
    return [f'"{model._meta.get_field(name).column}"' for name in names]  # type: ignore[union-attr]


def _adapters(model: type[Model], names: tuple[str, ...]) -> tuple[Adapter, ...]:
    """How a value of each column travels: JSON has to be told from an array."""
    return tuple(_adapter(model._meta.get_field(name)) for name in names)


def _adapter(field: object) -> Adapter:
    if isinstance(field, JSONField):
        return Jsonb
    if isinstance(field, ArrayField) and isinstance(field.base_field, BigIntegerField):
        return prepared.numbers
    return _key_of if isinstance(field, ForeignKey) else None


def _adapted(
    prefix: str, values: dict[str, object], adapters: tuple[Adapter, ...]
) -> dict[str, Any]:
    said = zip(adapters, values.items(), strict=True)
    return {f"{prefix}{name}": adapt(value) if adapt else value for adapt, (name, value) in said}


def _key_of(value: object) -> object:
    return value.pk if isinstance(value, Model) else value
