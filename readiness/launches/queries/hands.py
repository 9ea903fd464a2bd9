"""Who signs an item, and what this reader may do about it beside checking it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.checklists.models import SigningRule
from readiness.checklists.words import SIGNINGS
from readiness.launches import policies
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.policies import signing as policy
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.signing import Missing, missing_on, not_theirs
from readiness.launches.queries.standing_on import MODEL_VERSION


@dataclass(frozen=True, slots=True)
class Hands:
    """The signing of one item as its page shows it, for one reader.

    `signs` is the policy in a sentence, `missing` who could still sign, `not_theirs` why the
    reader may not. They may break the glass, re-affirm `mine`, or confirm `alone`, unless
    `not_confirming` says why not. `broken` is every time the glass was broken, ever.
    """

    signs: str
    missing: Missing | None
    not_theirs: str
    may_break: bool
    mine: SignOff | None
    still_for: str
    alone: SignOff | None
    not_confirming: str
    broken: tuple[SignOff, ...]


def hands_of(
    item: LaunchItem,
    board: Board,
    place: Place,
    acts: Collection[Action],
    signoffs: Iterable[SignOff],
    *,
    reader: User,
) -> Hands:
    """What there is to say and do; an item without a policy costs no statement."""
    signing, may_sign = place.rule.signing, Action.ITEM_SIGN in acts
    signoffs = list(signoffs)
    is_closed = bool(policies.signing_off(item))
    theirs = not_theirs(item, reader) if may_sign and not is_closed else ""
    broken = tuple(one for one in signoffs if one.broke_glass)
    words = {word.pk: word for word in place.fact.words}
    standing = [one for one in broken if one.pk in words and words[one.pk].is_on_basis]
    alone = next((one for one in standing if not one.confirmed_at), None)
    return Hands(
        signs=_said(signing.rule, signing.duty, signing.signatures),
        missing=missing_on(board, [place]).get(place.fact.pk),
        not_theirs=theirs,
        may_break=may_sign and not is_closed and not policy.breaking_glass(
            signing.rule, not_theirs=theirs, signatures=signing.signatures,
            is_broken=bool(standing), because="?",
        ),
        mine=_mine(item, board, place, signoffs, reader) if may_sign and not theirs else None,
        still_for=str(board.launch.candidate) if MODEL_VERSION in item.basis_parts else "",
        alone=alone if alone and Action.GLASS_CONFIRM in acts else None,
        not_confirming=policy.confirming(alone, reader, is_on_basis=True) if alone else "",
        broken=broken,
    )  # fmt: skip


def _said(rule: SigningRule, duty: str, signatures: int) -> str:
    if rule is SigningRule.ANYONE:
        return ""
    if rule is SigningRule.ROLE_QUORUM:
        people = "1 person signs" if signatures == 1 else f"{signatures} people sign"
        return f"{people} for the duty {policy.spoken(duty)}."
    return SIGNINGS[rule]


def _mine(
    item: LaunchItem, board: Board, place: Place, signoffs: Iterable[SignOff], reader: User
) -> SignOff | None:
    """The reader's own word that fell, if they may say again that it is true."""
    word = next((one for one in place.fact.words if one.by == reader.pk), None)
    own = next((one for one in signoffs if word and one.pk == word.pk), None)
    counts = word is not None and word.counts(board.now)
    may = place.rule.signing.may_reaffirm
    refused = policies.signing_off(item) or policy.reaffirming(
        own, item, counts=counts, may_reaffirm=may
    )
    return None if refused else own
