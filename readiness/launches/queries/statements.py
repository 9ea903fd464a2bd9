"""Statements written once and run often: Django takes longer to write a large one than
PostgreSQL takes to answer it, and PostgreSQL longer to plan one than to carry it out.

A statement is written from a queryset whose values are stand-ins, each unlike any other value
in it; what a reader asks for takes their places when it runs. What is the same for everyone
stands in the text, so that PostgreSQL knows which index serves, and may keep its plan.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from django.db.models import QuerySet
from psycopg.sql import Literal

from readiness.web import prepared


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the stand-ins for its parameters."""

    sql: str
    stand_ins: tuple[Any, ...]

    @classmethod
    def of(cls, rows: "QuerySet[Any, Any]", stand_ins: Collection[Any]) -> Self:
        """What a queryset asks; all but the stand-ins is written into the text."""
        sql, parameters = rows.query.sql_with_params()
        places = ("%s" if one in stand_ins else _written(one) for one in parameters)
        return cls(
            sql.replace("%%", "%%%%") % tuple(places),
            tuple(one for one in parameters if one in stand_ins),
        )

    @classmethod
    def around(cls, text: str, *others: "Statement") -> Self:
        """A text with other statements in place of its braces, in this order."""
        stand_ins = chain.from_iterable(one.stand_ins for one in others)
        return cls(text.format(*(one.sql for one in others)), tuple(stand_ins))

    def run(self, values: Mapping[Any, Any]) -> list[tuple]:
        """The rows, with these values in place of their stand-ins."""
        return prepared.rows(self.sql, [values[one] for one in self.stand_ins])


def _written(value: object) -> str:
    return Literal(value).as_string().replace("%", "%%")
