"""Work on items: who owns them, until when, how it goes."""

from datetime import date, datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches import policies
from readiness.launches.models import LaunchItem, Progress
from readiness.launches.policies.signing import owning_what_one_signed
from readiness.launches.queries.facts import due_on
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.signing import signed_as_peer, signing_of
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import (
    record_on_item,
    take_item,
    touch,
)
from readiness.web.refusal import Refused, refuse_if


@transaction.atomic
def assign(
    item: LaunchItem, *, to: User | None, by: User, version: int, key: str, now: datetime
) -> LaunchItem:
    """Hand an item to a person, or to nobody."""
    body = f"assign {to.pk if to else ''}"
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=body, now=now)
    refuse_if(policies.working_on(item) or policies.owning(item.launch, to))
    hand_over(item, to=to, by=by, now=now)
    return item


def hand_over(
    item: LaunchItem, *, to: User | None, by: User, now: datetime, since: datetime | None = None
) -> None:
    """Write who does a taken item, from now on or `since` then; not who signed it as a peer."""
    if to and signing_of(item).bars_owner:
        refuse_if(owning_what_one_signed(to) if signed_as_peer(to, [item]) else "")
    was = item.owner.name if item.owner else ""
    touch(item, by=by, now=now, owner=to, owned_since=(since or now) if to else None)
    becomes = to.name if to else ""
    record_on_item(Kind.ITEM_ASSIGNED, item, by=by, now=now, owner=becomes, was=was)


@transaction.atomic
def set_due(
    item: LaunchItem, *, on: date | None, by: User, version: int, key: str, now: datetime
) -> LaunchItem:
    """Set a due date by hand; without one it follows the launch date again."""
    item = take_item(
        item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=f"due {on}", now=now
    )
    refuse_if(policies.working_on(item) or policies.due_by(item.launch, on))
    say_due(item, on=on, by=by, now=now)
    return item


def say_due(item: LaunchItem, *, on: date | None, by: User, now: datetime) -> None:
    """Write when a taken item is due; without a day it follows the launch."""
    rule = pinned(item.launch.version_id).items[item.key]
    due, was = on or due_on(item.launch, rule), item.due_on
    touch(item, by=by, now=now, due_on=due, due_set_by_hand=on is not None)
    becomes, before = (day.isoformat() if day else "" for day in (due, was))
    record_on_item(Kind.ITEM_DUE_SET, item, by=by, now=now, due=becomes, was=before)


@transaction.atomic
def set_progress(
    item: LaunchItem,
    *,
    to: Progress,
    by: User,
    version: int,
    key: str,
    now: datetime,
    because: str = "",
) -> Judged:
    """Say how the work goes. It never counts, but the dashboard shows what is blocked."""
    body = f"progress {to} {because}"
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=body, now=now)
    refuse_if(policies.working_on(item))
    say_progress(item, to=to, by=by, now=now, because=because)
    return judge(item.launch, now=now, by=by)


def say_progress(item: LaunchItem, *, to: Progress, by: User, now: datetime, because: str) -> None:
    """Write how the work goes on a taken item; what is blocked says why."""
    if to is Progress.BLOCKED and not because.strip():
        raise Refused("Say what it waits for.")
    reason = because.strip() if to is Progress.BLOCKED else ""
    was = item.progress
    touch(item, by=by, now=now, progress=to.value, blocked_because=reason)
    record_on_item(Kind.ITEM_PROGRESSED, item, by=by, now=now, to=to.value, was=was, because=reason)
