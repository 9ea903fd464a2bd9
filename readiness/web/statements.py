"""Statements written once and run often: Django takes longer to write a large one than
PostgreSQL takes to answer it, and PostgreSQL longer to plan one than to carry it out.

A statement is written from a queryset whose values are stand-ins, each unlike any other value
in it; what a reader asks for takes their places when it runs. What is the same for everyone
stands in the text, so that PostgreSQL knows which index serves; where it can, it keeps its plan.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from django.db import connection
from django.db.models import QuerySet
from psycopg.sql import Literal

from readiness.web import prepared


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the stand-ins for its parameters, and whether PostgreSQL keeps its plan."""

    sql: str
    stand_ins: tuple[Any, ...]
    is_kept: bool

    @classmethod
    def of(
        cls,
        rows: "QuerySet[Any, Any]",
        stand_ins: Collection[Any],
        *,
        telling: Collection[Any] = (),
    ) -> Self:
        """What a queryset asks; all but the stand-ins is written into the text.

        Where one of them is `telling`, its value decides on the way, and each run is planned.
        Otherwise values stand in subqueries, into which PostgreSQL does not look: it would
        plan anew as long as it hopes to learn something from them.
        """
        sql, parameters = rows.query.sql_with_params()
        is_kept = not any(one in telling for one in parameters)
        place = "(SELECT %s)" if is_kept else "%s"
        places = (place if one in stand_ins else _written(one) for one in parameters)
        return cls(
            sql.replace("%%", "%%%%") % tuple(places),
            tuple(one for one in parameters if one in stand_ins),
            is_kept,
        )

    @classmethod
    def around(cls, text: str, *others: "Statement") -> Self:
        """A text with other statements in place of its braces, in this order."""
        return cls(
            text.format(*(one.sql for one in others)),
            tuple(chain.from_iterable(one.stand_ins for one in others)),
            all(one.is_kept for one in others),
        )

    def run(self, values: Mapping[Any, Any]) -> list[tuple]:
        """The rows, with these values in place of their stand-ins."""
        parameters = [values[one] for one in self.stand_ins]
        if self.is_kept:
            return prepared.rows(self.sql, parameters)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            return cursor.fetchall()


def _written(value: object) -> str:
    return Literal(value).as_string().replace("%", "%%")
