"""Who is away in the demo, and on which days its teams do not work."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from readiness.accounts.models import Role, Team, User
from readiness.audit.absences import go_away
from readiness.notifications.services.holidays import add_holiday

AWAY, STANDS_IN = "Mei Tanaka", "Priya Raman"
GONE, STAYS = timedelta(days=1), timedelta(days=9)
HOLIDAYS = ((12, 25, "Christmas Day"), (1, 1, "New Year’s Day"))


def tell_absences(people: Mapping[str, User], now: datetime) -> None:
    """One of the company is away since yesterday; every team rests on the next holidays."""
    person, stand_in = people[AWAY], people[STANDS_IN]
    left = now - GONE
    today = left.astimezone(person.tzinfo).date()
    days = {"first_on": today, "last_on": today + STAYS}
    go_away(person, **days, stand_in=stand_in, by=person, now=left)
    for team in Team.objects.order_by("pk"):
        lead = User.objects.get(memberships__team=team, memberships__role=Role.LEAD.value)
        today = now.astimezone(lead.tzinfo).date()
        for month, number, name in HOLIDAYS:
            day = _next(today, month, number)
            add_holiday(team, day=day, name=name, by=lead, now=now)


def _next(today: date, month: int, number: int) -> date:
    """The next time it is this day, today included."""
    day = date(today.year, month, number)
    return day if day >= today else date(today.year + 1, month, number)
