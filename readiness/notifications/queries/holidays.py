"""The holidays of people: the days that all their teams named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection

from readiness.accounts.models import Team
from readiness.notifications.models import Holiday

# Who rests on which day: a row for each person and day that every team of theirs named.
RESTING = """
    SELECT held.person_id, free.day
    FROM notifications_holiday free
    JOIN accounts_membership held ON held.team_id = free.team_id
    WHERE NOT EXISTS (
        SELECT FROM accounts_membership works
        LEFT JOIN notifications_holiday too ON too.team_id = works.team_id AND too.day = free.day
        WHERE works.person_id = held.person_id AND works.team_id IS NOT NULL AND too.id IS NULL)
"""
OF_PEOPLE = f"""
SELECT DISTINCT person_id, day FROM ({RESTING}) resting
WHERE person_id = ANY (%(people)s::bigint[]) AND day >= %(since)s
"""  # noqa: S608


def holidays_of(people: Iterable[int], *, since: date) -> Mapping[int, set[date]]:
    """The holidays of each of these people from a day on; none for who is in no team."""
    found: dict[int, set[date]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(OF_PEOPLE, {"people": list(people), "since": since})
        for person, day in cursor.fetchall():
            found[person].add(day)
    return found


def coming(team: Team, today: date) -> list[Holiday]:
    """The holidays of a team that are not over, the next one first."""
    return list(team.holidays.filter(day__gte=today).order_by("day"))
