"""How many launches have each verdict, for every band that a launch may have."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from readiness.checklists.models import Band
from readiness.launches.models import Launch
from readiness.launches.models.launches import LaunchQuerySet
from readiness.rules.scheme import NOT_ASSESSABLE

CAP = 999
NUMBERED = "numbers"
USED = "used (id) AS MATERIALIZED ({})"
# Beside each band how many launches have its verdict, in the columns of a launch.
NUMBERS = f"""
UNION ALL SELECT '{NUMBERED}', id, key, title, outcome, '', n, none, {", ".join(["NULL"] * 12)}
FROM ({{}}) numbers (id, key, title, outcome, n, none)
"""  # noqa: S608


class Capped(Subquery):
    """How many rows there are, but never counting on beyond the cap."""

    template = "(SELECT count(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


def bands_in_use() -> "QuerySet[Any, Any]":
    """The first band of each key, in the versions that any launch has."""
    used = Band.objects.filter(Exists(Launch.objects.filter(version=OuterRef("version"))))
    return used.order_by().values("key").annotate(first=Min("pk")).values_list("first")


def numbers(ways: Sequence[LaunchQuerySet]) -> "QuerySet[Any, Any]":
    """Team by team along the index on (team, verdict), and no further than the cap."""

    def number(verdict: object) -> Any:
        of_verdict = (way.order_by().filter(verdict=verdict).values("pk") for way in ways)
        first, *others = (Capped(way[: CAP + 1]) for way in of_verdict)
        return sum(others, start=first)

    bands = Band.objects.filter(pk__in=RawSQL("SELECT id FROM used", ())).order_by("pk")
    bands = bands.annotate(n=number(OuterRef("key")), none=number(NOT_ASSESSABLE))
    return bands.values_list("pk", "key", "title", "outcome", "n", "none")
