"""How every change begins: the launch locked, the form claimed, the item read again."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.services import once
from readiness.launches import policies
from readiness.launches.models import Launch, LaunchItem
from readiness.web.refusal import refuse_if


def take_launch(pk: int) -> Launch:
    """The launch, locked: nobody else changes it or its items until this transaction ends."""
    launches = Launch.objects.select_for_update(no_key=True, of=("self", "subject"))
    return launches.select_related("subject", "version", "team", "candidate").get(pk=pk)


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
    once(key, by=by, body=body, at=now)
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
