"""Whether a review may be planned, changed, cancelled or started now, or why not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, can
from readiness.accounts.policies import stays
from readiness.launches.models import Launch
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies.words import over

SHORTEST, LONGEST = 5, 480  # minutes
BEFORE = 10  # minutes before a review calendars remind of it
GRACE = timedelta(minutes=15)  # a form takes a while to fill in
LAUNCH_OVER = "This launch is over: it is reviewed no more."
STALE = "Someone changed this review since you loaded the page. Look at it again."
BEGUN = "This review has begun already."


def planning(launch: Launch) -> str:
    return LAUNCH_OVER if launch.is_over else ""


def meeting_at(starts_at: datetime, now: datetime) -> str:
    return "Choose a time that is still to come." if starts_at < now - GRACE else ""


def lasting(minutes: int) -> str:
    if SHORTEST <= minutes <= LONGEST:
        return ""
    return f"A review lasts {SHORTEST} minutes at least and {LONGEST // 60} hours at most."


def facilitating(launch: Launch, person: User) -> str:
    """Who plans a review and drives it first has the right to drive."""
    if not stays(person):
        return f"{person.name} has left and can facilitate nothing."
    if person.pk != launch.lead_id and not can(person, Action.REVIEW_DRIVE, team_id=launch.team_id):
        return f"{person.name} may not drive a review in {launch.team.name}. Choose somebody else."
    return ""


def inviting(launch: Launch, people: Iterable[User]) -> str:
    """Only who may see the launch is invited to a review of it."""
    for person in people:
        if not stays(person):
            return f"{person.name} has left and cannot come."
        sees = can(person, Action.LAUNCH_VIEW, team_id=launch.team_id)
        if not sees and person.pk != launch.lead_id:
            return f"{person.name} may not see this launch. Give them a role in its team first."
    return ""


def changing(review: Review, edition: int) -> str:
    """A plan is changed until the review begins; after that it is extended."""
    if review.is_meeting:
        return "This review has begun already. Extend it instead."
    if reason := over(review):
        return reason
    return STALE if review.edition != edition else ""


def cancelling(review: Review, because: str) -> str:
    if review.is_meeting:
        return "This review has begun already. Finish it instead."
    return over(review) or ("" if because.strip() else "Say why: the invited are told.")


def starting(review: Review, launch: Launch, other: Review | None) -> str:
    """One review of a launch meets at a time."""
    if review.is_meeting:
        return BEGUN
    if reason := over(review) or planning(launch):
        return reason
    if other:
        return f"{other} of this launch meets already. Finish it first."
    return ""


def is_to_come(review: Review) -> bool:
    return review.state == State.PLANNED.value
