"""Whom the signing policy of an item lets sign it, or why not. Nobody is exempt, not admins."""

from collections.abc import Mapping
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.checklists.models import SigningRule
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.policies.words import OVER, TAKEN_BACK

NOBODY: Mapping[str, frozenset[int]] = {}
READ_ANEW = "This checklist wants this item looked at anew each time: sign it off instead."


class Ties(NamedTuple):
    """What people are to an item, by id, as far as signing policies look at it.

    `proposer` proposed the candidate, `authors` added the evidence that is linked now, and
    `holders` sign for a duty in this launch.
    """

    owner: int | None
    lead: int = 0
    proposer: int | None = None
    authors: frozenset[int] = frozenset()
    holders: Mapping[str, frozenset[int]] = NOBODY


def signing_as(person: int, rule: SigningRule, duty: str, ties: Ties) -> str:
    """Whether the policy lets this person sign the item."""
    match rule:
        case SigningRule.OWNER if person != ties.owner:
            said = "Only the owner of this item signs it off"
            return f"{said}." if ties.owner else f"{said}, and nobody owns it yet."
        case SigningRule.PEER if person == ties.owner:
            return "You own this item: somebody else signs it off."
        case SigningRule.INDEPENDENT:
            tie = _tie(person, ties)
            return f"Someone independent signs this off, and you {tie}." if tie else ""
        case SigningRule.ROLE_QUORUM if person not in ties.holders.get(duty, ()):
            return f"Only who signs for the duty {spoken(duty)} in this launch signs this off."
    return ""


def _tie(person: int, ties: Ties) -> str:
    """What keeps a person from being independent of an item."""
    if person == ties.owner:
        return "own it"
    if person == ties.lead:
        return "lead this launch"
    if person == ties.proposer:
        return "proposed its candidate"
    return "added its evidence" if person in ties.authors else ""


def owning_what_one_signed(person: User) -> str:
    """A peer does not become the owner afterwards: then nobody else would have looked."""
    return (
        f"{person.name} signed this as somebody who does not own it. "
        "That sign-off is taken back before the item is theirs."
    )


def breaking_glass(
    rule: SigningRule, *, not_theirs: str, signatures: int, is_broken: bool, because: str
) -> str:
    """One signs alone only where the policy stands in the way, and says why it cannot wait."""
    if rule is SigningRule.ANYONE:
        return "Anyone who works on this launch may sign this off: no glass stands before it."
    if not not_theirs and signatures == 1:
        return "You may sign this off yourself: no glass stands before it."
    if is_broken:
        return "The glass was broken for this already: a second person confirms it, or not."
    return "" if because.strip() else "Say why this cannot wait for those who should sign."


def confirming(signoff: SignOff, by: User, *, is_on_basis: bool) -> str:
    """A second person confirms that one person signed alone, while what was signed still is."""
    if signoff.item.launch.is_over:
        return OVER
    if signoff.withdrawn_at:
        return TAKEN_BACK
    if not signoff.broke_glass:
        return "Nothing has to be confirmed here: no glass was broken."
    if signoff.confirmed_at:
        return "This was confirmed already."
    if signoff.by_id == by.pk:
        return "A second person confirms this: you cannot confirm what you signed alone."
    if not is_on_basis:
        return "What was signed has changed since. It has to be signed again."
    return ""


def reaffirming(
    signoff: SignOff | None, item: LaunchItem, *, counts: bool, may_reaffirm: bool
) -> str:
    """One says "still true" of one's own word that no longer counts, where that is allowed."""
    if signoff is None:
        return "You signed nothing here that could be re-affirmed."
    if counts:
        return "Your sign-off counts as it is."
    if not may_reaffirm:
        return READ_ANEW
    if signoff.broke_glass:
        return "What broke the glass is not re-affirmed: sign it off instead."
    if signoff.basis_parts.get("text") != item.basis_parts.get("text"):
        return "The item says something else now: read it and sign it off instead."
    return ""


def spoken(duty: str) -> str:
    return duty.replace("_", " ")
