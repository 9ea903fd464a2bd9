"""How many launches each view beside the list has: counted only where that is cheap.

What a view narrows by index is counted up to the cap. What has to be looked at one by one (an
open must-have, whether a decision may be taken, an earlier score) is counted among so many only;
where there are more launches, the number says so with a plus. Views that search in words, in
answers or among the owners of items have no number. Verdicts are those that are stored: what
time has overtaken is judged within a minute.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models.expressions import RawSQL

from readiness.accounts.models import User
from readiness.launches.models import Launch
from readiness.launches.models.launches import LaunchQuerySet
from readiness.launches.queries import filtering
from readiness.launches.queries.asking import TEAM, VERDICT, ways_of
from readiness.launches.queries.filtering import NOW, PERSON, Filters, Wishes
from readiness.launches.queries.verdict_counts import CAP
from readiness.web.statements import Statement

COUNTED = 10  # views; the others stand there without a number
LOOKED_AT, SCORES_LOOKED_AT = CAP + 1, 200
STAND_INS = filtering.WISHES | {TEAM, VERDICT}
NUMBER = """
(WITH seen (id) AS MATERIALIZED ({})
SELECT place, (SELECT count(*) FROM ({}) found), (SELECT count(*) FROM seen))
"""


class Shape(NamedTuple):
    """All of a view on which the text of its statement depends."""

    has_verdict: bool
    has_team: bool
    wishes: Wishes


def numbers_of(
    user: User, views: Sequence[Filters], *, sees_everything: bool, now: datetime
) -> list[str]:
    """The number of each view, in one statement; nothing where it would be dear to count."""
    shapes = {n: _shape(one) for n, one in enumerate(views) if _is_cheap(one)}
    counted = {n: shapes[n] for n in list(shapes)[:COUNTED]}
    numbers = [""] * len(views)
    if counted:
        values = {
            (place, name): value
            for place, n in enumerate(counted)
            for name, value in _values(user, views[n], now).items()
        }
        asked = numbers_with(tuple(counted.values()), sees_everything, user.is_guest)
        rows = asked.run(values)
        for (_, found, seen), (n, shape) in zip(sorted(rows), counted.items(), strict=True):
            numbers[n] = _shown(found, is_all=seen < _looked_at(shape))
    return numbers


def _shown(found: int, *, is_all: bool) -> str:
    if found > CAP:
        return f"{CAP}+"
    return str(found) if is_all else f"{found}+"


def _is_cheap(filters: Filters) -> bool:
    return not (filters.words or filters.owner or filters.facet)


def _shape(filters: Filters) -> Shape:
    return Shape(bool(filters.verdict), bool(filters.team), filtering.wishes_of(filters))


def _values(user: User, filters: Filters, now: datetime) -> dict[Any, Any]:
    return filtering.values_of(filters) | {
        PERSON: user.pk,
        TEAM: filters.team,
        VERDICT: filters.verdict,
        NOW: now,
        NOW - filtering.A_WEEK: now - filtering.A_WEEK,
    }


def _looked_at(shape: Shape) -> int:
    return SCORES_LOOKED_AT if shape.wishes.is_falling else LOOKED_AT


@lru_cache(maxsize=128)
def numbers_with(
    shapes: tuple[Shape, ...],
    sees_everything: bool,  # noqa: FBT001
    is_guest: bool = False,  # noqa: FBT001
) -> Statement:
    """The numbers of views of these shapes, each with how many launches were looked at."""
    user = User(pk=PERSON, is_site_admin=sees_everything)
    numbers = [_number(place, shape, user, is_guest) for place, shape in enumerate(shapes)]
    return Statement.around(" UNION ALL ".join("{}" for _ in numbers), *numbers)


def _number(place: int, shape: Shape, user: User, is_guest: bool) -> Statement:  # noqa: FBT001
    """One view's; its values stand under its place."""
    near = Launch.objects.running()
    if shape.has_team:
        near = near.filter(team=TEAM)
    if shape.has_verdict:
        near = near.filter(verdict=VERDICT)
    near = filtering.narrowed(near, shape.wishes)
    ways = ways_of(near, user, is_guest=is_guest)
    seen = [_stated(way.order_by()[: _looked_at(shape)]) for way in ways]
    every = Launch.objects.filter(pk__in=RawSQL("SELECT id FROM seen", ()))
    found = _stated(filtering.judged_so(every, shape.wishes).order_by())
    union = Statement.around(" UNION ALL ".join("({})" for _ in seen), *seen)
    number = Statement.around(NUMBER.replace("place", str(place)), union, found)
    return replace(number, stand_ins=tuple((place, one) for one in number.stand_ins))


def _stated(rows: LaunchQuerySet) -> Statement:
    return Statement.of(rows.values_list("pk"), STAND_INS)
