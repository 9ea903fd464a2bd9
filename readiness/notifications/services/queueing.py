"""Queueing: whoever is due gets a row, once."""

from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import connection

from readiness.accounts.invitations import LASTS
from readiness.notifications.models import Channel, Kind, State
from readiness.notifications.queries.due import DUE, parameters

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
    with connection.cursor() as cursor:
        cursor.execute(INVITE, values)
        return cursor.rowcount


def queue_digests(*, now: datetime) -> int:
    """Give everyone who is due a digest for their local day; says to how many.

    One statement. Of two that run beside each other one finds the other's rows: the database
    keeps them unique. What the digest says is not decided here but when it is sent.
    """
    queued = {"queued": State.QUEUED.value, "domain": domain()}
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, parameters(now) | queued)
        return cursor.rowcount


def domain() -> str:
    """What message ids end with."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
