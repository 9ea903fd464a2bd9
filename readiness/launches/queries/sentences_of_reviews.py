"""What happened in design reviews of a launch, and with its guests, as sentences."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from readiness.audit.kinds import Kind
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.rows import weekday
from readiness.launches.queries.sentence import Payload, Sentence, was_before

OUTCOMES = {
    "done": ("done", "green"),
    "not_done": ("not done", "blue"),
    "na": ("proposed as not applicable", "violet"),
    "waive": ("to be waived", "violet"),
}
POLLED = {"go": ("said GO", "green"), "hold": ("said HOLD", "red")}


def planned(said: Payload, content: Pinned | None) -> Sentence:
    when = _when(said["starts_at"], said["zone"])
    return Sentence(f"planned {_name(said)} for {when}", icon="calendar")


def changed(said: Payload, content: Pinned | None) -> Sentence:
    changes = said["changes"]
    to = ""
    if "starts_at" in changes:
        to = f": it meets {_when(changes['starts_at'][1], said['zone'])}"
    return Sentence(f"changed the plan of {_name(said)}{to}", icon="calendar")


def cancelled(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"cancelled {_name(said)}", quote=said["because"], icon="calendar", tone="red")


def started(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"started {_name(said)}", icon="users-round", tone="blue")


def paused(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"paused {_name(said)}", icon="users-round")


def resumed(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"resumed {_name(said)}", icon="users-round")


def extended(said: Payload, content: Pinned | None) -> Sentence:
    minutes, was = f"{said['minutes']} minutes", f"{said['was']} minutes"
    change = was_before("", minutes, was)
    return Sentence(f"gave {_name(said)} more time", change=change, icon="users-round")


def finished(said: Payload, content: Pinned | None) -> Sentence:
    at = reverse("reviews:minutes", args=[said["review"]])
    return Sentence(
        f"finished {_name(said)}",
        icon="users-round",
        tone="green",
        minutes=f"{at}?number={said['minutes']}",
    )


def reopened(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"opened {_name(said)} again", icon="users-round", tone="amber")


def driver_changed(said: Payload, content: Pinned | None) -> Sentence:
    if said["taken"]:
        return Sentence(f"took the empty driver's seat in {_name(said)}", icon="users-round")
    return Sentence(
        f"handed the driver's seat in {_name(said)} to {said['driver']}", icon="users-round"
    )


def item_decided(said: Payload, content: Pinned | None) -> Sentence:
    outcome, tone = OUTCOMES[said["outcome"]]
    if said["outcome"] == "not_done":
        outcome += f": {said['owner']} until {weekday(date.fromisoformat(said['due']))}"
    return Sentence(
        f"decided in {_name(said)} on",
        then=f"as {outcome}",
        quote=said.get("note", ""),
        icon="users-round",
        tone=tone,
        is_about_item=True,
    )


def item_parked(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(
        "parked",
        then=f"in {_name(said)}",
        quote=said["because"],
        icon="users-round",
        tone="amber",
        is_about_item=True,
    )


def polled(said: Payload, content: Pinned | None) -> Sentence:
    if "called" in said:
        names = ", ".join(said["called"])
        return Sentence(f"began the poll of {_name(said)}, calling {names}", icon="users-round")
    word, tone = POLLED[said["says"]]
    return Sentence(
        f"{word} in the poll of {_name(said)}",
        quote=said["reason"],
        icon="users-round",
        tone=tone,
    )


def invited(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"invited {said['name']} to {_name(said)}", icon="users-round")


def guest_let_in(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"let {said['name']} in as a guest", icon="users-round")


def guest_let_go(said: Payload, content: Pinned | None) -> Sentence:
    return Sentence(f"took back that {said['name']} is a guest", icon="users-round", tone="amber")


def _name(said: Payload) -> str:
    return f"design review {said['number']}"


def _when(starts_at: str, zone: str) -> str:
    """A day and a time where the review is planned."""
    there = datetime.fromisoformat(starts_at).astimezone(ZoneInfo(zone))
    return f"{weekday(there.date())} at {there:%H:%M} ({zone.replace('_', ' ')})"


SENTENCES: dict[Kind, Callable[[Payload, Pinned | None], Sentence]] = {
    Kind.GUEST_LET_GO: guest_let_go,
    Kind.GUEST_LET_IN: guest_let_in,
    Kind.REVIEW_CANCELLED: cancelled,
    Kind.REVIEW_CHANGED: changed,
    Kind.REVIEW_DRIVER_CHANGED: driver_changed,
    Kind.REVIEW_EXTENDED: extended,
    Kind.REVIEW_FINISHED: finished,
    Kind.REVIEW_INVITED: invited,
    Kind.REVIEW_ITEM_DECIDED: item_decided,
    Kind.REVIEW_ITEM_PARKED: item_parked,
    Kind.REVIEW_PAUSED: paused,
    Kind.REVIEW_PLANNED: planned,
    Kind.REVIEW_POLLED: polled,
    Kind.REVIEW_REOPENED: reopened,
    Kind.REVIEW_RESUMED: resumed,
    Kind.REVIEW_STARTED: started,
}
