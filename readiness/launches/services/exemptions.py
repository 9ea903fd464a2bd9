"""Leaving items out, and waiving them for a time: asked for by one, agreed to by another."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.models import Exemption, ExemptionKind, Launch, LaunchItem
from readiness.launches.policies import exempting
from readiness.launches.queries.exempting import agreement_of
from readiness.launches.queries.facts import FOREVER, facts_of, facts_of_items
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.standing_in import agreed_for
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.signoffs import take_back
from readiness.launches.services.taking import record_on_item, take_item, touch
from readiness.rules.weighing import weigh_one
from readiness.web import lean
from readiness.web.refusal import Refused, refuse_if

ASK, AGREE = Action.EXEMPTION_ASK, Action.EXEMPTION_AGREE


@transaction.atomic
def propose_na(
    item: LaunchItem,
    *,
    reason: str,
    by: User,
    version: int,
    key: str,
    now: datetime,
    until: date | None = None,
) -> Judged:
    """Say that an item does not apply, for good or until the end of a day.

    It waits for a second person, unless the checklist asks for a reason alone. Where the
    checklist limits how long this may stand, that is its end without another.
    """
    body = f"not applicable {until} {reason}"
    item = take_item(item, to=ASK, by=by, version=version, key=key, body=body, now=now)
    content = pinned(item.launch.version_id)
    rule = content.items[item.key]
    if until is None and rule.na_max_days is not None:
        until = item.launch.day_at(now) + timedelta(days=rule.na_max_days)
    refuse_if(exempting.proposing_na(item, na_allowed=rule.na_allowed))
    refuse_if(exempting.ending(item.launch, until, longest=rule.na_max_days, now=now))
    exemption = _ask(item, ExemptionKind.NA, until, reason=reason, control="", by=by, now=now)
    if not content.na_needs_two:
        _stand(exemption, item, by=None, now=now)
        _leave_out(exemption, item, by=by, now=now)
    return judge(item.launch, now=now, by=by)


@transaction.atomic
def ask_waiver(
    item: LaunchItem,
    *,
    reason: str,
    control: str,
    until: date,
    by: User,
    version: int,
    key: str,
    now: datetime,
) -> Judged:
    """Ask to accept an open item until the end of a day; what stands till then may be extended.

    It counts as not met all the same. Nothing changes before another person agrees.
    """
    body = f"waive {until} {reason} {control}"
    item = take_item(item, to=ASK, by=by, version=version, key=key, body=body, now=now)
    content = pinned(item.launch.version_id)
    [fact] = facts_of_items(LaunchItem.objects.filter(pk=item.pk), now)
    refuse_if(exempting.waiving(item, weigh_one(fact.item, content.scheme, now).state))
    longest = content.waiver_max_days
    refuse_if(exempting.ending(item.launch, until, longest=longest, now=now))
    if not control.strip():
        raise Refused("Say what makes up for it meanwhile.")
    _ask(item, ExemptionKind.WAIVER, until, reason=reason, control=control, by=by, now=now)
    return judge(item.launch, now=now, by=by)


@transaction.atomic
def agree(
    exemption: Exemption, *, seal: str, by: User, version: int, key: str, now: datetime
) -> Judged:
    """Agree to exactly what was shown, which `seal` stands for.

    What stood till now makes way. An item that does not apply loses its sign-offs, so that it
    does not count again by time alone.
    """
    body = f"agree {exemption.pk} {seal}"
    item = take_item(exemption.item, to=AGREE, by=by, version=version, key=key, body=body, now=now)
    exemption = _again(exemption, item)
    refuse_if(exempting.agreeing(exemption, item.launch, by, now))
    shown = agreement_of(exemption, item.launch, facts_of(item.launch, now), now)
    refuse_if("" if shown.seal == seal else exempting.CHANGED)
    _stand(exemption, item, by=by, now=now)
    said = {**_what(exemption, item.launch), "asked_by": exemption.asked_by.name}
    said |= agreed_for(item, to=AGREE, asker=exemption.asked_by_id, by=by, now=now)
    record_on_item(Kind.EXEMPTION_CONFIRMED, item, by=by, now=now, **said)
    if exemption.is_waiver:
        touch(item, by=by, now=now)
    else:
        _leave_out(exemption, item, by=by, now=now)
    return judge(item.launch, now=now, by=by)


@transaction.atomic
def decline(
    exemption: Exemption, *, because: str, by: User, version: int, key: str, now: datetime
) -> Judged:
    """Say no to what was asked for; or no longer yes to what stands."""
    body = f"decline {exemption.pk} {because}"
    item = take_item(exemption.item, to=AGREE, by=by, version=version, key=key, body=body, now=now)
    exemption = _again(exemption, item)
    refuse_if(exempting.declining(exemption, item.launch, by, because, now))
    more = {}
    if exemption.agreed_at is None:
        more = agreed_for(item, to=AGREE, asker=exemption.asked_by_id, by=by, now=now)
    _end(exemption, item, Kind.EXEMPTION_DECLINED, by=by, now=now, because=because, **more)
    return judge(item.launch, now=now, by=by)


@transaction.atomic
def withdraw(
    exemption: Exemption, *, by: User, version: int, key: str, now: datetime, because: str = ""
) -> Judged:
    """Take back what one asked for, whether it waits or stands."""
    body = f"take back {exemption.pk} {because}"
    item = take_item(exemption.item, to=ASK, by=by, version=version, key=key, body=body, now=now)
    exemption = _again(exemption, item)
    refuse_if(exempting.withdrawing(exemption, item.launch, by, now))
    _end(exemption, item, Kind.EXEMPTION_WITHDRAWN, by=by, now=now, because=because)
    return judge(item.launch, now=now, by=by)


def _ask(
    item: LaunchItem,
    kind: ExemptionKind,
    until: date | None,
    *,
    reason: str,
    control: str,
    by: User,
    now: datetime,
) -> Exemption:
    """Write what somebody asks for beside what stands; their own earlier question makes way."""
    if not reason.strip():
        raise Refused("Say why.")
    ends_at = item.launch.end_of(until) if until else None
    there = list(item.exemptions.filter(kind=kind.value, closed_at=None).select_related("asked_by"))
    standing = None
    for one in there:
        if one.agreed_at is None:
            _make_way(one, item, by=by, now=now)
        elif not exempting.has_ended(one, now):
            standing = one
            refuse_if(exempting.going_on(one, item.launch, ends_at))
    exemption = Exemption.objects.create(
        team_id=item.team_id,
        item=item,
        kind=kind.value,
        reason=reason.strip(),
        compensating_control=control.strip(),
        asked_by=by,
        asked_at=now,
        ends_at=ends_at,
        extends=standing,
    )
    touch(item, by=by, now=now)
    said = {**_what(exemption, item.launch), "reason": exemption.reason}
    said["control"] = exemption.compensating_control
    record_on_item(Kind.EXEMPTION_PROPOSED, item, by=by, now=now, **said)
    return exemption


def _make_way(waiting: Exemption, item: LaunchItem, *, by: User, now: datetime) -> None:
    """Close what waits, for what is asked now: it ran out meanwhile, or it is one's own."""
    if exempting.has_ended(waiting, now):
        lean.update(waiting, closed_at=now)
        return
    refuse_if(exempting.asking_beside(waiting, by))
    _close(waiting, item, Kind.EXEMPTION_WITHDRAWN, by=by, now=now, because="Asked again.")


def _stand(exemption: Exemption, item: LaunchItem, *, by: User | None, now: datetime) -> None:
    """Let it stand from now on in the place of what stood, or ran out, before."""
    former = item.exemptions.filter(kind=exemption.kind, closed_at=None, agreed_at__isnull=False)
    for one in former:
        lean.update(one, closed_at=now)
    lean.update(exemption, agreed_at=now, agreed_by=by)


def _leave_out(exemption: Exemption, item: LaunchItem, *, by: User, now: datetime) -> None:
    """Take back all sign-offs of an item that does not apply from now on."""
    for signoff in item.signoffs.standing().order_by("pk"):
        signoff.item = item
        take_back(signoff, by=by, now=now, because="It does not apply.")
    touch(item, by=by, now=now, na_until=exemption.ends_at or FOREVER)


def _end(
    exemption: Exemption,
    item: LaunchItem,
    kind: Kind,
    *,
    by: User,
    now: datetime,
    because: str,
    **more: Any,
) -> None:
    """Close what waits or stands, and let the item count again if it was left out by it."""
    is_left_out = exemption.agreed_at is not None and not exemption.is_waiver
    _close(exemption, item, kind, by=by, now=now, because=because, **more)
    touch(item, by=by, now=now, **({"na_until": None} if is_left_out else {}))


def _close(
    exemption: Exemption,
    item: LaunchItem,
    kind: Kind,
    *,
    by: User,
    now: datetime,
    because: str,
    **more: Any,
) -> None:
    reason = because.strip()
    lean.update(exemption, closed_at=now, closed_by=by, closed_because=reason)
    said = {**_what(exemption, item.launch), "asked_by": exemption.asked_by.name}
    said |= {"stood": exemption.agreed_at is not None, "reason": reason}
    record_on_item(kind, item, by=by, now=now, **said, **more)


def _again(exemption: Exemption, item: LaunchItem) -> Exemption:
    """The exemption as it is now that nobody else can write."""
    people = item.exemptions.select_related("asked_by", "agreed_by", "closed_by")
    return people.get(pk=exemption.pk)


def _what(exemption: Exemption, launch: Launch) -> dict[str, Any]:
    """What an event says of an exemption, but for the words people typed."""
    ends = exemption.ends_at
    return {
        "exemption": exemption.pk,
        "exempts": exemption.kind,
        "until": launch.last_day_before(ends).isoformat() if ends else "",
        "extends": exemption.extends_id,
    }
