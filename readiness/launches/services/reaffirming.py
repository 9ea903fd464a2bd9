"""Saying "still true" of what one signed before what it stood on changed, or before it ran out."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches import policies
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.policies import signing as policy
from readiness.launches.queries.facts import Word
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.signing import not_theirs, signing_of
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.signoffs import REAFFIRMED, answer_of, put_down, standing_of
from readiness.launches.services.taking import take_item
from readiness.web.refusal import Refused, refuse_if


@transaction.atomic
def reaffirm(
    item: LaunchItem, *, by: User, version: int, key: str, now: datetime, note: str = ""
) -> Judged:
    """Give one's own word again, on what holds now: an act and a sign-off of its own.

    Whoever gave it must still be allowed to, and its policy to have it said in one step.
    """
    body = f"reaffirm {note}"
    item = take_item(item, to=Action.ITEM_SIGN, by=by, version=version, key=key, body=body, now=now)
    standing = standing_of(item, by=by, now=now) if item.is_signed_by_them else None
    say_again(item, standing, not_theirs=not_theirs(item, by), by=by, now=now, note=note)
    return judge(item.launch, now=now, by=by)


def say_again(
    item: LaunchItem,
    standing: tuple[Word, SignOff] | None,
    *,
    not_theirs: str,
    by: User,
    now: datetime,
    note: str,
) -> None:
    """Re-affirm a person's own standing word on a taken item, if it fell and they may."""
    word, signoff = standing or (None, None)
    counts = word is not None and word.counts(now)
    refuse_if(
        policies.signing_off(item)
        or not_theirs
        or policy.reaffirming(
            signoff, item, counts=counts, may_reaffirm=signing_of(item).may_reaffirm
        )
    )
    if signoff is None:
        raise Refused(policies.NOT_THERE)
    said = answer_of(pinned(item.launch.version_id), signoff.answer)
    put_down(item, said, standing=standing, by=by, now=now, note=note, manner=REAFFIRMED)
