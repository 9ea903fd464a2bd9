"""What was redacted: which events hold words that people typed, and what is left of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Decision


class Left(NamedTuple):
    """What is left of a redacted event, and why it was redacted."""

    rest: dict[str, Any]
    says: str


def left_of(places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Left]:
    """What is left of redacted events, by their subject and number."""
    wanted = set(places)
    if not wanted:
        return {}
    redactions = Event.objects.filter(
        subject__in={subject for subject, _ in wanted}, kind=Kind.EVENT_REDACTED.value
    )
    found = {}
    for event in redactions:
        says = f"Redacted by {event.printed_name} because: {event.said['because']}"
        for one in event.said["events"]:
            found[event.subject_id, one["sequence"]] = Left(one["rest"], says)
    return {place: left for place, left in found.items() if place in wanted}


class Blot(NamedTuple):
    """One redaction of the record of a decision: its SHA-256 before and since."""

    by: str
    at: datetime
    because: str
    was: str
    sha256: str


def blots_of(decision: Decision) -> list[Blot]:
    """The redactions of the record of a decision, in their order."""
    number = decision.number
    redactions = Event.objects.filter(
        subject=decision.launch.subject_id,
        kind=Kind.EVENT_REDACTED.value,
        payload__records__contains=[{"decision": number}],
    )
    return [
        Blot(event.printed_name, event.at, event.said["because"], one["was"], one["sha256"])
        for event in redactions.order_by("sequence")
        for one in event.said["records"]
        if one.get("decision") == number
    ]


def hash_by_log(decision: Decision, blots: Iterable[Blot]) -> str:
    """What the record must hash to: as it was signed, or as the last redaction left it."""
    expected = decision.record_hash
    for blot in blots:
        expected = blot.sha256 if blot.was == expected else expected
    return expected
