"""Taking back what was done to several items in one act, as a new act by the same person."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.services import once
from readiness.launches import policies
from readiness.launches.models import Act, EvidenceLink, Launch, LaunchItem, Progress, SignOff
from readiness.launches.queries.evidence import linked_to
from readiness.launches.queries.together import undo_key
from readiness.launches.services.bulk import Picked, Together, carry_out, tell
from readiness.launches.services.evidence import take_off
from readiness.launches.services.items import hand_over, say_due, say_progress
from readiness.launches.services.signoffs import take_back
from readiness.launches.services.taking import take_launch, touch
from readiness.launches.services.together import Items, Prepared
from readiness.web.refusal import Refused, refuse_if

Was = Mapping[int, Mapping[str, Any]]


@transaction.atomic
def undo_together(event: Event, launch: Launch, *, by: User, now: datetime) -> Together:
    """Set the items back that nobody changed since; the others are reported.

    Once for each act. Raises as `change_together` does.
    """
    launch = take_launch(launch.pk)
    claim = once(undo_key(event.pk), by=by, body=f"undo {event.pk}", at=now)
    refuse_if(policies.editing(launch) or policies.undoing(event, by))
    told = event.said
    was = {one["item"]: one["was"] for one in told["done"]}
    act = Act(told["act"])
    said = {**told["said"], "first": event.sequence - len(was)}  # each row has an event before it

    def prepare(launch: Launch, taken: Items) -> Prepared:
        return BACK[act](launch, taken, was, said, by=by, now=now)

    picked = [Picked(one["item"], one["version"]) for one in told["done"]]
    to = Action.ITEM_SIGN if act.is_signing else Action.ITEM_WORK
    back = carry_out(launch, picked, prepare, to=to, by=by, now=now)
    return tell(launch, {"act": act.value, "undoes": event.pk, **back}, claim, by=by, now=now)


def _unchecking(
    launch: Launch, items: Items, was: Was, said: Mapping[str, Any], *, by: User, now: datetime
) -> Prepared:
    signoffs = SignOff.objects.standing().filter(by=by, item__in=list(items))
    standing = {one.item_id: one for one in signoffs}

    def uncheck(item: LaunchItem) -> dict[str, Any]:
        if item.pk not in standing:
            raise Refused(policies.TAKEN_BACK)
        signoff = standing[item.pk]
        signoff.item = item
        refuse_if(policies.withdrawing(signoff, by))
        take_back(signoff, by=by, now=now, because="Undone.")
        touch(item, by=by, now=now)
        return {}

    return Prepared({}, uncheck)


def _handing_back(
    launch: Launch, items: Items, was: Was, said: Mapping[str, Any], *, by: User, now: datetime
) -> Prepared:
    people = User.objects.in_bulk({one["owner"] for one in was.values() if one["owner"]})

    @cache
    def owning(owner: int) -> str:
        return policies.owning(launch, people[owner])

    def hand_back(item: LaunchItem) -> dict[str, Any]:
        owner, since = was[item.pk]["owner"], was[item.pk]["since"]
        refuse_if(owning(owner) if owner else "")
        to = people[owner] if owner else None
        hand_over(
            item, to=to, by=by, now=now, since=datetime.fromisoformat(since) if since else None
        )
        return {}

    return Prepared({}, hand_back)


def _redating(
    launch: Launch, items: Items, was: Was, said: Mapping[str, Any], *, by: User, now: datetime
) -> Prepared:
    def redate(item: LaunchItem) -> dict[str, Any]:
        due = was[item.pk]["due"]
        on = date.fromisoformat(due) if due else None
        refuse_if(policies.due_by(launch, on))
        say_due(item, on=on, by=by, now=now)
        return {}

    return Prepared({}, redate)


def _going_back(
    launch: Launch, items: Items, was: Was, said: Mapping[str, Any], *, by: User, now: datetime
) -> Prepared:
    events = Event.objects.filter(
        subject=launch.subject_id,
        kind=Kind.ITEM_PROGRESSED.value,
        sequence__lt=said["first"],
        payload__item__in=list(items),
    )
    told = events.order_by("sequence").values_list("payload", flat=True)
    because = {one["item"]: one["because"] for one in told if one}

    def go_back(item: LaunchItem) -> dict[str, Any]:
        to = Progress(was[item.pk]["to"])
        say_progress(item, to=to, by=by, now=now, because=because.get(item.pk, ""))
        return {}

    return Prepared({}, go_back)


def _taking_off(
    launch: Launch, items: Items, was: Was, said: Mapping[str, Any], *, by: User, now: datetime
) -> Prepared:
    links = EvidenceLink.objects.filter(
        revision=said["evidence"], item__in=list(items), removed_at=None
    )
    found = {link.item_id: link for link in links.select_related("revision")}
    pieces = linked_to(items)

    def take_evidence_off(item: LaunchItem) -> dict[str, Any]:
        if item.pk not in found:
            raise Refused(policies.TAKEN_BACK)
        take_off(item, found[item.pk], pieces[item.pk], by=by, now=now)
        return {}

    return Prepared({}, take_evidence_off)


BACK: dict[Act, Callable[..., Prepared]] = {
    Act.DONE: _unchecking,
    Act.REAFFIRM: _unchecking,
    Act.ASSIGN: _handing_back,
    Act.DUE: _redating,
    Act.PROGRESS: _going_back,
    Act.EVIDENCE: _taking_off,
}
