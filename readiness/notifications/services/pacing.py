"""Pacing: no more mails a minute go to one domain than the settings let go."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from readiness.notifications.models import Delivery

MINUTE = timedelta(minutes=1)
DOMAIN = "lower(split_part({}, '@', -1))"
THIS = DOMAIN.format("%(address)s")

# The mail in hand goes first, whatever became of its `not_before` when it was claimed. Each
# ends at its `give_up_at` where its turn would only come later.
PUT_OFF = f"""
WITH gone AS (
    SELECT count(*) AS mails FROM notifications_delivery
    WHERE channel = 'mail' AND handed_over_at > %(since)s AND {DOMAIN.format("address")} = {THIS}
), due AS (
    SELECT mail.id, mail.not_before
    FROM notifications_delivery mail
    LEFT JOIN accounts_user person ON person.id = mail.recipient_id
    LEFT JOIN accounts_invitation invitation ON invitation.id = mail.invitation_id
    WHERE (SELECT mails FROM gone) >= %(limit)s
      AND mail.state IN ('queued', 'sending') AND mail.channel = 'mail'
      AND (mail.id = %(mail)s AND mail.lease = %(lease)s
           OR mail.not_before <= %(now)s AND mail.give_up_at > %(now)s)
      AND {DOMAIN.format("coalesce(person.email, invitation.email, mail.address)")} = {THIS}
    FOR UPDATE OF mail SKIP LOCKED
), turn AS (
    SELECT id, row_number() OVER (ORDER BY id <> %(mail)s, not_before, id) AS place FROM due
)
UPDATE notifications_delivery mail
SET state = 'queued', lease = NULL,
    because = 'Mails to ' || {THIS} || ' go out at ' || %(limit)s || ' a minute at most.',
    not_before = least(
        give_up_at, %(now)s + ((turn.place - 1) / %(limit)s + 1) * interval '1 minute'),
    attempts = attempts - (mail.id = %(mail)s)::int
FROM turn
WHERE mail.id = turn.id
"""  # noqa: S608


def must_wait(delivery: Delivery, now: datetime) -> bool:
    """Put a claimed mail off if its domain has had its share of this minute.

    All others that are due to the domain are put off with it, each to the minute in which its
    turn comes, so that none is claimed in vain. What the workers handed over is counted by the
    database, at the time at which the run began that did it; a run lasts half a minute. Workers
    that count at once each find the same number: there may be one mail more for each worker
    beside the first. Without a limit, or a mail server, this costs nothing.
    """
    limit = settings.MAILS_PER_MINUTE_AND_DOMAIN
    if not (limit and settings.EMAIL_HOST):
        return False
    values = {
        "mail": delivery.pk,
        "lease": delivery.lease,
        "address": delivery.to_address,
        "limit": limit,
        "since": now - MINUTE,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(PUT_OFF, values)
        return cursor.rowcount > 0
