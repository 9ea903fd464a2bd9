"""Signing alone what its policy keeps from one: a reason, a second person, and a mark for ever."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches import policies
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.policies import signing as policy
from readiness.launches.queries.facts import Fact, facts_of_items
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.signing import not_theirs, signing_of
from readiness.launches.queries.standing_in import agreed_for
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.signoffs import ALONE, answer_of, put_down, standing_of
from readiness.launches.services.taking import record_on_item, take_item, touch
from readiness.web import lean
from readiness.web.refusal import refuse_if


@transaction.atomic
def break_glass(
    item: LaunchItem, *, by: User, version: int, key: str, now: datetime, because: str
) -> Judged:
    """Sign an item off alone, past its signing policy; it counts once a second person confirms.

    Whoever may sign at all may do this, for themselves alone. Their own standing word makes
    way.
    """
    body = f"break glass {because}"
    item = take_item(item, to=Action.ITEM_SIGN, by=by, version=version, key=key, body=body, now=now)
    signing = signing_of(item)
    refuse_if(
        policies.signing_off(item)
        or policy.breaking_glass(
            signing.rule,
            not_theirs=not_theirs(item, by),
            signatures=signing.signatures,
            is_broken=_is_broken(item),
            because=because,
        )
    )
    said = answer_of(pinned(item.launch.version_id), "")
    standing = standing_of(item, by=by, now=now) if item.is_signed_by_them else None
    put_down(item, said, standing=standing, by=by, now=now, note=because.strip(), manner=ALONE)
    return judge(item.launch, now=now, by=by)


@transaction.atomic
def confirm(
    signoff: SignOff, *, by: User, version: int, key: str, now: datetime, note: str = ""
) -> Judged:
    """Confirm that one person had to sign alone: from now on that counts, and is marked."""
    body = f"confirm {signoff.pk} {note}"
    item = take_item(
        signoff.item, to=Action.GLASS_CONFIRM, by=by, version=version, key=key, body=body, now=now
    )
    signoff = item.signoffs.get(pk=signoff.pk)
    signoff.item = item
    word = next((one for one in _fact(item, now).words if one.pk == signoff.pk), None)
    is_on_basis = word is not None and word.is_on_basis
    refuse_if(policy.confirming(signoff, by, is_on_basis=is_on_basis))
    lean.update(signoff, confirmed_by=by, confirmed_at=now)
    lean.update(item.launch, broke_glass=item.launch.broke_glass + 1)
    touch(item, by=by, now=now)
    record_on_item(
        Kind.GLASS_CONFIRMED,
        item,
        by=by,
        now=now,
        signed_by=signoff.printed_name,
        signer=signoff.by_id,
        note=note,
        **agreed_for(item, to=Action.GLASS_CONFIRM, asker=signoff.by_id, by=by, now=now),
    )
    return judge(item.launch, now=now, by=by)


def _is_broken(item: LaunchItem) -> bool:
    """Whether the glass was broken for the item on what holds now."""
    broken = item.signoffs.standing().filter(broke_glass=True, basis=item.basis)
    return broken.filter(evidence__contained_by=item.evidence).exists()


def _fact(item: LaunchItem, now: datetime) -> Fact:
    [fact] = facts_of_items(LaunchItem.objects.filter(pk=item.pk), now)
    return fact
