"""How every change begins: the launch locked, the form claimed, the item read again."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import Launch, LaunchItem
from readiness.web.refusal import refuse_if


def take_launch(pk: int) -> Launch:
    """The launch, locked: nobody else changes it or its items until this transaction ends."""
    launches = Launch.objects.select_for_update(no_key=True, of=("self", "subject"))
    return launches.select_related("subject", "version", "team", "candidate").get(pk=pk)


def take_to_edit(
    launch: Launch, *, by: User, edition: int, key: str, body: str, now: datetime
) -> Launch:
    """The launch, locked and as it is now, in the order of `take_item`."""
    launch = take_launch(launch.pk)
    once(key, by=by, body=f"launch {launch.pk} {body}", at=now)
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
    items = launch.items.with_permission(by, to).with_word_of(by).select_related("changed_by")
    item = items.get(pk=item.pk)
    item.launch = launch
    refuse_if(policies.stale(item, version, now) or policies.permitting(item))
    return item


def touch(item: LaunchItem, *, by: User, now: datetime, **fields: object) -> None:
    """Write the item's new values under its next version."""
    fields |= {"version": item.version + 1, "changed_at": now, "changed_by": by}
    for name, value in fields.items():
        setattr(item, name, value)
    item.save(update_fields=list(fields))


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
