"""Channels of a team outside: adding, trying and removing them, and telling them once more."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, can
from readiness.audit.kinds import Kind
from readiness.audit.models import Subject
from readiness.audit.people import again, take_team
from readiness.audit.services import once, record
from readiness.notifications.models import UNSENT, Call, Hook, Way
from readiness.notifications.services.nudging import CALL, nudge
from readiness.notifications.topics import Topic
from readiness.notifications.ways.webhook import new_secret
from readiness.web.outgoing import Refused as NoPlace
from readiness.web.outgoing import place_of
from readiness.web.refusal import Refused, refuse_if

LASTS = timedelta(days=3)  # how long a call is tried
MOST = 20
NO_LONGER = "You may not change this team any more."
REMOVED = "This channel was removed."


@transaction.atomic
def add_hook(
    team: Team,
    *,
    way: Way,
    name: str,
    url: str,
    topics: Collection[Topic],
    by: User,
    key: str,
    now: datetime,
) -> Hook:
    """Tell an address outside of these topics from now on. Raises Refused, or AlreadyDone."""
    subject = take_team(team)
    once(key, by=by, body=f"hook {team.pk} {way} {name} {url} {sorted(topics)}", at=now)
    _permit(team, by)
    standing = Hook.objects.filter(team=team, removed_at=None)
    refuse_if("" if standing.count() < MOST else f"A team has {MOST} channels at most.")
    try:
        place_of(url)
    except NoPlace as fault:
        raise Refused(str(fault)) from fault
    hook = Hook.objects.create(
        team=team,
        way=way.value,
        name=name,
        url=url,
        secret=new_secret() if way is Way.WEBHOOK else "",
        topics=sorted(topic.value for topic in topics),
        made_at=now,
        made_by=by,
    )
    said: dict[str, Any] = {"way": hook.way, "name": name, "hook": hook.pk, "topics": hook.topics}
    record(Kind.HOOK_ADDED, subject=subject, by=by, at=now, team=team, **said)
    return hook


@transaction.atomic
def remove_hook(hook: Hook, *, by: User, key: str, now: datetime) -> None:
    """Tell it nothing more; what still waits for it is not sent."""
    subject = take_team(hook.team)
    once(key, by=by, body=f"remove hook {hook.pk}", at=now)
    _permit(hook.team, by)
    refuse_if("" if _remove(hook, subject, by=by, now=now) else REMOVED)


@transaction.atomic
def remove_gone(hook: Hook, *, now: datetime) -> None:
    """The same, because the other side said that nothing is there any more."""
    _remove(hook, take_team(hook.team), by=None, now=now)


@transaction.atomic
def test_hook(hook: Hook, *, by: User, key: str, now: datetime) -> Call:
    """Send it a test."""
    _stands(hook, by=by, key=key, body="test", now=now)
    return _call(hook, now)


@transaction.atomic
def replay(call: Call, *, by: User, key: str, now: datetime) -> Call:
    """Tell it once more what it was told, under the same name."""
    _stands(call.hook, by=by, key=key, body=f"replay {call.pk}", now=now)
    of_event = Call.objects.filter(hook=call.hook, event=call.event)
    refuse_if("A test is sent anew, not again." if call.event is None else "")
    waits = of_event.filter(state__in=UNSENT).exists()
    refuse_if("This is on its way again already." if waits else "")
    rounds = of_event.aggregate(last=Max("round"))["last"] or 0
    return _call(call.hook, now, event=call.event, round=rounds + 1)


def _stands(hook: Hook, *, by: User, key: str, body: str, now: datetime) -> None:
    take_team(hook.team)
    once(key, by=by, body=f"hook {hook.pk} {body}", at=now)
    _permit(hook.team, by)
    refuse_if("" if Hook.objects.filter(pk=hook.pk, removed_at=None).exists() else REMOVED)


def _remove(hook: Hook, subject: Subject, *, by: User | None, now: datetime) -> bool:
    """Whether it was there to be removed."""
    if not Hook.objects.filter(pk=hook.pk, removed_at=None).update(removed_at=now):
        return False
    said: dict[str, Any] = {"way": hook.way, "name": hook.name, "hook": hook.pk}
    record(Kind.HOOK_REMOVED, subject=subject, by=by, at=now, team=hook.team, **said)
    return True


def _permit(team: Team, by: User) -> None:
    refuse_if("" if can(again(by), Action.TEAM_MANAGE, team_id=team.pk) else NO_LONGER)


def _call(hook: Hook, now: datetime, **more: Any) -> Call:
    nudge(CALL)
    return Call.objects.create(
        hook=hook, queued_at=now, not_before=now, give_up_at=now + LASTS, **more
    )
