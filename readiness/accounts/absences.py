"""Who is away, and who hears for them: found out whenever somebody asks."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from readiness.accounts.models import Absence, User
from readiness.web import prepared
from readiness.web.templatetags.face import day

# Everybody who is away, and who hears for them: who stands in for them, or for whoever does and
# is away too, at most three steps on. Nobody (null) where that is further, or goes in a circle.
HEARD = """
    SELECT one.person_id AS absent_id, absent.name, one.last_on, one.begins_at,
           there.id AS hearer_id
    FROM accounts_absence one
    JOIN accounts_user absent ON absent.id = one.person_id AND absent.is_active
    LEFT JOIN accounts_absence two
        ON two.person_id = one.stand_in_id AND two.begins_at <= %(now)s AND two.ends_at > %(now)s
    LEFT JOIN accounts_absence three
        ON three.person_id = two.stand_in_id
       AND three.begins_at <= %(now)s AND three.ends_at > %(now)s
    LEFT JOIN accounts_absence four
        ON four.person_id = three.stand_in_id
       AND four.begins_at <= %(now)s AND four.ends_at > %(now)s
    LEFT JOIN accounts_user there
        ON there.is_active AND four.person_id IS NULL AND there.id = CASE
            WHEN two.person_id IS NULL THEN one.stand_in_id
            WHEN three.person_id IS NULL THEN two.stand_in_id
            ELSE three.stand_in_id END
    WHERE one.begins_at <= %(now)s AND one.ends_at > %(now)s
"""
BY_HEARER = f"""
SELECT absent_id, name, last_on, hearer_id FROM ({HEARD}) heard
WHERE hearer_id IS NOT DISTINCT FROM %(hearer)s::bigint ORDER BY last_on, absent_id
"""  # noqa: S608
OF_THEM = f"""
SELECT absent_id, name, last_on, hearer_id FROM ({HEARD}) heard
WHERE absent_id = ANY (%(people)s::bigint[]) ORDER BY last_on, absent_id
"""  # noqa: S608
IS_AWAY = """
SELECT 1 FROM accounts_absence
WHERE person_id = %(person)s AND begins_at <= %(now)s AND ends_at > %(now)s
"""


class Absent(NamedTuple):
    """Somebody who is away, until which day, and who hears for them, if anybody does."""

    pk: int
    name: str
    last_on: date
    hearer: int | None

    def __str__(self) -> str:
        return f"{self.name}, away until {day(self.last_on)}"


def absent_for(person: User | None, now: datetime) -> list[Absent]:
    """Those for whom a person hears now, the first to be back first; with None, nobody does."""
    hearer = person.pk if person else None
    return [Absent(*row) for row in prepared.rows(BY_HEARER, {"now": now, "hearer": hearer})]


def absent_among(people: Collection[int], now: datetime) -> list[Absent]:
    """Those of these people who are away now."""
    return [Absent(*row) for row in prepared.rows(OF_THEM, {"now": now, "people": list(people)})]


def absence_of(person: User, now: datetime) -> Absence | None:
    """When a person is away, if that is not over."""
    coming = Absence.objects.filter(person=person, ends_at__gt=now)
    return coming.select_related("stand_in").first()


def is_away(person: User, now: datetime) -> bool:
    return prepared.row(IS_AWAY, {"person": person.pk, "now": now}) is not None
