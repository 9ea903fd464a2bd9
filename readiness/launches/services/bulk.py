"""One act on several items of a launch: each refused or carried out on its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.models import ActKey, Event
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import Act, Launch, LaunchItem
from readiness.launches.queries.asked import items_for
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.together import report_of
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import permit, take_launch
from readiness.launches.services.together import PREPARE, Items, Prepared, Row
from readiness.web.refusal import Refused, refuse_if

MOST = 200
Prepare = Callable[[Launch, Items], Prepared]


class Picked(NamedTuple):
    """An item somebody chose, in the version they saw."""

    item: int
    version: int


@dataclass(frozen=True, slots=True)
class Together:
    """An act on several items: its event, which says what became of each, and the verdict."""

    event: Event
    judged: Judged


class NothingDone(Refused):
    """Not one of the items could be changed: why, in words and by item."""

    def __init__(self, launch: Launch, told: Mapping[str, Any]) -> None:
        super().__init__(report_of(told, pinned(launch.version_id)))
        self.told = told


@transaction.atomic
def change_together(
    launch: Launch,
    *,
    act: Act,
    items: Sequence[Picked],
    by: User,
    key: str,
    now: datetime,
    **said: object,
) -> Together:
    """Do one thing to several items; the launch is judged once.

    A row that is refused does not stop the others. Raises NothingDone where all were, Refused
    where none could be, AlreadyDone with the number of the event that was recorded.
    """
    launch = take_launch(launch.pk)
    plain = {name: value.pk if isinstance(value, User) else value for name, value in said.items()}
    claim = once(key, by=by, body=f"launch {launch.pk} {act} {list(items)} {plain}", at=now)
    refuse_if(policies.editing(launch))

    def prepare(launch: Launch, taken: Items) -> Prepared:
        return PREPARE[act](launch, taken, by=by, now=now, **said)

    to = Action.ITEM_SIGN if act.is_signing else Action.ITEM_WORK
    told = carry_out(launch, items, prepare, to=to, by=by, now=now)
    return tell(launch, {"act": act.value, **told}, claim, by=by, now=now)


def carry_out(
    launch: Launch,
    picked: Sequence[Picked],
    prepare: Prepare,
    *,
    to: Action,
    by: User,
    now: datetime,
) -> dict[str, Any]:
    """Do something to each of these items of a locked launch that may be changed now.

    What an item needs is read for all of them at once. Says what was done to which, and which
    were refused, and why.
    """
    found = items_for(launch, [one.item for one in picked], by=by, to=to)
    _name_people(found)
    done, refused = [], []
    current: dict[int, LaunchItem] = {}
    for pk, version in picked:
        if reason := _refusal(found.get(pk), version, now):
            refused.append(_told(found.get(pk), pk, because=reason, version=version))
        else:
            current[pk] = found[pk]
    said, row = prepare(launch, current) if current else ({}, None)
    for item in current.values():
        was, reason = _tried(row, item)
        if reason:
            refused.append(_told(item, item.pk, because=reason, version=item.version))
        else:
            done.append(_told(item, item.pk, was=was, version=item.version))
    return {"said": said, "done": done, "refused": refused}


def tell(
    launch: Launch, told: dict[str, Any], claim: ActKey, *, by: User, now: datetime
) -> Together:
    """Record the act as a whole, remember it under its key, and judge the launch."""
    if not told["done"]:
        raise NothingDone(launch, told)
    event = record(
        Kind.ITEMS_CHANGED_TOGETHER,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        **told,
    )
    ActKey.objects.filter(pk=claim.pk).update(outcome=str(event.pk))
    return Together(event, judge(launch, now=now, by=by))


def _name_people(items: Items) -> None:
    """Give items their owners, and who changed them last, in one statement for all."""
    pks = {item.changed_by_id for item in items.values()}
    pks |= {item.owner_id for item in items.values() if item.owner_id}
    people = User.objects.in_bulk(pks)
    for item in items.values():
        item.changed_by = people[item.changed_by_id]
        item.owner = people[item.owner_id] if item.owner_id else None


def _refusal(item: LaunchItem | None, version: int, now: datetime) -> str:
    """Why this person may not change the item from the version they saw."""
    if item is None:
        return policies.NOT_THERE
    try:
        permit(item)
    except Refused as refusal:
        return str(refusal)
    return policies.stale(item, version, now)


def _tried(row: Row | None, item: LaunchItem) -> tuple[dict[str, Any], str]:
    """What was before the row was carried out, or why it was not: then nothing was written."""
    try:
        return (row(item) if row else {}), ""
    except Refused as refusal:
        return {}, str(refusal)


def _told(item: LaunchItem | None, pk: int, **more: object) -> dict[str, Any]:
    """What is kept of one item."""
    return {"item": pk, "key": item.key if item else "", **more}
