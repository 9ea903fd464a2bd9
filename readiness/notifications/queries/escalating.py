"""Work that is late for days: of which launches, and who hears of it beside its owner."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from readiness.accounts.absences import HEARD, Absent, absent_for
from readiness.accounts.models import WORKDAYS, User
from readiness.launches.models import LaunchApprover, LaunchItem
from readiness.launches.models.launches import QUIET
from readiness.launches.queries.columns import is_unfinished
from readiness.launches.queries.facts import Fact, facts_of_items, facts_of_many
from readiness.launches.queries.pinned import pinned
from readiness.notifications.models import Channel, EscalationPolicy, Kind, State
from readiness.notifications.models.escalations import APPROVER_AFTER, LEAD_AFTER
from readiness.notifications.queries.due import hours_come
from readiness.notifications.queries.heads import Head, head_of, verdict_of
from readiness.notifications.queries.holidays import RESTING, holidays_of
from readiness.notifications.queries.hours import AT_WORK
from readiness.rules.truth import Truth
from readiness.rules.weighing import weigh

BACK = 7  # days after which nobody hears any more that work became late
SHOWN = 20
REMEMBERED = timedelta(days=500)  # longer ago no holiday makes that less late which is told now

# By which week and with which holidays each person works, as a text: few have one of their own.
PATTERNS = f"""
    SELECT person.id, person.workdays, rests.days,
           concat(person.workdays::text, rests.days::text) AS pattern
    FROM accounts_user person
    LEFT JOIN (
        SELECT person_id, array_agg(DISTINCT day) AS days
        FROM ({RESTING}) resting WHERE day >= %(since)s GROUP BY person_id
    ) rests ON rests.person_id = person.id
"""  # noqa: S608
OF_OWNERS = f"""
SELECT DISTINCT ON (pattern) pattern, workdays, days FROM ({PATTERNS}) owner
WHERE EXISTS (SELECT FROM launches_launchitem WHERE owner_id = owner.id)
"""  # noqa: S608

# Who leads, or decides on, a launch in which work became late enough since they last heard, or
# hears for who does and is away: that day, `crossed`, is told by the due date alone, for each
# pattern that owners work by. Items are looked for in the order of their days, along the index
# of owners and days: PostgreSQL would rather read all that each owner has. What the mail says is
# the rule's own word, asked when it is sent.
# Who was away for longer than work is looked back at is looked at for once, if they have a seat.
LATE = f"""
WITH waiting AS MATERIALIZED (
    SELECT person.id, hours.today, hours.at, hours.until, last.told_on
    FROM unnest(%(zones)s::text[], %(hours)s::int[], %(todays)s::date[], %(ats)s::timestamptz[],
                %(untils)s::timestamptz[]) AS hours(zone, hour, today, at, until)
    JOIN accounts_user person
        ON person.zone = hours.zone AND person.digest_hour = hours.hour AND person.is_active
       AND extract(isodow FROM hours.today)::int = ANY (person.workdays)
    LEFT JOIN LATERAL (
        SELECT "window"::date AS told_on FROM notifications_delivery
        WHERE recipient_id = person.id AND kind = %(kind)s AND channel = %(channel)s
          AND state <> %(failed)s
        ORDER BY "window" DESC LIMIT 1
    ) last ON true
    WHERE last.told_on IS DISTINCT FROM hours.today AND {AT_WORK} AND NOT EXISTS (
        SELECT FROM notifications_preference
        WHERE person_id = person.id AND kind = %(kind)s AND channel = %(channel)s AND NOT is_on)
), late AS MATERIALIZED (
    SELECT item.launch_id, item.owner_id, step.today, step.crossed, step.days
    FROM unnest(%(step_todays)s::date[], %(patterns)s::text[], %(days)s::int[],
                %(crossed)s::date[], %(lows)s::date[], %(highs)s::date[])
        AS step(today, pattern, days, crossed, low, high)
    JOIN ({PATTERNS}) owner ON owner.pattern = step.pattern
    CROSS JOIN LATERAL (
        SELECT launch_id, owner_id FROM launches_launchitem
        WHERE owner_id = owner.id AND due_on >= step.low AND due_on < step.high
          AND applies <> 'no'
        ORDER BY due_on OFFSET 0
    ) item
), heard AS MATERIALIZED ({HEARD}
), hears AS MATERIALIZED (
    SELECT DISTINCT coalesce(heard.hearer_id, concerned.person_id) AS person_id,
           late.owner_id, late.today, late.crossed
    FROM late
    JOIN launches_launch launch
        ON launch.id = late.launch_id AND launch.stage <> ALL (%(quiet)s)
    LEFT JOIN notifications_escalationpolicy policy ON policy.team_id = launch.team_id
    CROSS JOIN LATERAL (
        SELECT launch.lead_id AS person_id
        WHERE late.days = coalesce(policy.lead_after, %(lead_after)s)
        UNION ALL
        SELECT seat.person_id FROM launches_launchapprover seat
        WHERE seat.launch_id = launch.id
          AND late.days = coalesce(policy.approver_after, %(approver_after)s)
    ) concerned
    LEFT JOIN heard ON heard.absent_id = concerned.person_id
    WHERE coalesce(policy.is_on, true) AND concerned.person_id <> late.owner_id
)
SELECT DISTINCT person.id, person.today::text AS day, person.at, person.until
FROM hears
JOIN waiting person
    ON person.id = hears.person_id AND person.today = hears.today AND person.id <> hears.owner_id
   AND hears.crossed > coalesce(person.told_on, hears.today - %(back)s)
UNION
SELECT person.id, person.today::text AS day, person.at, person.until
FROM waiting person
JOIN accounts_absence away
    ON away.person_id = person.id AND away.ends_at <= person.at
   AND away.first_on < person.today - %(back)s
   AND away.last_on >= greatest(person.told_on, person.today - %(back)s)
WHERE EXISTS (
    SELECT FROM launches_launch WHERE lead_id = person.id AND stage <> ALL (%(quiet)s)
    UNION ALL
    SELECT FROM launches_launchapprover WHERE person_id = person.id)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Line:
    """One item that is late, for how long, and whose it is."""

    title: str
    due: str
    owner: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One launch with its late work, and in whose place this is told of it."""

    head: Head
    lines: tuple[Line, ...]
    stead: str = ""


def parameters(now: datetime) -> dict[str, Any]:
    """What the statement needs to know of the present, and of what teams and owners chose."""
    hours = hours_come(User.objects.filter(is_active=True), now)
    policies = EscalationPolicy.objects.values_list("lead_after", "approver_after")
    days = {LEAD_AFTER, APPROVER_AFTER, *(one for both in policies for one in both)}
    since = now.date() - REMEMBERED
    steps = list(_steps(set(hours["todays"]), _patterns(since), days))
    columns = zip(*steps, strict=True) if steps else [()] * 6
    names = ("step_todays", "patterns", "days", "crossed", "lows", "highs")
    return {
        **hours,
        "since": since,
        "now": now,
        **{name: list(column) for name, column in zip(names, columns, strict=True)},
        "quiet": list(QUIET),
        "back": BACK,
        "lead_after": LEAD_AFTER,
        "approver_after": APPROVER_AFTER,
        "kind": Kind.ESCALATION.value,
        "channel": Channel.MAIL.value,
        "failed": State.FAILED.value,
    }


def _patterns(since: date) -> list[tuple[str, Sequence[int], Collection[date]]]:
    """Every pattern that owners work by, with its week and its holidays."""
    with connection.cursor() as cursor:
        cursor.execute(OF_OWNERS, {"since": since})
        return [(name, week, {*(days or ())}) for name, week, days in cursor.fetchall()]


def _steps(
    todays: Iterable[date],
    patterns: Iterable[tuple[str, Sequence[int], Collection[date]]],
    days: Iterable[int],
) -> Iterator[tuple[date, str, int, date, date, date]]:
    """For each day of the last week: what was due from when to when became late enough on it."""
    for today in todays:
        for pattern, week, off in patterns:
            for back in range(BACK):
                crossed = today - timedelta(days=back)
                if _works(crossed, week, off):
                    for count in days:
                        low, high = due_between(crossed, count, week, off)
                        yield today, pattern, count, crossed, low, high


def due_between(
    day: date, count: int, week: Sequence[int], off: Collection[date] = ()
) -> tuple[date, date]:
    """From when, and before when, something was due that on this workday is late by so many."""
    high = day
    for _ in range(count - 1):
        high = _workday_before(high, week, off)
    return _workday_before(high, week, off), high


def _workday_before(day: date, week: Sequence[int], off: Collection[date]) -> date:
    day -= timedelta(days=1)
    while not _works(day, week, off):
        day -= timedelta(days=1)
    return day


def _works(day: date, week: Sequence[int], off: Collection[date]) -> bool:
    return day.isoweekday() in week and day not in off


def workdays_late(
    due_on: date, today: date, week: Sequence[int], off: Collection[date] = ()
) -> int:
    """How many workdays have begun since the day it was due."""
    ahead = range(1, (today - due_on).days + 1)
    return sum(_works(due_on + timedelta(days=one), week, off) for one in ahead)


def late_for(person: User, today: date, now: datetime) -> tuple[Group, ...]:
    """All work that is late enough for this person to hear of it, by launch, the oldest first.

    They hear of it for themselves, and for who is away if they stand in.
    """
    absent = {one.pk: one for one in absent_for(person, now)}
    people = [person.pk, *absent]
    items = _items(person, people, today)
    rows = list(items.order_by("launch__launch_at", "launch", "due_on", "position")[:500])
    if not rows:
        return ()
    facts = {
        one.pk: one
        for one in facts_of_items(LaunchItem.objects.filter(pk__in=[row.pk for row in rows]), now)
    }
    late, deciding = _days_late(rows, today), _deciding(rows, people)
    hears = {
        row.pk: _first_to_hear(row, people, deciding[row.launch_id], late[row.pk]) for row in rows
    }
    told = [row for row in rows if hears[row.pk] and _is_open(row, facts[row.pk], now)][:SHOWN]
    launches = {row.launch_id: row.launch for row in told}
    of_launches: Mapping[int, list[Fact]] = facts_of_many(launches.values(), now)
    return tuple(
        Group(
            head_of(launches[pk], now, verdict_of(launches[pk], of_launches[pk], now)),
            tuple(_line(row, late[row.pk]) for row in group),
            _stead([absent[hears[row.pk]] for row in group if hears[row.pk] in absent]),
        )
        for pk, group in ((pk, list(rows)) for pk, rows in groupby(told, attrgetter("launch_id")))
    )


def _stead(absent: Sequence[Absent]) -> str:
    """For Hannah Berg, away until Thu 3 Dec."""
    return f"For {', and for '.join(map(str, dict.fromkeys(absent)))}" if absent else ""


def _items(person: User, people: Collection[int], today: date) -> QuerySet[LaunchItem]:
    """What others own, is late by the calendar, and is in a launch these lead or decide on."""
    seat = LaunchApprover.objects.filter(launch=OuterRef("launch"), person__in=people)
    items = LaunchItem.objects.visible_to(person).annotate(decides=Exists(seat))
    late = items.filter(owner__isnull=False, due_on__lt=today).exclude(owner=person)
    led = late.filter(launch__lead__in=people) | late.filter(decides=True)
    led = led.exclude(applies=Truth.NO.value).exclude(launch__stage__in=QUIET)
    return led.select_related("launch__team__escalation_policy", "owner")


def _deciding(rows: Iterable[LaunchItem], people: Collection[int]) -> Mapping[int, set[int]]:
    """Who of these people decides on each of the launches."""
    deciding: dict[int, set[int]] = defaultdict(set)
    seats = LaunchApprover.objects.filter(
        launch__in={row.launch_id for row in rows}, person__in=people
    )
    for launch, person in seats.values_list("launch", "person"):
        deciding[launch].add(person)
    return deciding


def _first_to_hear(
    row: LaunchItem, people: Iterable[int], deciding: Collection[int], days: int
) -> int:
    """The first of these people who should hear that it is so many days late; 0 if none should."""
    policy = getattr(row.launch.team, "escalation_policy", None) or EscalationPolicy()
    for one in people:
        is_lead = row.launch.lead_id == one
        after = policy.lead_after if is_lead else policy.approver_after
        if one != row.owner_id and (is_lead or one in deciding) and days >= after:
            return one if policy.is_on else 0
    return 0


def _is_open(row: LaunchItem, fact: Fact, now: datetime) -> bool:
    standing = weigh([fact.item], pinned(row.launch.version_id).scheme, now)[0]
    return not standing.waived and is_unfinished(standing.state)


def _days_late(rows: Sequence[LaunchItem], today: date) -> dict[int, int]:
    """How many of their owners' workdays each of these items is late."""
    since = min((row.due_on for row in rows if row.due_on), default=today)
    holidays = holidays_of({row.owner_id for row in rows if row.owner_id}, since=since)
    late = {}
    for row in rows:
        week = row.owner.workdays if row.owner else WORKDAYS
        off = holidays.get(row.owner_id or 0, ())
        late[row.pk] = workdays_late(row.due_on or today, today, week, off)
    return late


def _line(row: LaunchItem, days: int) -> Line:
    return Line(
        title=pinned(row.launch.version_id).items[row.key].title,
        due=f"{days} workday{'' if days == 1 else 's'} late",
        owner=row.owner.name if row.owner else "",
        url=settings.BASE_URL + row.get_absolute_url(),
    )
