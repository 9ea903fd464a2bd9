"""News goes out at once: who should hear of an event is queued when it happened.

The receiver of an event queues it; a sweep behind it finds what a crash in between left out.
Both write the same rows, and the database keeps them unique.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from readiness.accounts.models import Absence
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.queries.mentions import readers_of
from readiness.notifications.kinds import NEWS, TOLD, News
from readiness.notifications.models import Channel, Delivery, OwnHook, Preference, Reader
from readiness.notifications.services.calling import queue_calls
from readiness.notifications.services.nudging import CALL_PEOPLE, DELIVER, nudge
from readiness.notifications.services.queueing import domain
from readiness.notifications.topics import BY_EVENT

STALE = timedelta(days=7)  # no news any more
BATCH, BATCHES = 500, 20
AT_ONCE = "at once"
Listener = tuple[int, str]  # a person, and the channel on which they hear

# What was written since, of transactions that are all over: one that is still running may
# write below. Those of other databases on the server write nothing here; of one that is not
# known to be elsewhere the worst is believed. A number that this server has not reached is
# another server's: from the start.
UNREAD = """
WITH past AS MATERIALIZED (
    SELECT coalesce(running.least, pg_snapshot_xmax(seen.now)::text::bigint) AS xmin
    FROM (SELECT pg_current_snapshot() AS now) seen
    CROSS JOIN LATERAL (
        SELECT min(xid::text::bigint) AS least FROM pg_snapshot_xip(seen.now) xid
        WHERE NOT EXISTS (
            SELECT FROM pg_locks held
            JOIN pg_stat_activity elsewhere ON elsewhere.pid = held.pid
            WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock'
              AND held.transactionid::text::bigint = (xid::text::bigint & 4294967295)
              AND elsewhere.datname <> current_database())
    ) running
), reader AS MATERIALIZED (
    SELECT CASE WHEN transaction < past.xmin THEN transaction ELSE 0 END AS transaction,
           CASE WHEN transaction < past.xmin THEN event ELSE 0 END AS event, past.xmin
    FROM notifications_reader, past
    WHERE name = %(name)s
    FOR NO KEY UPDATE OF notifications_reader SKIP LOCKED
)
SELECT event.id, event.transaction, event.subject_id, event.kind, event.at
FROM audit_event event
WHERE (event.transaction, event.id)
        > ((SELECT transaction FROM reader), (SELECT event FROM reader))
  AND event.transaction < (SELECT xmin FROM reader)
ORDER BY event.transaction, event.id LIMIT %(batch)s
"""


def tell(event: Event, *, now: datetime) -> int:
    """Queue what people should hear of an event, and of what came with it in one act; how much.

    Doing it again changes nothing.
    """
    if event.kind not in TOLD or event.at < now - STALE:
        return 0
    launch = Launch.objects.filter(subject=event.subject_id).first()
    if launch is None:
        return 0
    together = Event.objects.filter(transaction=event.transaction, subject=event.subject_id)
    events = list(together.filter(kind__in=TOLD, at__gte=now - STALE).order_by("pk"))
    told: set[Listener] = {
        *Delivery.objects.filter(event__in=events).values_list("recipient", "channel")
    }
    queued: list[Delivery] = []
    for one in NEWS:
        for happened in events:
            if happened.kind in one.events:
                listeners = _listeners(one, happened, launch) - told
                told |= listeners
                queued += [_delivery(one, happened, *who, now) for who in sorted(listeners)]
    Delivery.objects.bulk_create(queued, ignore_conflicts=True)
    if queued:
        nudge(DELIVER)
    if any(one.channel != Channel.MAIL.value for one in queued):
        nudge(CALL_PEOPLE)
    return len(queued)


def tell_what_was_missed(*, now: datetime) -> int:
    """Read the log on from where it was left, and queue what nobody queued; says how much.

    With nothing new this is one statement over an index. Of two that run beside each other
    one finds the reader taken, and leaves it to the other.
    """
    queued = 0
    for _ in range(BATCHES):
        with transaction.atomic():
            unread = _unread()
            queue_calls([pk for pk, _, _, kind, _ in unread if kind in BY_EVENT], now=now)
            for pk in _acts(unread, now):
                queued += tell(Event.objects.get(pk=pk), now=now)
            if unread:
                last, upto, *_ = unread[-1]
                Reader.objects.filter(pk=AT_ONCE).update(transaction=upto, event=last)
        if len(unread) < BATCH:
            break
    return queued


def _unread() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, {"name": AT_ONCE, "batch": BATCH})
        return cursor.fetchall()


def _acts(unread: Iterable[tuple], now: datetime) -> Iterator[int]:
    """One event of each act that somebody might hear of."""
    news = (row for row in unread if row[3] in TOLD and row[4] >= now - STALE)
    for _, act in groupby(news, key=lambda row: row[1:3]):
        yield next(act)[0]


def _listeners(news: News, event: Event, launch: Launch) -> set[Listener]:
    """Who should hear of it, on which channels: who may see the launch, is there, and wants to.

    On a channel of their own they hear nothing that happened before they added it.
    """
    people = {*news.recipients(event, launch)} - {event.by_id}
    if not people:
        return set()
    unwanted = Preference.objects.filter(kind=news.kind.value, is_on=False)
    off = unwanted.filter(person=OuterRef("person"), channel=OuterRef("way"))
    own = OwnHook.objects.filter(~Exists(off), person=OuterRef("pk"), removed_at=None)
    away = Absence.objects.filter(person=OuterRef("pk"), begins_at__lte=event.at)
    here = readers_of(launch).filter(~Exists(away.filter(ends_at__gt=event.at)), pk__in=people)
    found = here.annotate(
        no_mail=Exists(unwanted.filter(person=OuterRef("pk"), channel=Channel.MAIL.value)),
        ways=ArraySubquery(own.filter(made_at__lte=event.at).values("way")),
    ).values_list("pk", "no_mail", "ways")
    return {
        (pk, channel)
        for pk, no_mail, ways in found
        for channel in (*ways, *[Channel.MAIL.value] * (not no_mail))
    }


def _delivery(news: News, event: Event, person: int, channel: str, now: datetime) -> Delivery:
    return Delivery(
        recipient_id=person,
        event=event,
        kind=news.kind.value,
        window=news.window(event),
        channel=channel,
        due_at=event.at,
        give_up_at=event.at + STALE,
        not_before=now,
        message_id=f"<{uuid.uuid4()}@{domain()}>",
        queued_at=now,
    )
