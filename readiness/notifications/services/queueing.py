"""Queueing: whoever is due gets a row, once."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import connection

from readiness.notifications.models import State
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


def queue_digests(*, now: datetime) -> int:
    """Give everyone who is due a digest for their local day; says to how many.

    One statement. Of two that run beside each other one finds the other's rows: the database
    keeps them unique. What the digest says is not decided here but when it is sent.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    queued = {"queued": State.QUEUED.value, "domain": domain}
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, parameters(now) | queued)
        return cursor.rowcount
