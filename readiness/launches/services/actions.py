"""Doing what a GO asked for, or what a review left to do on an item."""

from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import once, record
from readiness.launches.models import ActionItem
from readiness.launches.policies import deciding
from readiness.launches.services.taking import take_launch
from readiness.web.refusal import refuse_if


@transaction.atomic
def finish(item: ActionItem, *, note: str, by: User, key: str, now: datetime) -> ActionItem:
    """Say, as its owner, that an action item is done, and how."""
    launch = take_launch(item.launch_id)
    once(key, by=by, body=f"action {item.pk} {note}", at=now)
    item = ActionItem.objects.select_related("owner", "decision", "item").get(pk=item.pk)
    item.launch = launch
    refuse_if(deciding.doing(item, by, note))
    item.done_at, item.done_by, item.done_note = now, by, note.strip()
    item.save(update_fields=["done_at", "done_by", "done_note"])
    record(
        Kind.ACTION_ITEM_DONE,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        action=item.pk,
        text=str(item),
        note=item.done_note,
        **_origin_of(item),
    )
    return item


def _origin_of(item: ActionItem) -> dict[str, Any]:
    """The decision that asked for it, or the item it is the follow-up of."""
    if item.item:
        return {"item": item.item.pk, "key": item.item.key}
    return {"decision": item.decision.number if item.decision else 0}
