"""A decision is made, or no longer stands."""

from collections.abc import Collection
from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import ActionItem, Decision, Launch
from readiness.launches.queries.deciding_words import TITLES
from readiness.notifications.kinds.in_place import heard_in_place
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.queries.concerned import leaders_of

GONE = "There is no such decision."


def recipients(event: Event, launch: Launch) -> Collection[int]:
    """Who answers for the launch, asked, or decides; and who owes something by what ended."""
    number = event.said.get("decision", 0)
    people = leaders_of(launch)
    people |= {*launch.decisions.filter(number=number).values_list("asked_by", flat=True)}
    if event.kind == Happened.DECISION_VOIDED:
        owed = ActionItem.objects.filter(decision__launch=launch, decision__number=number)
        people |= {*owed.filter(done_at=None).values_list("owner", flat=True)}
    return people


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    event = delivery.event
    number = event.said.get("decision", 0) if event else 0
    decision = Decision.objects.without_record().filter(launch=launch, number=number).first()
    if decision is None or event is None:
        return GONE
    url = decision.get_absolute_url()
    if decision.voided_at:
        return Message(
            subject=f"The GO ended: {launch.name}",
            headline="The GO ended",
            text=decision.voided_because,
            url=url,
            label="Look at the decision",
        )
    words = list(decision.signatures.standing())
    title = TITLES[decision.outcome]
    return Message(
        subject=f"{title}: {launch.name}",
        headline=title,
        text=f"On {decision.shown}, by {_names(words)}." if decision.shown else "",
        quote="\n".join(word.reason for word in words if word.reason),
        points=(f"Against the verdict: {decision.against}",) if decision.against else (),
        url=url,
        label="Look at the decision",
    )


def _names(words: list) -> str:
    return ", ".join(word.printed_name for word in words) or "nobody any more"


DECIDED = heard_in_place(
    News(
        kind=Kind.DECIDED,
        why="you lead this launch, decide on it, or owe something by the decision",
        events=frozenset({Happened.DECISION_TAKEN, Happened.DECISION_VOIDED}),
        recipients=recipients,
        letter=letter,
    )
)
