"""Whether a poll may begin, an approver may answer it, and what a GO in it means now."""

from collections.abc import Collection, Sequence

from readiness.accounts.models import User
from readiness.launches.models import Decision, Launch
from readiness.launches.models.decisions import Says
from readiness.launches.policies import deciding, talking
from readiness.launches.queries.deciding_words import TITLES
from readiness.reviews.models import PollCall, Review
from readiness.reviews.models.minutes import PollSays
from readiness.reviews.policies import meeting
from readiness.rules.scheme import Scheme
from readiness.rules.verdict import Verdict

NOBODY = "No approver is in the room who could be called. Ask one to join."
NOT_CALLED = "Nobody is called now."
NOT_ASKED = (
    "Nobody has asked for a decision on this launch, so what is said stays a record. "
    "Its lead can ask for one on the decision page."
)
OTHERWISE = "What a GO means changed since you loaded the page. Look again."


def beginning(review: Review, by: User, present: Collection[User], waits_for: User | None) -> str:
    """Who drives begins a poll that was planned, who facilitates any; one at a time."""
    if reason := meeting.going_on(review) or meeting.steering(review, by):
        return reason
    if not review.wants_poll and by.pk != review.facilitator_id:
        return f"No poll was planned: {review.facilitator.name}, who facilitates, may begin one."
    if waits_for in present:
        return f"The poll is under way: {waits_for} is called."
    return "" if present else NOBODY


def answering(review: Review, call: PollCall, by: User) -> str:
    """Approvers are called in turn, and each answers for themselves."""
    if reason := meeting.going_on(review):
        return reason
    return "" if call.approver_id == by.pk else f"{call.approver.name} is called now."


def saying(says: PollSays, reason: str) -> str:
    if says is PollSays.HOLD and not reason.strip():
        return "Say what holds you."
    return ""


def deciding_by_it(
    launch: Launch,
    asked: Decision | None,
    taken: Decision | None,
    calls: Sequence[PollCall],
    seats: Collection[User],
    *,
    needed: int,
    verdict: Verdict,
    scheme: Scheme,
    open_threads: int,
) -> str:
    """Why no decision comes of the poll, in words; "" while each GO signs it.

    All that a GO takes must be in the room, and say so; against the verdict there is no poll.
    """
    if taken:
        return f"Decision {taken.number} is taken: {TITLES[taken.outcome].lower()}."
    if asked is None:
        return NOT_ASKED
    if against := deciding.against(verdict, scheme, Says.APPROVE_WITH_CONDITIONS):
        return f"{against} A poll does not go against that, so what is said stays a record."
    hold = next((call for call in calls if call.says == PollSays.HOLD), None)
    if hold:
        return f"{hold.approver.name} said HOLD, so what is said stays a record."
    seated = {person.pk for person in seats}
    called = sum(call.approver_id in seated for call in calls)
    if called < needed:
        are = "is" if called == 1 else "are"
        return (
            f"A GO takes {needed} approvers, and {called or 'none'} of them {are} called here, "
            "so what is said stays a record."
        )
    return talking.going(launch, open_threads)
