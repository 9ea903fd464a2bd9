"""Who decides on a launch, and what exactly they decide on."""

import hashlib
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from readiness.accounts.models import Membership, User
from readiness.accounts.permissions import Action, roles_for
from readiness.audit.chain import canonical
from readiness.launches.models import Decision, DecisionSignature, Launch
from readiness.launches.queries.pinned import pinned
from readiness.rules.verdict import Verdict


def seats_of(launch: Launch, asked_by: int | None) -> list[User]:
    """Its approvers who may decide now, by name: never its lead, nor who asks."""
    held = Membership.objects.filter(
        Q(team=launch.team_id) | Q(team=None),
        person=OuterRef("pk"),
        role__in=roles_for(Action.LAUNCH_DECIDE),
    )
    approvers = User.objects.filter(Exists(held), approving__launch=launch, is_active=True)
    return list(approvers.exclude(pk__in=[launch.lead_id, asked_by or 0]).order_by("name", "pk"))


def quorum_of(launch: Launch, seats: list[User]) -> int:
    """How many of them must approve: what is asked for, as far as they reach, else all."""
    wanted, _ = _asked_for(launch)
    return max(1, min(wanted or len(seats), len(seats)))


def quorum_in_words(launch: Launch, seats: list[User]) -> str:
    """Who says how many of them must approve."""
    wanted, said_by = _asked_for(launch)
    if not wanted:
        return "All who may decide must approve."
    few = f" Only {len(seats)} may decide." if 0 < len(seats) < wanted else ""
    return f"{said_by} asks for {wanted}.{few}"


def _asked_for(launch: Launch) -> tuple[int | None, str]:
    """What the launch says, else its team, else its checklist; nothing where none does."""
    said = (
        (launch.quorum, "This launch"),
        (launch.team.quorum, "Its team"),
        (pinned(launch.version_id).approver_quorum, "Its checklist"),
    )
    return next((one for one in said if one[0]), (None, ""))


def open_round(launch: Launch) -> Decision | None:
    return launch.decisions.open().select_related("asked_by").first()


def counting(
    signatures: Iterable[DecisionSignature], seats: Iterable[User], seal: str
) -> list[DecisionSignature]:
    """The approvals that count: on the verdict as it is now, by who still has a seat."""
    seated = {person.pk for person in seats}
    return [one for one in signatures if is_counting(one, seal) and one.by_id in seated]


def is_counting(signature: DecisionSignature, seal: str) -> bool:
    """An approval of exactly this; a proposed override waits for its second person instead."""
    is_approval = signature.says.startswith("approve") and not signature.against
    return is_approval and signature.withdrawn_at is None and signature.seal == seal


def seal_of(launch: Launch, verdict: Verdict) -> str:
    """A fingerprint of all that matters to a decision: it changes when any of that does.

    The candidate, the version of the checklist, the verdict, and where every item stands;
    not who owns an item, what is said about it, or what changes neither.
    """
    standings = {
        one.item.key: [one.state.value, str(one.credit), one.waived, one.holds]
        for one in verdict.standings
    }
    matters = [
        launch.pk,
        launch.candidate_id,
        launch.version_id,
        launch.broke_glass,
        verdict.key,
        verdict.outcome.value,
        [str(verdict.earned), str(verdict.total), verdict.counted, verdict.checked],
        list(verdict.holds),
        standings,
    ]
    return hashlib.sha256(canonical(matters)).hexdigest()
