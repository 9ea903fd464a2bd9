"""Whether a decision may be asked for, taken, confirmed or taken back now, or why not."""

from collections.abc import Collection, Mapping, Sequence

from readiness.accounts.models import User
from readiness.launches.models import ActionItem, Decision, DecisionSignature, Launch
from readiness.launches.models.decisions import Says, said_of_need
from readiness.launches.models.launches import Stage
from readiness.launches.policies.words import OVER, TAKEN_BACK
from readiness.rules.scheme import Band, Outcome, Scheme
from readiness.rules.verdict import Verdict

CHANGED = "Verdict changed, look again. What you typed is still here."
READ_ONLY = "Only approvers decide. You can read this page and comment."
NOBODY_ASKED = "Nobody has asked for a decision on this launch yet."
IN_EVERY_CONDITION = ("condition_owner", "condition_end_date")  # each condition has both


def asking(launch: Launch, seats: Collection[User]) -> str:
    if launch.is_over:
        return OVER
    match Stage(launch.stage):
        case Stage.APPROVED:
            return "This launch is approved already."
        case Stage.ON_HOLD:
            return "This launch is on hold. Take it up again first."
    if not seats:
        return "Nobody could decide: name an approver first, other than its lead and yourself."
    return ""


def taking_part(
    launch: Launch, decision: Decision | None, by: User, seats: Collection[User]
) -> str:
    """Whether this person has a seat in the round that is open."""
    if launch.is_over:
        return OVER
    if decision is None or launch.stage != Stage.IN_REVIEW:
        return NOBODY_ASKED
    if by.pk == decision.asked_by_id:
        return "You asked for this decision, so somebody else takes it."
    if by.pk == launch.lead_id:
        return "You lead this launch, so others decide on it."
    return "" if by in seats else READ_ONLY


def signing(standing: DecisionSignature | None, says: Says, *, seal: str) -> str:
    """One signature stands per approver; another makes way for it, never for the same again."""
    if standing is None or standing.seal != seal or standing.says != says:
        return ""
    return "You said this already."


def overriding(seats: Collection[User]) -> str:
    if len(seats) > 1:
        return ""
    return "An override takes two approvers, and this launch has one. Ask its lead to name another."


def confirming(proposal: DecisionSignature, by: User, *, seal: str) -> str:
    if proposal.withdrawn_at:
        return TAKEN_BACK
    if not proposal.against:
        return "This is no override: there is nothing to confirm."
    if proposal.by_id == by.pk:
        return "You proposed this override. A second person confirms it."
    return CHANGED if proposal.seal != seal else ""


def against(verdict: Verdict, scheme: Scheme, says: Says) -> str:
    """What an approval goes against, in words; "" where it follows the verdict."""
    found = []
    if verdict.band is None:
        found.append("There is nothing to assess.")
    elif verdict.outcome not in (Outcome.GO, Outcome.CONDITIONAL):
        found.append(f"The verdict is {verdict.band.title}, {verdict.shown}.")
    elif verdict.outcome is Outcome.CONDITIONAL and says is Says.APPROVE:
        found.append(f"The verdict is {verdict.band.title}, which asks for conditions.")
    if verdict.holds and not verdict.go_allowed:
        count = len(verdict.holds)
        found.append(f"{count} must-have{'s are' if count > 1 else ' is'} open.")
    return " ".join(found)


def needed(scheme: Scheme) -> tuple[str, ...]:
    """What the conditions have to say, beside their owners and dates."""
    return tuple(one for one in scheme.conditional_needs if one not in IN_EVERY_CONDITION)


def conditions(verdict: Verdict, scheme: Scheme, needs: Collection[str], *, count: int) -> str:
    """Whether these conditions are enough to approve with."""
    if not count:
        return "Name a condition, or approve without any."
    if verdict.outcome is not Outcome.CONDITIONAL:
        return ""
    missing = [said_of_need(one).lower() for one in needed(scheme) if one not in needs]
    return (
        f"This verdict asks for conditions: say the {' and the '.join(missing)}." if missing else ""
    )


def fallen(
    decision: Decision,
    *,
    candidate: int | None,
    version: int,
    verdict: Verdict,
    bands: Sequence[Band],
    titles: Mapping[str, str],
) -> str:
    """Why a GO no longer stands, in a sentence; "" while what it is bound to holds.

    It is bound to its candidate and checklist version, to a band at least as good as the one
    it saw, and to no must-have being open but those that an override named.
    """
    found = []
    if candidate != decision.candidate_id:
        found.append("Another model version is proposed now.")
    if version != decision.version_id:
        found.append("The launch moved to another version of its checklist.")
    rank = {band.key: place for place, band in enumerate(bands)}
    is_allowed = verdict.outcome in (Outcome.GO, Outcome.CONDITIONAL)
    if rank.get(verdict.key, -1) < rank.get(decision.verdict, -1):
        becomes = f"{verdict.band.title}, {verdict.shown}" if verdict.band else "nothing to assess"
        found.append(f"The verdict fell from {_title(decision.verdict, bands)} to {becomes}.")
    elif not is_allowed and not decision.is_override:
        found.append("The verdict no longer allows a GO.")
    back = [titles[key] for key in verdict.holds if key not in (decision.holds or [])]
    if back:
        found.append(f"A must-have is open again: {', '.join(back)}.")
    return " ".join(found)


def taking_back(signature: DecisionSignature, launch: Launch, by: User) -> str:
    """One's own word, until the decision is acted on."""
    decision = signature.decision
    if signature.by_id != by.pk:
        return f"Only {signature.printed_name} can take this back."
    if signature.withdrawn_at:
        return TAKEN_BACK
    if launch.is_over:
        return OVER
    if (decision.is_go and launch.decision_id == decision.pk) or decision.is_open:
        return ""
    return "This decision was acted on already. Ask for another one."


def taking_the_question_back(decision: Decision | None) -> str:
    return "" if decision else "No decision is asked for any more."


def doing(item: ActionItem, by: User, note: str) -> str:
    """An action item is done by its owner, with a word on how."""
    if item.done_at:
        return "This is done already."
    if item.is_follow_up and item.launch.is_over:
        return OVER
    if not item.is_follow_up and (
        item.launch.decision_id != item.decision_id or item.launch.is_over
    ):
        return "The decision that asked for this no longer stands, so nobody owes it."
    if by.pk != item.owner_id:
        return f"Only {item.owner.name} says that this is done."
    return "" if note.strip() else "Say what was done, or where it can be seen."


def _title(key: str, bands: Sequence[Band]) -> str:
    return next((band.title for band in bands if band.key == key), key)
