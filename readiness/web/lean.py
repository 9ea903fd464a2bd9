"""Writing a row without having Django compile the statement anew: for the hottest paths.

A sign-off may cost three bare transactions, and compiling its statements alone took longer.
The text is made once per model and set of columns; values pass through the model's fields,
so that what is written is what `save()` would write. A test holds the two equal.
"""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model


def insert(model: type[Model], **values: object) -> int:
    """Insert a row and return its id. Model defaults do not apply: name every column."""
    with connection.cursor() as cursor:
        cursor.execute(_insert(model, tuple(values)), _prepared(model, values))
        return int(cursor.fetchone()[0])


def update(row: Model, **values: object) -> None:
    """Write these values to the row, in the database and on the instance."""
    with connection.cursor() as cursor:
        parameters = [*_prepared(type(row), values), row.pk]
        cursor.execute(_update(type(row), tuple(values)), parameters)
    for name, value in values.items():
        setattr(row, name, value)


@lru_cache(maxsize=64)
def _insert(model: type[Model], names: tuple[str, ...]) -> str:
    columns = ", ".join(_columns(model, names))
    places = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places}) RETURNING id"


@lru_cache(maxsize=64)
def _update(model: type[Model], names: tuple[str, ...]) -> str:
    places = ", ".join(f"{column} = %s" for column in _columns(model, names))
    return f"UPDATE {model._meta.db_table} SET {places} WHERE id = %s"


def _columns(model: type[Model], names: tuple[str, ...]) -> list[str]:
    return [f'"{model._meta.get_field(name).column}"' for name in names]  # type: ignore[union-attr]


def _prepared(model: type[Model], values: dict[str, object]) -> list[Any]:
    return [
        model._meta.get_field(name).get_db_prep_save(_key_of(value), connection)  # type: ignore[union-attr]
        for name, value in values.items()
    ]


def _key_of(value: object) -> object:
    return value.pk if isinstance(value, Model) else value
