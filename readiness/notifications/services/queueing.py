"""Queueing: whoever is due gets a row, once."""

from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import connection

from readiness.accounts.invitations import LASTS
from readiness.accounts.models import User
from readiness.launches.models.launches import QUIET
from readiness.notifications.kinds.review_starting import BEFORE
from readiness.notifications.models import Channel, Kind, Preference, State
from readiness.notifications.queries.due import DUE, hours_come, parameters
from readiness.notifications.queries.hours import AT_WORK
from readiness.notifications.queries.titles import DIGESTED
from readiness.notifications.services.nudging import CALL_PEOPLE, DELIVER, nudge

QUEUE = f"""
INSERT INTO notifications_delivery (
    recipient_id, kind, "window", channel, state, due_at, give_up_at, not_before, attempts,
    because, message_id, address, subject, text, html, queued_at
)
SELECT due.id, %(kind)s, due.day, %(channel)s, %(queued)s, due.at, due.until, %(now)s, 0,
       '', '<' || gen_random_uuid() || '@' || %(domain)s || '>', '', '', '', '', %(now)s
FROM ({DUE}) due
ON CONFLICT (recipient_id, kind, "window", channel) DO NOTHING
"""  # noqa: S608

# Each mail of an invitation that stands, and the one that tells a person who was here already.
INVITE = """
INSERT INTO notifications_delivery (
    recipient_id, invitation_id, kind, "window", channel, state, due_at, give_up_at, not_before,
    attempts, because, message_id, address, subject, text, html, queued_at
)
SELECT asked.person_id, asked.id, %(kind)s, 'mail ' || asked.sent || ' of ' || asked.id,
       %(channel)s, %(queued)s, asked.sent_at, asked.ends_at, %(now)s, 0,
       '', '<' || gen_random_uuid() || '@' || %(domain)s || '>', '', '', '', '', %(now)s
FROM accounts_invitation asked
WHERE asked.revoked_at IS NULL AND asked.sent_at > %(since)s AND asked.ends_at > %(now)s
  AND NOT EXISTS (
      SELECT FROM notifications_delivery
      WHERE invitation_id = asked.id
        AND "window" = 'mail ' || asked.sent || ' of ' || asked.id)
ON CONFLICT DO NOTHING
"""

# Who is invited to a review that starts within ten minutes, and who facilitates it.
CALL = """
INSERT INTO notifications_delivery (
    recipient_id, kind, "window", channel, state, due_at, give_up_at, not_before, attempts,
    because, message_id, address, subject, text, html, queued_at
)
SELECT person.id, %(kind)s,
       review.id || ' at ' || to_char(review.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
       way.channel, %(queued)s, review.starts_at - %(before)s, review.starts_at, %(now)s, 0,
       '', '<' || gen_random_uuid() || '@' || %(domain)s || '>', '', '', '', '', %(now)s
FROM reviews_review review
JOIN accounts_user person ON person.is_active AND (
    person.id = review.facilitator_id
    OR person.id IN (SELECT person_id FROM reviews_invited WHERE review_id = review.id))
CROSS JOIN LATERAL (
    SELECT %(channel)s AS channel
    UNION ALL
    SELECT way FROM notifications_ownhook WHERE person_id = person.id AND removed_at IS NULL
) way
WHERE review.state = 'planned'
  AND review.starts_at > %(now)s AND review.starts_at <= %(now)s + %(before)s
  AND NOT EXISTS (
      SELECT FROM notifications_preference
      WHERE person_id = person.id AND kind = %(kind)s AND channel = way.channel AND NOT is_on)
ON CONFLICT (recipient_id, kind, "window", channel) DO NOTHING
"""


def call_to_reviews(*, now: datetime) -> int:
    """Tell who is invited that a review starts in ten minutes; says how many, each once."""
    values: dict[str, Any] = {
        "kind": Kind.REVIEW_STARTING.value,
        "channel": Channel.MAIL.value,
        "queued": State.QUEUED.value,
        "domain": domain(),
        "now": now,
        "before": BEFORE,
    }
    queued = queue(CALL, values)
    if queued:
        nudge(CALL_PEOPLE)
    return queued


# Who decides on launches, from their first workday of the week on: once in a week.
WEEK = f"""
INSERT INTO notifications_delivery (
    recipient_id, kind, "window", channel, state, due_at, give_up_at, not_before, attempts,
    because, message_id, address, subject, text, html, queued_at
)
SELECT person.id, %(kind)s, to_char(hours.today, 'IYYY-"W"IW'), %(channel)s, %(queued)s,
       hours.at, hours.until, %(now)s, 0,
       '', '<' || gen_random_uuid() || '@' || %(domain)s || '>', '', '', '', '', %(now)s
FROM unnest(%(zones)s::text[], %(hours)s::int[], %(todays)s::date[], %(ats)s::timestamptz[],
            %(untils)s::timestamptz[]) AS hours(zone, hour, today, at, until)
JOIN accounts_user person
    ON person.zone = hours.zone AND person.digest_hour = hours.hour AND person.is_active
   AND extract(isodow FROM hours.today)::int = ANY (person.workdays)
WHERE EXISTS (
    SELECT FROM launches_launchapprover seat
    JOIN launches_launch launch ON launch.id = seat.launch_id
    WHERE seat.person_id = person.id AND launch.stage <> ALL (%(quiet)s))
  AND NOT EXISTS (
    SELECT FROM notifications_delivery
    WHERE recipient_id = person.id AND kind = %(kind)s AND channel = %(channel)s
      AND "window" = to_char(hours.today, 'IYYY-"W"IW'))
  AND NOT EXISTS (
    SELECT FROM notifications_preference
    WHERE person_id = person.id AND kind = %(kind)s AND channel = %(channel)s AND NOT is_on)
  AND {AT_WORK}
ON CONFLICT (recipient_id, kind, "window", channel) DO NOTHING
"""  # noqa: S608


def queue_weeks(*, now: datetime) -> int:
    """Give every approver their week, once in it; says to how many."""
    values: dict[str, Any] = {
        **hours_come(User.objects.filter(is_active=True, approving__isnull=False), now),
        "kind": Kind.WEEKLY.value,
        "channel": Channel.MAIL.value,
        "queued": State.QUEUED.value,
        "quiet": list(QUIET),
        "domain": domain(),
        "now": now,
    }
    if not values["zones"]:
        return 0
    return queue(WEEK, values)


def queue_invitations(*, now: datetime) -> int:
    """Give each invitation its mail; says how many missed one. Doing it again changes nothing."""
    values: dict[str, Any] = {
        "kind": Kind.INVITATION.value,
        "channel": Channel.MAIL.value,
        "queued": State.QUEUED.value,
        "domain": domain(),
        "now": now,
        "since": now - LASTS,
    }
    return queue(INVITE, values)


def queue_digests(*, now: datetime) -> int:
    """Give everyone who is due a digest for their local day; says to how many.

    One statement, and before it one for the hours that come: where none has, there is no more.
    Of two that run beside each other one finds the other's rows: the database
    keeps them unique. What the digest says is not decided here but when it is sent.
    """
    found = parameters(now)
    if not found["zones"]:
        return 0
    queued = {"queued": State.QUEUED.value, "domain": domain()}
    return queue(QUEUE, found | queued)


def queue_digests_outside(*, now: datetime) -> int:
    """The same for those who want it on a channel of their own; says how many.

    The search for who is due is not cheap: it is left out where nobody whose hour has come does.
    """
    total = 0
    for channel in DIGESTED:
        wanting = Preference.objects.filter(
            kind=Kind.DIGEST.value, channel=channel.value, is_on=True
        )
        found = parameters(
            now, User.objects.filter(is_active=True, pk__in=wanting.values("person"))
        )
        if found["zones"]:
            said = {"channel": channel.value, "queued": State.QUEUED.value, "domain": domain()}
            total += queue(QUEUE, found | said)
    if total:
        nudge(CALL_PEOPLE)
    return total


def queue(statement: str, values: dict[str, Any]) -> int:
    """Queue what a statement finds, and let it be sent at once; says how much."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        queued = cursor.rowcount
    if queued:
        nudge(DELIVER)
    return queued


def domain() -> str:
    """What message ids end with."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
