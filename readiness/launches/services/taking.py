"""How every change begins: the launch locked, the form claimed, the item read again."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.models import Subject
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.asked import item_for
from readiness.web import lean, prepared
from readiness.web.refusal import refuse_if

LAUNCH = prepared.columns_of(Launch, without=["facets", "sections"])
LOCK = f"{prepared.select(Launch, LAUNCH)} WHERE id = %s FOR NO KEY UPDATE"


def take_launch(pk: int) -> Launch:
    """The launch, locked: nobody else changes it or its items until this transaction ends."""
    found = prepared.row(LOCK, [pk])
    if found is None:
        raise Launch.DoesNotExist
    launch = prepared.instance(Launch, LAUNCH, found)
    launch.subject = Subject(pk=launch.subject_id)
    return launch


def take_to_edit(
    launch: Launch, *, by: User, edition: int, key: str, body: str, now: datetime
) -> Launch:
    """The launch, locked and as it is now, in the order of `take_item`."""
    launch = take_launch(launch.pk)
    once(key, by=by, body=f"launch {launch.pk} {body}", at=now)
    launch.subject.refresh_from_db()  # a snapshot may come before any event
    may = Launch.objects.editable_by(by).filter(pk=launch.pk).exists()
    refuse_if(policies.editing(launch, edition) or ("" if may else policies.NO_LONGER))
    return launch


def take_item(
    item: LaunchItem,
    *,
    to: Action,
    by: User,
    version: int,
    key: str,
    body: str,
    now: datetime,
) -> LaunchItem:
    """The item as it is now that nobody else can write, with its locked launch.

    A form that was carried out before raises AlreadyDone; a stale version, and a right that
    the person lost meanwhile, Refused: in this order, so that nobody is refused for their
    own success.
    """
    launch = take_launch(item.launch_id)
    once(key, by=by, body=f"item {item.pk} {body}", at=now)
    item = item_for(item.pk, by=by, to=to)
    item.launch = launch
    refuse_if(policies.stale(item, version, now) or policies.permitting(item))
    return item


def touch(item: LaunchItem, *, by: User, now: datetime, **fields: object) -> None:
    """Write the item's new values under its next version."""
    lean.update(item, **fields, version=item.version + 1, changed_at=now, changed_by=by)


def record_on_item(
    kind: Kind, item: LaunchItem, *, by: User, now: datetime, **said: object
) -> None:
    """Record what happened to a taken item, in its launch's chain."""
    launch = item.launch
    record(
        kind,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        item=item.pk,
        key=item.key,
        **said,
    )
