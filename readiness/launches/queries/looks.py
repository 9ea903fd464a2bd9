"""How an item looks: the one shape and word that say where it stands."""

from datetime import datetime

from readiness.launches.models import Progress
from readiness.launches.queries.facts import Fact
from readiness.rules.states import State
from readiness.rules.weighing import NA_STATES, Standing

WORDS = {
    "done": "Done",
    "half": "Half done",
    "second_signature": "Waits for a second signature",
    "provisional": "Incomplete",
    "superseded": "Out of date",
    "expired": "Expired",
    "disputed": "Disputed",
    "na_proposed": "Proposed N/A",
    "in_progress": "In progress",
    "blocked": "Blocked",
    "not_started": "Not started",
    "waived": "Waived",
    "na": "Not applicable",
}
ORDER = {look: place for place, look in enumerate(WORDS)}


def look_of(fact: Fact, standing: Standing, signatures: int, now: datetime) -> str:
    """The item's state; while there is work left, the waiver or the owner's word before it."""
    state = standing.state
    if state is State.MET:
        return "done"
    if state in NA_STATES:
        return "na"
    if standing.waived:
        return "waived"
    if fact.progress == Progress.BLOCKED:
        return "blocked"
    if state is State.OPEN:
        return fact.progress
    if state is State.PARTIAL:
        return "half"
    if state is State.PROVISIONAL and fact.signed(now) < signatures:
        return "second_signature"
    return state.value
