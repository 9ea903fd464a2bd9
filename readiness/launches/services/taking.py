"""How every change begins: the launch locked, the form claimed, the item read again."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.models import Subject
from readiness.audit.services import Claim, once_with, recording
from readiness.launches import policies
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.asked import asked_for, found_in
from readiness.web import lean, prepared
from readiness.web.refusal import NotPermitted, NotVisible, refuse_if

LAUNCH = prepared.columns_of(Launch, without=["facets", "sections"])
LAUNCHES, ITEMS = prepared.select(Launch, LAUNCH), prepared.select(LaunchItem, ["launch_id"])
BY_ID = f"{LAUNCHES} WHERE id = %(pk)s"
OF_ITEM = f"{LAUNCHES} WHERE id = ({ITEMS} WHERE id = %(pk)s)"
LOCK = "FOR NO KEY UPDATE"


def take_launch(pk: int) -> Launch:
    """The launch, locked: nobody else changes it or its items until this transaction ends."""
    return _launch(prepared.row(f"{BY_ID} {LOCK}", {"pk": pk}))


def _locked_once(sql: str, pk: int, *, key: str, by: User, body: str, now: datetime) -> Claim:
    """The launch, locked, for a form that was not carried out before."""
    return once_with(f"{sql} {LOCK}", {"pk": pk}, key=key, by=by, body=body, at=now)


def _launch(found: tuple | None) -> Launch:
    if found is None:
        raise Launch.DoesNotExist
    launch = prepared.instance(Launch, LAUNCH, found)
    launch.subject = prepared.instance(Subject, ("id",), (launch.subject_id,))
    return launch


def take_to_edit(
    launch: Launch, *, by: User, edition: int, key: str, body: str, now: datetime
) -> Launch:
    """The launch, locked and as it is now, in the order of `take_item`; it is not over."""
    launch = take_at_edition(launch, by=by, edition=edition, key=key, body=body, now=now)
    refuse_if(policies.editing(launch))
    return launch


def take_at_edition(
    launch: Launch, *, by: User, edition: int, key: str, body: str, now: datetime
) -> Launch:
    """The same of a launch in any stage of its life."""
    body = f"launch {launch.pk} {body}"
    launch = _launch(_locked_once(BY_ID, launch.pk, key=key, by=by, body=body, now=now).read())
    launch.subject.refresh_from_db()  # a snapshot may come before any event
    may = Launch.objects.editable_by(by).filter(pk=launch.pk).exists()
    refuse_if("" if may else policies.NO_LONGER)
    refuse_if(policies.edited_since(launch, edition))
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

    A form that was carried out before raises AlreadyDone; a right that the person does not
    have, NotVisible or NotPermitted; a stale version, Refused: in this order, so that nobody
    is refused for their own success. The item is asked for behind the lock, in one journey.
    """
    body = f"item {item.pk} {body}"
    claim = _locked_once(OF_ITEM, item.pk, key=key, by=by, body=body, now=now)
    asked = asked_for(item.pk, by=by, to=to)
    launch = _launch(claim.read())
    item = found_in(asked)
    item.launch = launch
    permit(item)
    refuse_if(policies.stale(item, version, now))
    return item


def permit(item: LaunchItem) -> None:
    """Refuse who may not do this to the item, as it was just read for them."""
    if not item.is_visible:
        raise NotVisible(policies.NO_LONGER)
    if not item.is_permitted:
        raise NotPermitted(policies.NO_LONGER)


def touch(item: LaunchItem, *, by: User, now: datetime, **fields: object) -> None:
    """Write the item's new values under its next version."""
    lean.update(item, **fields, **touched(item, by=by, now=now))


def touched(item: LaunchItem, *, by: User, now: datetime) -> dict[str, object]:
    """What every change of an item writes with it."""
    return {"version": item.version + 1, "changed_at": now, "changed_by": by}


def record_on_item(
    kind: Kind,
    item: LaunchItem,
    *,
    by: User,
    now: datetime,
    beside: lean.Beside | None = None,
    **said: object,
) -> None:
    """Record what happened to a taken item, in its launch's chain."""
    launch = item.launch
    recording(
        kind,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        beside=beside,
        item=item.pk,
        key=item.key,
        **said,
    )
