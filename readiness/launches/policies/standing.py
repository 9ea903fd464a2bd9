"""What may be declared that sign-offs stand on, and who may be seated to sign for a duty."""

from collections.abc import Collection

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, can
from readiness.launches.models import Launch
from readiness.launches.policies.signing import spoken

NOT_SEATED = "They do not sign for this duty beside the one who holds it."


def declaring(kind: str, value: str, *, was: str, kinds: Collection[str]) -> str:
    if kind not in kinds:
        return "No item of this checklist stands on that."
    if not value.strip():
        return f"Say what the {spoken(kind)} is: a version, a commit, or a few words."
    if value == was:
        return f"The {spoken(kind)} is {value} already."
    return ""


def seating(
    launch: Launch, person: User, duty: str, *, duties: Collection[str], is_seated: bool
) -> str:
    """Who signs for a duty may sign at all, and sits there once."""
    if duty not in duties:
        return "Nobody signs for that duty under this checklist."
    if is_seated:
        return f"{person.name} signs for the duty {spoken(duty)} already."
    if not person.is_active:
        return f"{person.name} has left and can sign nothing."
    if person.pk != launch.lead_id and not can(person, Action.ITEM_SIGN, team_id=launch.team_id):
        return f"{person.name} may not sign in {launch.team.name}: give them a role there first."
    return ""
