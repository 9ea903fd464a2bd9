"""Signing items off, and taking it back."""

from datetime import datetime, timedelta

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.services import record
from readiness.launches import policies
from readiness.launches.models import LaunchItem, Progress, SignOff, Via
from readiness.launches.queries.pinned import pinned
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import take_item, touch
from readiness.rules import basis
from readiness.web.refusal import Refused, refuse_if


@transaction.atomic
def sign_off(
    item: LaunchItem,
    *,
    by: User,
    version: int,
    key: str,
    now: datetime,
    note: str = "",
    answer: str = "",
    via: Via = Via.PAGE,
) -> Judged:
    """Sign an item off, and judge its launch again.

    The launch is locked first: two people ticking at once are counted in turn. `answer` is
    one of the checklist's; without one it is the answer that earns most. Raises Refused,
    AlreadyDone or KeyReused.
    """
    body = f"sign-off {answer} {note}"
    item = take_item(item, to=Action.ITEM_SIGN, by=by, version=version, key=key, body=body, now=now)
    launch = item.launch
    refuse_if(policies.signing_off(item))
    content = pinned(launch.version)
    rule = content.items[item.key]
    said = content.answers.get(answer) if answer else content.full_answer
    if said is None or not said.credit:
        raise Refused("This checklist has no such answer.")
    SignOff.objects.create(
        team_id=item.team_id,
        item=item,
        checklist_item_id=rule.pk,
        candidate_id=launch.candidate_id,
        by=by,
        printed_name=by.name,
        meaning=f"I checked that this is so: {said.title}",
        seat="lead" if by.pk == launch.lead_id else "owner" if by.pk == item.owner_id else "team",
        answer=said.key,
        credit=str(said.credit),
        credit_units=said.credit_units,
        note=note,
        basis=item.basis,
        basis_parts=item.basis_parts,
        basis_algorithm=basis.ALGORITHM,
        evidence=item.evidence,
        at=now,
        expires_at=now + timedelta(days=rule.fresh_days) if rule.fresh_days else None,
        via=via.value,
    )
    touch(item, by=by, now=now)
    record(
        Kind.ITEM_SIGNED_OFF,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        item=item.pk,
        key=item.key,
        answer=said.key,
        note=note,
    )
    return judge(launch, now=now, by=by)


@transaction.atomic
def withdraw(
    signoff: SignOff,
    *,
    by: User,
    version: int,
    key: str,
    now: datetime,
    because: str = "",
    progress: Progress | None = None,
) -> Judged:
    """Take a sign-off back, and judge its launch again; the row stays, marked.

    `progress` says in the same act how the work goes instead.
    """
    body = f"withdraw {signoff.pk} {because} {progress or ''}"
    item = take_item(
        signoff.item, to=Action.ITEM_SIGN, by=by, version=version, key=key, body=body, now=now
    )
    signoff = item.signoffs.get(pk=signoff.pk)
    signoff.item = item
    refuse_if(policies.withdrawing(signoff, by))
    signoff.withdrawn_at, signoff.withdrawn_by, signoff.withdrawn_because = now, by, because
    signoff.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    touch(item, by=by, now=now, **({"progress": progress.value} if progress else {}))
    record(
        Kind.SIGNOFF_WITHDRAWN,
        subject=item.launch.subject,
        team=item.team_id,
        by=by,
        at=now,
        item=item.pk,
        key=item.key,
        signed_by=signoff.printed_name,
        because=because,
    )
    return judge(item.launch, now=now, by=by)
