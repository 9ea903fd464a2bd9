"""Hearing nothing of an item, or of all of one's items, until a day."""

from datetime import date, datetime, timedelta

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.people import take_site
from readiness.audit.services import once, record
from readiness.launches.models import LaunchItem
from readiness.launches.services.taking import take_launch
from readiness.notifications.models import Snooze
from readiness.web.refusal import refuse_if

LONGEST = timedelta(days=30)
WHEN = "Choose a day after today, and within the next 30 days."
NOT_OWNED = "Only who owns an item is reminded of it."


@transaction.atomic
def snooze_item(item: LaunchItem, *, until: date, by: User, key: str, now: datetime) -> Snooze:
    """Name this item in no digest of its owner before that day of theirs. Raises Refused."""
    launch = take_launch(item.launch_id)
    once(key, by=by, body=f"snooze item {item.pk} {until}", at=now)
    item = LaunchItem.objects.get(pk=item.pk)
    refuse_if("" if item.owner_id == by.pk else NOT_OWNED)
    _check(until, by, now)
    snooze, _ = Snooze.objects.update_or_create(
        person=by, item=item, defaults={"until": until, "at": now}
    )
    record(
        Kind.ITEM_SNOOZED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        item=item.pk,
        key=item.key,
        until=until.isoformat(),
    )
    return snooze


@transaction.atomic
def snooze_all(*, until: date, by: User, key: str, now: datetime) -> Snooze:
    """The same of everything that they own, or will."""
    site = take_site()
    once(key, by=by, body=f"snooze all {until}", at=now)
    _check(until, by, now)
    snooze, _ = Snooze.objects.update_or_create(
        person=by, item=None, defaults={"until": until, "at": now}
    )
    record(Kind.REMINDERS_SNOOZED, subject=site, by=by, at=now, until=until.isoformat())
    return snooze


@transaction.atomic
def wake(snooze: Snooze, *, by: User, key: str, now: datetime) -> None:
    """Hear of it again from today on."""
    site = take_site()
    once(key, by=by, body=f"wake {snooze.pk}", at=now)
    mine = Snooze.objects.filter(pk=snooze.pk, person=by)
    refuse_if("" if mine.exists() else "You hear of it again already.")
    mine.delete()
    record(Kind.REMINDERS_WOKEN, subject=site, by=by, at=now)


def soonest(person: User, now: datetime) -> date:
    """The day after the person's next workday: long enough to matter, short enough to be seen."""
    day, workdays = now.astimezone(person.tzinfo).date(), person.workdays or [1]
    for _ in range(2):
        day += timedelta(days=1)
        while day.isoweekday() not in workdays:
            day += timedelta(days=1)
    return day


def _check(until: date, by: User, now: datetime) -> None:
    today = now.astimezone(by.tzinfo).date()
    refuse_if("" if today < until <= today + LONGEST else WHEN)
