"""Whose word on an item may be given or taken back now, or why not."""

from fractions import Fraction

from readiness.accounts.models import User
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.policies.words import OVER, TAKEN_BACK
from readiness.rules.truth import Truth


def signing_off(item: LaunchItem) -> str:
    if item.launch.is_over:
        return OVER
    if item.applies == Truth.NO.value:
        return "This item does not apply to this launch, so there is nothing to check."
    return ""


def signing_again(*, counts: bool, credit: Fraction, becomes: Fraction) -> str:
    """One's own standing word makes way when it no longer counts, or for one that says more."""
    return "You signed this off already." if counts and becomes <= credit else ""


def withdrawing(signoff: SignOff, by: User) -> str:
    """One takes back one's own word; the lead of the launch may take back any."""
    launch = signoff.item.launch
    if launch.is_over:
        return OVER
    if signoff.withdrawn_at:
        return TAKEN_BACK
    if by.pk not in (signoff.by_id, launch.lead_id):
        return f"Only {signoff.printed_name} or the lead can take this back."
    return ""
