"""Signing items off, and taking it back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches import policies
from readiness.launches.models import LaunchItem, Progress, SignOff, Via
from readiness.launches.policies import exempting
from readiness.launches.queries.facts import Word, facts_of_items
from readiness.launches.queries.launch_page import Look
from readiness.launches.queries.pinned import AnswerRule, ItemRule, Pinned, pinned
from readiness.launches.queries.signing import not_theirs
from readiness.launches.queries.standing_in import signed_for
from readiness.launches.queries.standing_on import MODEL_VERSION
from readiness.launches.services.items import say_progress
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import record_on_item, take_item, touch, touched
from readiness.rules import basis
from readiness.web import lean
from readiness.web.refusal import Refused, refuse_if


@dataclass(frozen=True, slots=True)
class Manner:
    """How a word is given: its name in the log, what it says, and why an earlier one makes way."""

    kind: Kind
    meaning: str
    makes_way: str


CHECKED = Manner(Kind.ITEM_SIGNED_OFF, "I checked that this is so", "Signed again.")
REAFFIRMED = Manner(
    Kind.ITEM_REAFFIRMED, "I looked again, and it is still so", "Re-affirmed on what holds now."
)
ALONE = Manner(
    Kind.GLASS_BROKEN, "I sign this alone, past its signing policy", "Signed alone instead."
)


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
    look: Callable[[Judged], Look] | None = None,
) -> Judged:
    """Sign an item off, and judge its launch again.

    The launch is locked first: two people ticking at once are counted in turn. `answer` is
    one of the checklist's; without one it is the answer that earns most. The person's own
    word that no longer counts, or that says less, makes way. What a `look` asks travels with
    the COMMIT. Raises Refused, AlreadyDone or KeyReused.
    """
    body = f"sign-off {answer} {note}"
    item = take_item(item, to=Action.ITEM_SIGN, by=by, version=version, key=key, body=body, now=now)
    refuse_if(policies.signing_off(item) or not_theirs(item, by))
    said = answer_of(pinned(item.launch.version_id), answer)
    standing = standing_of(item, by=by, now=now) if item.is_signed_by_them else None
    put_down(item, said, standing=standing, by=by, now=now, note=note, via=via)
    judged = judge(item.launch, now=now, by=by)
    return replace(judged, look=look(judged)) if look else judged


def put_down(
    item: LaunchItem,
    said: AnswerRule,
    *,
    standing: tuple[Word, SignOff] | None,
    by: User,
    now: datetime,
    note: str,
    via: Via = Via.PAGE,
    manner: Manner = CHECKED,
) -> None:
    """Write a person's word on a taken item; what of theirs stood till now makes way."""
    refuse_if(exempting.left_out(item, now))
    rule = pinned(item.launch.version_id).items[item.key]
    if standing is not None:
        _make_way(item, said, *standing, by=by, now=now, manner=manner)
    signed = _signed(item, rule, said, by=by, now=now, note=note, via=via)
    signed["meaning"] = f"{manner.meaning}: {said.title}"
    more: dict[str, object] = signed_for(item, is_shared=rule.signatures > 1, by=by, now=now)
    if manner is ALONE:
        signed["broke_glass"] = True
    elif manner is REAFFIRMED and standing is not None:
        signed["reaffirms_id"] = standing[1].pk
        more["candidate"] = _candidate_of(item)
    written = lean.beside(SignOff, signed, item, touched(item, by=by, now=now))
    record_on_item(
        manner.kind, item, by=by, now=now, beside=written, answer=said.key, note=note, **more
    )


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
    take_back(signoff, by=by, now=now, because=because)
    if progress is None:
        touch(item, by=by, now=now)
    else:
        say_progress(item, to=progress, by=by, now=now, because=because)
    return judge(item.launch, now=now, by=by)


def answer_of(content: Pinned, key: str) -> AnswerRule:
    """What the person says: one of the checklist's answers that earns something."""
    said = content.answers.get(key) if key else content.full_answer
    if said is None or not said.credit:
        raise Refused("This checklist has no such answer.")
    return said


def _candidate_of(item: LaunchItem) -> str:
    """The candidate, where the item's sign-offs stand on it."""
    return str(item.launch.candidate) if MODEL_VERSION in item.basis_parts else ""


def _seat(item: LaunchItem, rule: ItemRule, by: User) -> str:
    """As what the person signs."""
    if rule.signing.duty:
        return rule.signing.duty
    if by.pk == item.launch.lead_id:
        return "lead"
    return "owner" if by.pk == item.owner_id else "team"


def _signed(
    item: LaunchItem,
    rule: ItemRule,
    said: AnswerRule,
    *,
    by: User,
    now: datetime,
    note: str,
    via: Via,
) -> dict[str, object]:
    """The sign-off itself, on the basis that holds now."""
    return {
        "team_id": item.team_id,
        "item_id": item.pk,
        "checklist_item_id": rule.pk,
        "candidate_id": item.launch.candidate_id,
        "by_id": by.pk,
        "printed_name": by.name,
        "seat": _seat(item, rule, by),
        "answer": said.key,
        "credit": str(said.credit),
        "credit_units": said.credit_units,
        "note": note,
        "basis": item.basis,
        "basis_parts": item.basis_parts,
        "basis_algorithm": basis.ALGORITHM,
        "evidence": item.evidence,
        "at": now,
        "expires_at": now + timedelta(days=rule.fresh_days) if rule.fresh_days else None,
        "via": via.value,
        "withdrawn_because": "",
    }


def standing_of(item: LaunchItem, *, by: User, now: datetime) -> tuple[Word, SignOff]:
    """The person's own word on the item, and the sign-off it is."""
    [fact] = facts_of_items(LaunchItem.objects.filter(pk=item.pk), now)
    [word] = [word for word in fact.words if word.by == by.pk]
    return word, item.signoffs.get(pk=word.pk)


def _make_way(
    item: LaunchItem,
    said: AnswerRule,
    word: Word,
    signoff: SignOff,
    *,
    by: User,
    now: datetime,
    manner: Manner,
) -> None:
    """Take the person's standing word back for the one they give now."""
    if manner is not ALONE:
        counts = word.counts(now)
        refuse_if(policies.signing_again(counts=counts, credit=word.credit, becomes=said.credit))
    signoff.item = item
    take_back(signoff, by=by, now=now, because=manner.makes_way)


def take_back(signoff: SignOff, *, by: User, now: datetime, because: str) -> None:
    """Mark a standing sign-off of a taken item as withdrawn."""
    lean.update(signoff, withdrawn_at=now, withdrawn_by=by, withdrawn_because=because)
    record_on_item(
        Kind.SIGNOFF_WITHDRAWN,
        signoff.item,
        by=by,
        now=now,
        signed_by=signoff.printed_name,
        signer=signoff.by_id,
        own=signoff.by_id == by.pk,
        because=because,
    )
