"""Channels that a person has for themselves: adding, trying and removing them."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Subject
from readiness.audit.people import again, take_site
from readiness.audit.services import once, record
from readiness.notifications.models import UNSENT, Channel, Delivery, Kind, OwnHook, Way
from readiness.notifications.services.nudging import CALL_PEOPLE, nudge
from readiness.notifications.services.queueing import domain
from readiness.notifications.ways import NAMES
from readiness.notifications.ways.webhook import new_secret
from readiness.web.outgoing import Refused as NoPlace
from readiness.web.outgoing import place_of
from readiness.web.refusal import Refused, refuse_if

LASTS = timedelta(hours=1)  # how long a test is tried
NOT_HERE = "You are not signed in any more."
REMOVED = "You removed this channel already."
WAITS = "A test is on its way already."


@transaction.atomic
def add_own(person: User, *, way: Way, url: str, key: str, now: datetime) -> OwnHook:
    """Let a person hear at an address outside from now on. Raises Refused, or AlreadyDone."""
    site = take_site()
    once(key, by=person, body=f"own hook {way} {url}", at=now)
    refuse_if("" if again(person).is_active else NOT_HERE)
    is_there = _standing(person, way).exists()
    refuse_if(f"You have {NAMES[way]} already: remove it first." if is_there else "")
    try:
        place_of(url)
    except NoPlace as fault:
        raise Refused(str(fault)) from fault
    secret = new_secret() if way is Way.WEBHOOK else ""
    hook = OwnHook.objects.create(person=person, way=way, url=url, secret=secret, made_at=now)
    record(Happened.OWN_CHANNEL_ADDED, subject=site, by=person, at=now, way=hook.way)
    return hook


@transaction.atomic
def remove_own(person: User, *, way: Way, key: str, now: datetime) -> None:
    """Tell it nothing more; what still waits for it is not sent."""
    site = take_site()
    once(key, by=person, body=f"remove own hook {way}", at=now)
    hook = _standing(person, way).first()
    if hook is None:
        raise Refused(REMOVED)
    _remove(hook, site, by=person, now=now)


@transaction.atomic
def remove_gone(hook: OwnHook, *, now: datetime) -> None:
    """The same, because the other side said that nothing is there any more."""
    site = take_site()
    if _standing(hook.person, Way(hook.way)).filter(pk=hook.pk).exists():
        _remove(hook, site, by=None, now=now)


@transaction.atomic
def test_own(person: User, *, way: Way, key: str, now: datetime) -> Delivery:
    """Send it a test."""
    take_site()
    once(key, by=person, body=f"test own hook {way}", at=now)
    refuse_if("" if _standing(person, way).exists() else REMOVED)
    tests = Delivery.objects.filter(recipient=person, kind=Kind.TEST.value, channel=way.value)
    refuse_if(WAITS if tests.filter(state__in=UNSENT).exists() else "")
    nudge(CALL_PEOPLE)
    return Delivery.objects.create(
        recipient=person,
        kind=Kind.TEST.value,
        window=f"test {uuid.uuid4().hex}",
        channel=Channel(way.value).value,
        due_at=now,
        give_up_at=now + LASTS,
        not_before=now,
        message_id=f"<{uuid.uuid4()}@{domain()}>",
        queued_at=now,
    )


def _standing(person: User, way: Way) -> QuerySet[OwnHook]:
    return OwnHook.objects.filter(person=person, way=way.value, removed_at=None)


def _remove(hook: OwnHook, site: Subject, *, by: User | None, now: datetime) -> None:
    OwnHook.objects.filter(pk=hook.pk).update(removed_at=now)
    said: dict[str, Any] = {"way": hook.way, "name": hook.person.name, "is_gone": by is None}
    record(Happened.OWN_CHANNEL_REMOVED, subject=site, by=by, at=now, **said)
