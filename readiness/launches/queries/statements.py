"""Statements written once and run often: Django takes longer to write a large one than
PostgreSQL takes to answer it.

A statement is written from a queryset whose values are stand-ins, each unlike any other value
in it; what a reader asks for takes their places when it runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters, stand-ins among them."""

    sql: str
    parameters: tuple[Any, ...]

    @classmethod
    def of(cls, rows: "QuerySet[Any, Any]") -> Self:
        sql, parameters = rows.query.sql_with_params()
        return cls(sql, tuple(parameters))

    def run(self, values: Mapping[Any, Any]) -> list[tuple]:
        """The rows, with these values in place of their stand-ins."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            return cursor.fetchall()

    def filled(self, values: Mapping[Any, Any]) -> list[Any]:
        """The parameters, with these values in place of their stand-ins."""
        return [values.get(one, one) for one in self.parameters]
