"""Whose digest is due now: one statement over all people and items, however many."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet

from readiness.accounts.absences import HEARD
from readiness.accounts.models import User
from readiness.accounts.permissions import Action, roles_for
from readiness.launches.models.launches import QUIET
from readiness.notifications.models import Channel, Kind, State
from readiness.notifications.queries import besides
from readiness.notifications.queries.before import NEW, REACH, RETURN, SINCE
from readiness.notifications.queries.decided import NEWS, OWED
from readiness.notifications.queries.endings import FURTHEST, STEPS
from readiness.notifications.queries.hours import AT_WORK

# That who hears, `hearer_id`, may not read the launch, or is nobody.
UNHEARD = """NOT EXISTS (
    SELECT FROM accounts_membership seen
    WHERE seen.person_id = hearer_id
      AND (seen.team_id = launch.team_id OR seen.team_id IS NULL))"""
# What waits for the word of who is away (`heard`): since when, and its lead if that one hears.
WAITS = f"""
    SELECT CASE WHEN heard.hearer_id = decision.asked_by_id OR {UNHEARD}
                THEN launch.lead_id END AS lead_id,
           decision.asked_at
    FROM launches_launchapprover seat
    JOIN launches_launch launch ON launch.id = seat.launch_id
    JOIN launches_decision decision ON decision.launch_id = launch.id AND decision.outcome = ''
    WHERE seat.person_id = heard.absent_id
    UNION ALL
    SELECT NULL, asked.asked_at
    FROM launches_exemption asked
    JOIN accounts_membership held ON held.person_id = heard.absent_id
        AND (held.team_id = asked.team_id OR held.team_id IS NULL)
        AND held.role = ANY (%(agreeing)s)
    WHERE asked.agreed_at IS NULL AND asked.closed_at IS NULL
    UNION ALL
    SELECT NULL, word.at
    FROM launches_signoff word
    JOIN accounts_membership held ON held.person_id = heard.absent_id
        AND (held.team_id = word.team_id OR held.team_id IS NULL)
        AND held.role = ANY (%(confirming)s)
    WHERE word.broke_glass AND word.confirmed_at IS NULL AND word.withdrawn_at IS NULL
"""  # noqa: S608

SOON = timedelta(days=3)

# Of an `item`, its `rule`, `launch` and `version`: that it may need who owns it, on the day of a
# `person` who hears of it. That is not yet said to be done in the plainest way.
TO_DO = """
    item.applies <> 'no' AND launch.stage <> ALL (%(quiet)s)
    AND (item.owned_since IS NULL OR item.owned_since < person.at)
    AND NOT EXISTS (
        SELECT FROM notifications_snooze snooze
        WHERE snooze.person_id = item.owner_id AND snooze.until > person.today
          AND (snooze.item_id = item.id OR snooze.item_id IS NULL))
    AND NOT (
        rule.requires = '[]'
        AND coalesce(nullif(rule.signing_rule, ''), version.signing_rule)
            NOT IN ('two_persons', 'role_quorum')
        AND NOT EXISTS (
            SELECT FROM checklists_answer answer
            WHERE answer.version_id = version.id AND answer.needs_evidence)
        AND coalesce((
            SELECT bool_and(word.credit_units = version.credit_unit)
            FROM launches_signoff word
            WHERE word.item_id = item.id AND word.withdrawn_at IS NULL
              AND word.basis = item.basis AND word.evidence <@ item.evidence
              AND (word.expires_at IS NULL OR %(now)s < word.expires_at)), false)
    )
    AND NOT (rule.na_allowed AND EXISTS (
        SELECT FROM launches_exemption na
        WHERE na.item_id = item.id AND na.kind = 'na' AND na.closed_at IS NULL
          AND na.agreed_at IS NOT NULL AND (na.ends_at IS NULL OR %(now)s < na.ends_at)))
"""

# That a `person` wants digests on this channel: by mail unless they said no, elsewhere if they
# have such a channel and said yes.
WANTED = """CASE WHEN %(channel)s = 'mail' THEN person.mails_on ELSE EXISTS (
    SELECT FROM notifications_ownhook
    WHERE person_id = person.id AND way = %(channel)s AND removed_at IS NULL
) AND EXISTS (
    SELECT FROM notifications_preference
    WHERE person_id = person.id AND kind = %(kind)s AND channel = %(channel)s AND is_on) END"""

# It leaves nobody out whom the rule would remind; what the digest says is the rule's own word,
# asked when it is sent. What is new begins where the digest before left off (`since`), as does
# what there is to hear of waivers that end: of those that nobody waits to hear of now, the items
# are not looked at, and of the others each is by its id, lest PostgreSQL reads all items for them.
# Who comes back from an absence is looked at for once, whatever there is. What somebody owns is
# read by when it is due, and by since when they own it: each by its own index, and by that alone.
DUE = f"""
WITH waiting AS MATERIALIZED (
    SELECT person.id, hours.today, hours.at, hours.until, told_at, {SINCE} AS since
    FROM unnest(%(zones)s::text[], %(hours)s::int[], %(todays)s::date[], %(ats)s::timestamptz[],
                %(untils)s::timestamptz[]) AS hours(zone, hour, today, at, until)
    JOIN accounts_user person
        ON person.zone = hours.zone AND person.digest_hour = hours.hour
       AND person.is_active AND {WANTED}
       AND extract(isodow FROM hours.today)::int = ANY (person.workdays)
    LEFT JOIN LATERAL (
        SELECT due_at AS told_at FROM notifications_delivery
        WHERE recipient_id = person.id AND kind = %(kind)s AND channel = %(channel)s
          AND state <> %(failed)s
        ORDER BY "window" DESC LIMIT 1
    ) last ON true
    WHERE NOT EXISTS (
        SELECT FROM notifications_delivery
        WHERE recipient_id = person.id AND kind = %(kind)s AND channel = %(channel)s
          AND "window" = hours.today::text
    ) AND {AT_WORK}
), ending AS MATERIALIZED (
    SELECT coalesce(item.owner_id, launch.lead_id) AS person_id,
           greatest(waiver.ends_at - step, waiver.agreed_at) AS begins_at
    FROM (
        SELECT item_id, ends_at, agreed_at FROM launches_exemption
        WHERE kind = 'waiver' AND agreed_at IS NOT NULL AND closed_at IS NULL
          AND ends_at >= %(now)s - %(furthest)s AND ends_at < %(now)s + %(furthest)s
          AND EXISTS (
              SELECT FROM unnest(%(steps)s::interval[]) step
              WHERE greatest(ends_at - step, agreed_at) >= (SELECT min(since) FROM waiting))
        OFFSET 0
    ) waiver
    CROSS JOIN LATERAL (
        SELECT owner_id, launch_id FROM launches_launchitem WHERE id = waiver.item_id OFFSET 0
    ) item
    JOIN launches_launch launch
        ON launch.id = item.launch_id AND launch.stage <> ALL (%(quiet)s)
    CROSS JOIN unnest(%(steps)s::interval[]) step
), seconds AS MATERIALIZED ({besides.SECONDS}
), news AS MATERIALIZED ({NEWS} UNION ALL {besides.NEWS}
), heard AS MATERIALIZED ({HEARD}
), theirs AS MATERIALIZED (
    SELECT heard.hearer_id, item.* FROM heard
    CROSS JOIN LATERAL (
        SELECT * FROM launches_launchitem
        WHERE owner_id = heard.absent_id AND due_on < (SELECT max(today) FROM waiting)
        OFFSET 0
    ) item
), asked AS MATERIALIZED (
    SELECT heard.hearer_id, waits.lead_id, greatest(waits.asked_at, heard.begins_at) AS asked_at
    FROM heard CROSS JOIN LATERAL ({WAITS}) waits
    UNION ALL
    SELECT heard.hearer_id, NULL, greatest(seconds.signed_at, heard.begins_at)
    FROM heard JOIN seconds ON seconds.signer_id = heard.absent_id
)
SELECT person.id, person.today::text AS day, person.at, person.until
FROM waiting person
JOIN news ON news.person_id = person.id AND news.happened_at < person.at
    AND news.happened_at >= person.since
UNION
SELECT person.id, person.today::text AS day, person.at, person.until
FROM waiting person
WHERE EXISTS ({OWED}) OR EXISTS ({besides.MEETING})
   OR EXISTS (SELECT {RETURN})
UNION
SELECT person.id, person.today::text AS day, person.at, person.until
FROM waiting person
JOIN ending ON ending.person_id = person.id AND ending.begins_at < person.at
    AND ending.begins_at >= person.since
UNION
SELECT person.id, person.today::text AS day, person.at, person.until
FROM waiting person
WHERE EXISTS (
    SELECT FROM (
        (SELECT * FROM launches_launchitem
         WHERE owner_id = person.id AND due_on <= person.today + %(soon)s OFFSET 0)
        UNION ALL
        (SELECT * FROM launches_launchitem
         WHERE owner_id = person.id AND owned_since >= person.since OFFSET 0)
    ) item
    JOIN launches_launch launch ON launch.id = item.launch_id
    JOIN checklists_item rule ON rule.id = item.item_id
    JOIN checklists_version version ON version.id = launch.version_id
    WHERE {TO_DO}
)
UNION
SELECT person.id, person.today::text AS day, person.at, person.until
FROM theirs item
JOIN launches_launch launch ON launch.id = item.launch_id
JOIN checklists_item rule ON rule.id = item.item_id
JOIN checklists_version version ON version.id = launch.version_id
JOIN waiting person
    ON item.due_on < person.today
   AND (person.id = item.hearer_id OR person.id = launch.lead_id AND {UNHEARD})
WHERE {TO_DO}
UNION
SELECT person.id, person.today::text AS day, person.at, person.until
FROM asked
JOIN waiting person
    ON person.id IN (asked.hearer_id, asked.lead_id) AND asked.asked_at < person.at
   AND asked.asked_at >= person.since
"""  # noqa: S608


class DueOwner(NamedTuple):
    """A person whose digest should go out, and the local day it is for."""

    person: int
    window: str
    at: datetime
    until: datetime


def due_owners(now: datetime) -> list[DueOwner]:
    """Everyone who has something to hear today, whose hour has come, and who was not told."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, parameters(now))
        return [DueOwner(*row) for row in cursor.fetchall()]


def parameters(now: datetime, people: QuerySet[User] | None = None) -> dict[str, Any]:
    """What the statement needs to know of the present, and of the hours of those people.

    Without people it is those who want mails.
    """
    if people is None:
        people = User.objects.filter(is_active=True, mails_on=True)
    return {
        **hours_come(people, now),
        "now": now,
        "quiet": list(QUIET),
        "soon": SOON.days,
        "new": NEW,
        "reach": REACH,
        "steps": list(STEPS),
        "furthest": FURTHEST,
        "kind": Kind.DIGEST.value,
        "channel": Channel.MAIL.value,
        "failed": State.FAILED.value,
        "agreeing": roles_for(Action.EXEMPTION_AGREE),
        "confirming": roles_for(Action.GLASS_CONFIRM),
        "signing": roles_for(Action.ITEM_SIGN),
    }


def hours_come(people: QuerySet[User], now: datetime) -> dict[str, list]:
    """The hours that have come, of the zones only those people live in."""
    hours = people.values_list("zone", "digest_hour").distinct()
    come = [(zone, hour, *days) for zone, hour in hours if (days := day_of(zone, hour, now))]
    return {
        "zones": [zone for zone, *_ in come],
        "hours": [hour for _, hour, *_ in come],
        "todays": [today for *_, today, _, _ in come],
        "ats": [at for *_, at, _ in come],
        "untils": [until for *_, until in come],
    }


def day_of(zone: str, hour: int, now: datetime) -> tuple[date, datetime, datetime] | None:
    """The local day, when its digest goes, and its end; nothing before the hour has come.

    Days are told apart by their local date alone, so that there is one digest a date through
    every change of clocks or zone. An hour that the clocks skip comes when they have moved on;
    of an hour that comes twice the first counts.
    """
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    at = datetime.combine(today, time(hour), here)
    if now < at:  # aware times of two zones are compared as instants
        return None
    until = datetime.combine(today + timedelta(days=1), time(), here)
    return today, at.astimezone(UTC), until.astimezone(UTC)
