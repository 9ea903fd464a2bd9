"""What comes by the hour: digests, weeks and late work, when somebody's hour has come.

Each person is looked at once a day, at their hour, and anew when they choose something else.
Who is looked at is claimed under a lease, so that a worker that dies leaves nobody out.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from readiness.accounts.models import User
from readiness.notifications.services.escalating import queue_escalations
from readiness.notifications.services.queueing import (
    queue_digests,
    queue_digests_outside,
    queue_weeks,
)

LEASE = timedelta(seconds=90)  # longer than a task may live
FURTHEST = timedelta(hours=26)  # a later hour was noted by a clock that ran ahead

CLAIM = """
WITH claimed AS (
    UPDATE accounts_user SET next_hour_at = %(until)s
    WHERE id IN (
        SELECT id FROM accounts_user
        WHERE is_active AND (
            next_hour_at IS NULL OR next_hour_at <= %(now)s OR next_hour_at > %(furthest)s)
        FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING zone, digest_hour
)
SELECT DISTINCT zone, digest_hour FROM claimed
"""


def remind(*, now: datetime) -> int:
    """Queue what everybody should hear whose hour has come; says how much.

    While nobody's has this is one statement over a partial index. Doing it again, or beside
    itself, changes nothing.
    """
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": until, "furthest": now + FURTHEST})
        hours = cursor.fetchall()
    if not hours:
        return 0
    digests = queue_digests(now=now) + queue_digests_outside(now=now)
    queued = digests + queue_weeks(now=now) + queue_escalations(now=now)
    for zone, hour in hours:
        held = User.objects.filter(next_hour_at=until, zone=zone, digest_hour=hour)
        held.update(next_hour_at=next_hour(zone, hour, now))
    return queued


def next_hour(zone: str, hour: int, now: datetime) -> datetime:
    """When it is this hour in this zone for the next time."""
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    days = (today + timedelta(days=ahead) for ahead in range(3))
    hours = (datetime.combine(day, time(hour), here).astimezone(UTC) for day in days)
    return next(at for at in hours if at > now)
