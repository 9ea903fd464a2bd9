"""Naming the days on which a team does not work."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from readiness.accounts import policies
from readiness.accounts.models import Team, User
from readiness.audit.kinds import Kind
from readiness.audit.people import again, take_team
from readiness.audit.services import record
from readiness.notifications.models import Holiday
from readiness.web.refusal import refuse_if

FURTHEST, MOST = timedelta(days=3 * 366), 200
TWICE = "This day is {} already."
FAR = "Choose a day from today on, and within the next three years."
FULL = f"Name at most {MOST} days."
NONE = "This day is no holiday any more."


@transaction.atomic
def add_holiday(team: Team, *, day: date, name: str, by: User, now: datetime) -> None:
    """Name a day on which the team does not work. Naming it again changes nothing."""
    subject = take_team(team)
    refuse_if(policies.changing_roles(again(by), team))
    known = team.holidays.filter(day=day).first()
    if known and known.name == name:
        return
    refuse_if(TWICE.format(known.name) if known else "")
    today = now.astimezone(by.tzinfo).date()
    refuse_if("" if today <= day <= today + FURTHEST else FAR)
    refuse_if("" if team.holidays.filter(day__gte=today).count() < MOST else FULL)
    Holiday.objects.create(team=team, day=day, name=name)
    said: dict[str, Any] = {"day": day.isoformat(), "holiday": name, "name": team.name}
    record(Kind.TEAM_HOLIDAY_ADDED, subject=subject, by=by, at=now, team=team, **said)


@transaction.atomic
def remove_holiday(team: Team, *, day: date, by: User, now: datetime) -> None:
    """Let a day be a workday again."""
    subject = take_team(team)
    refuse_if(policies.changing_roles(again(by), team))
    known = team.holidays.filter(day=day).first()
    if known is None:
        refuse_if(NONE)
        return
    known.delete()
    said: dict[str, Any] = {"day": day.isoformat(), "holiday": known.name, "name": team.name}
    record(Kind.TEAM_HOLIDAY_REMOVED, subject=subject, by=by, at=now, team=team, **said)
