"""How every change begins: the launch locked, the form claimed, the item read again."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.services import once
from readiness.launches import policies
from readiness.launches.models import Launch, LaunchItem
from readiness.web.refusal import refuse_if


def take_launch(pk: int) -> Launch:
    """The launch, locked: nobody else changes it or its items until this transaction ends."""
    launches = Launch.objects.select_for_update(no_key=True, of=("self", "subject"))
    return launches.select_related("subject", "version", "team").get(pk=pk)


def take_item(
    item: LaunchItem, *, by: User, version: int, key: str, body: str, now: datetime
) -> LaunchItem:
    """The item as it is now that nobody else can write, with its locked launch.

    A form that was carried out before raises AlreadyDone, a stale version Refused: in this
    order, so that nobody is refused for their own success.
    """
    launch = take_launch(item.launch_id)
    once(key, by=by, body=body, at=now)
    item = launch.items.select_related("changed_by").get(pk=item.pk)
    item.launch = launch
    refuse_if(policies.stale(item, version, now))
    return item


def touch(item: LaunchItem, *, by: User, now: datetime, **fields: object) -> None:
    """Write the item's new values under its next version."""
    fields |= {"version": item.version + 1, "changed_at": now, "changed_by": by}
    for name, value in fields.items():
        setattr(item, name, value)
    item.save(update_fields=list(fields))
