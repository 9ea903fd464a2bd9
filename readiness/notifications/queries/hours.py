"""When a person's next digest goes."""

from datetime import UTC, date, datetime, time, timedelta

from readiness.accounts.models import User


def next_digest(person: User, now: datetime) -> tuple[date, datetime]:
    """Their next workday whose hour has not come yet, and that hour."""
    here = person.tzinfo
    today = now.astimezone(here).date()
    days = (today + timedelta(days=ahead) for ahead in range(9))
    hours = ((one, datetime.combine(one, time(person.digest_hour), here)) for one in days)
    on, at = next(
        (on, at) for on, at in hours if at > now and on.isoweekday() in (person.workdays or [1])
    )
    return on, at.astimezone(UTC)
