"""Delivering what waits: claim a row, write its letter, hand it over, say how it ended.

No statement here waits for the network and no connection to a mail server is held in a
transaction: each step is a statement of its own, fenced by the lease.
"""

import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection

from readiness.accounts.absences import is_away
from readiness.accounts.models import User
from readiness.notifications.models import Channel, Delivery, Kind, State
from readiness.notifications.queries.hours import hours_of, quiet_until
from readiness.notifications.queries.preferences import wants
from readiness.notifications.queries.returned import unreached
from readiness.notifications.services.letters import Letter, ascii_address, letter_of, mime_of
from readiness.notifications.services.nudging import DELIVER, nudge
from readiness.notifications.services.pacing import must_wait
from readiness.notifications.services.smtp import (
    MailServer,
    NotSent,
    Rejected,
    ServerAway,
    Unanswered,
    reason,
)
from readiness.web import prepared

LEASE = timedelta(seconds=90)  # longer than a task may live, so that no two hold one row
BUDGET_SECONDS = 30
LONGEST_WAIT_MINUTES = 60

DELIVERY, PERSON = prepared.columns_of(Delivery), prepared.columns_of(User)
CLAIM = """
WITH claimed AS (
    UPDATE notifications_delivery
    SET state = %(sending)s, lease = gen_random_uuid(), not_before = %(until)s,
        attempts = attempts + 1
    WHERE id = (
        SELECT id FROM notifications_delivery
        WHERE state IN ('queued', 'sending') AND not_before <= %(now)s AND channel {which} 'mail'
        ORDER BY not_before, id LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING *
)
SELECT {columns} FROM claimed LEFT JOIN accounts_user person ON person.id = claimed.recipient_id
"""
COLUMNS = ", ".join(
    [*(f"claimed.{name}" for name in DELIVERY), *(f"person.{name}" for name in PERSON)]
)
MAILS = CLAIM.format(which="=", columns=COLUMNS)
CALLS = CLAIM.format(which="<>", columns=COLUMNS)
WRITE = """
UPDATE notifications_delivery SET {changes}
WHERE id = %(pk)s AND lease = %(held)s AND state IN ('queued', 'sending')
RETURNING id
"""

NO_MAILS = "This person wants no such mails any more, or is no longer here."
NO_CALLS = "This person wants none of these here any more, or is no longer here."
QUIET = "It waits for the end of their quiet hours."
TOO_LATE = "Its time was over before it could be sent."
AWAY = "They are away: the digest of their return says what still waits for them."
NO_ANSWER = "The worker stopped while the other side had it. It may have arrived."


class LeaseLost(Exception):  # noqa: N818
    """Somebody else has the row now: it is theirs to send."""


def deliver_due(*, now: datetime) -> int:
    """Send what waits; says how many rows were dealt with.

    Safe to run twice and beside itself: a row is claimed by one statement that passes over
    what others hold. A row whose holder died comes back when its lease runs out. With nothing
    to do this is one statement over a partial index; with more than a task has time for, other
    tasks have their turn, and it goes on.
    """
    started, done = time.monotonic(), 0
    with MailServer() as server:
        while delivery := claim(now, MAILS):
            done += 1
            if not deliver(delivery, server, now):
                break
            if time.monotonic() - started >= BUDGET_SECONDS:
                nudge(DELIVER)
                break
    return done


def claim(now: datetime, which: str = MAILS) -> Delivery | None:
    """Take the row that has waited longest, for the length of a lease, with whom it is for."""
    values: dict[str, Any] = {"now": now, "until": now + LEASE, "sending": State.SENDING.value}
    with connection.cursor() as cursor:
        cursor.execute(which, values)
        found = cursor.fetchone()
    if found is None:
        return None
    delivery = prepared.instance(Delivery, DELIVERY, found[: len(DELIVERY)])
    if delivery.recipient_id:
        delivery.recipient = prepared.instance(User, PERSON, found[len(DELIVERY) :])
    return delivery


def deliver(delivery: Delivery, server: MailServer, now: datetime) -> bool:
    """Bring one claimed mail to an end, or back to waiting; false if the server is away."""
    letter = letter_to_send(delivery, now, may_repeat=settings.RESENDS_AFTER_SILENCE)
    if letter is None or must_wait(delivery, now):
        return True
    return send(delivery, letter, server, now)


def letter_to_send(delivery: Delivery, now: datetime, *, may_repeat: bool) -> Letter | None:
    """What a claimed row says now; with nothing to send it is brought to an end, or waits.

    What may have arrived is never sent again, unless that does no harm or the settings would
    rather have it twice than never: then it goes again under the same name.
    """
    if delivery.handed_over_at and not may_repeat:
        settle(delivery, State.UNKNOWN, now, because=NO_ANSWER)
    elif delivery.give_up_at <= now:
        settle(delivery, State.FAILED, now, because=delivery.because or TOO_LATE)
    elif not is_wanted(delivery):
        is_mail = delivery.channel == Channel.MAIL.value
        settle(delivery, State.SKIPPED, now, because=NO_MAILS if is_mail else NO_CALLS)
    elif because := unreached(delivery):
        settle(delivery, State.SKIPPED, now, because=because)
    elif is_for_somebody_away(delivery, now):
        settle(delivery, State.SKIPPED, now, because=AWAY)
    elif until := quiet_for(delivery, now):
        wait_until(delivery, until)
    else:
        letter = letter_of(delivery, now)
        if isinstance(letter, Letter):
            return letter
        settle(delivery, State.SKIPPED, now, because=letter)
    return None


def is_wanted(delivery: Delivery) -> bool:
    """Who left gets nothing, and nobody what they switched off; of invitations all hear."""
    person = delivery.recipient
    if person is None:
        return True
    return person.is_active and wants(person, Kind(delivery.kind), Channel(delivery.channel))


def is_for_somebody_away(delivery: Delivery, now: datetime) -> bool:
    """Who went away since it was queued hears nothing now, but what they asked for themselves.

    Who is invited anew always does.
    """
    person = delivery.recipient
    if person is None or delivery.invitation or delivery.kind == Kind.TEST.value:
        return False
    return is_away(person, now)


def quiet_for(delivery: Delivery, now: datetime) -> datetime | None:
    """When the quiet ends that its recipient is in, if what it tells can wait that long."""
    person = delivery.recipient
    if person is None or delivery.event_id is None:
        return None
    return quiet_until(hours_of(person), person.tzinfo, now)


def send(delivery: Delivery, letter: Letter, server: MailServer, now: datetime) -> bool:
    """Hand a letter to the mail server; without one it is kept in the outbox, and is sent."""
    try:
        content = mime_of(delivery, letter, now)
        address = ascii_address(delivery.to_address)
    except ValueError as error:
        settle(delivery, State.FAILED, now, because=reason(error))
        return True
    kept = {
        "address": delivery.to_address,
        "text": letter.kept(letter.text),
        "html": letter.kept(letter.html),
    }
    mark = partial(mark_handed_over, delivery, now, subject=letter.subject, **kept)
    try:
        if settings.EMAIL_HOST:
            server.hand_over(content, to=address, before_the_dot=mark)
        else:
            mark()
        settle(delivery, State.SENT, now)
    except LeaseLost:
        server.drop()
    except ServerAway as away:
        put_back(delivery, now, because=str(away))
        return False
    except NotSent as problem:
        put_back(delivery, now, because=str(problem))
    except Rejected as refusal:
        settle(delivery, State.FAILED, now, because=str(refusal), address=delivery.to_address)
    except Unanswered as silence:
        if settings.RESENDS_AFTER_SILENCE:
            put_back(delivery, now, because=str(silence))
        else:
            settle(delivery, State.UNKNOWN, now, because=str(silence))
    return True


def mark_handed_over(delivery: Delivery, now: datetime, **kept: str) -> None:
    """Keep what is sent, and note that from here on only the other side knows."""
    if not _write(delivery, handed_over_at=now, **kept):
        raise LeaseLost


def settle(
    delivery: Delivery, state: State, now: datetime, *, because: str = "", **kept: str
) -> None:
    """Write down how it ended, unless somebody else holds the row by now."""
    _write(delivery, state=state.value, because=because, settled_at=now, lease=None, **kept)


def wait_until(delivery: Delivery, at: datetime) -> None:
    """Let it wait for an hour at which its recipient wants to hear."""
    _write(
        delivery,
        state=State.QUEUED.value,
        because=QUIET,
        handed_over_at=None,
        lease=None,
        not_before=at,
        attempts=delivery.attempts - 1,
    )


def put_back(delivery: Delivery, now: datetime, *, because: str) -> None:
    """Let it wait for its next try: two minutes, then twice as long each time, up to an hour."""
    minutes = min(2 ** min(delivery.attempts, 6), LONGEST_WAIT_MINUTES)
    try_again(delivery, now + timedelta(minutes=minutes), because=because)


def try_again(delivery: Delivery, at: datetime, *, because: str) -> None:
    """Let it wait for its next try."""
    _write(
        delivery,
        state=State.QUEUED.value,
        because=because,
        handed_over_at=None,
        lease=None,
        not_before=at,
    )


def _write(delivery: Delivery, **said: object) -> bool:
    """Write to the row, if it is still under the lease that this delivery was claimed with.

    Says whether it was.
    """
    changes = ", ".join(f"{column} = %({column})s" for column in said)
    held = {"pk": delivery.pk, "held": delivery.lease}
    return prepared.row(WRITE.format(changes=changes), {**said, **held}) is not None
