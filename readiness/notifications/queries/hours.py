"""When a person's next digest goes, and when they want to hear nothing."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from readiness.accounts.absences import absence_of
from readiness.accounts.models import User
from readiness.notifications.models import Hours
from readiness.notifications.queries.holidays import RESTING, holidays_of


def next_digest(person: User, now: datetime) -> tuple[date, datetime]:
    """Their next workday whose hour has not come yet, and that hour."""
    here, week = person.tzinfo, person.workdays or [1]
    today, away = now.astimezone(here).date(), absence_of(person, now)
    off = {*hours_of(person).days_off, *holidays_of([person.pk], since=today)[person.pk]}
    days = (today + timedelta(days=ahead) for ahead in count())
    workdays = (one for one in days if one.isoweekday() in week and one not in off)
    hours = ((one, datetime.combine(one, time(person.digest_hour), here)) for one in workdays)
    come = ((on, at) for on, at in hours if at > now)
    on, at = next((on, at) for on, at in come if away is None or not away.covers(at))
    return on, at.astimezone(UTC)


def hours_of(person: User) -> Hours:
    """When they want to hear nothing; never, where they said nothing. Asked once a person."""
    found: Hours | None = getattr(person, "hours", None)
    return found or Hours(person=person)


def quiet_until(hours: Hours, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the quiet that a person is in ends; None where there is none now.

    An hour that the clocks skip ends it when they have moved on.
    """
    if hours.quiet_from is None or hours.quiet_until is None:
        return None
    here = now.astimezone(zone)
    since_it_began = (here.hour - hours.quiet_from) % 24
    if since_it_began >= (hours.quiet_until - hours.quiet_from) % 24:
        return None
    day = here.date() + timedelta(days=here.hour >= hours.quiet_until)
    end = datetime.combine(day, time(hours.quiet_until), zone).astimezone(UTC)
    return end if end > now else None


# Of a person `person` and their day `hours.today`: that it is none of their days off and no
# holiday of theirs, and that they are not away when its digest goes, at `hours.at`.
AT_WORK = f"""NOT EXISTS (
    SELECT FROM notifications_hours chosen
    WHERE chosen.person_id = person.id AND hours.today = ANY (chosen.days_off))
  AND NOT EXISTS (
    SELECT FROM accounts_absence away
    WHERE away.person_id = person.id AND away.begins_at <= hours.at AND away.ends_at > hours.at)
  AND NOT EXISTS (
    SELECT FROM ({RESTING}) resting
    WHERE resting.person_id = person.id AND resting.day = hours.today)"""  # noqa: S608
