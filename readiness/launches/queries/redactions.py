"""What was redacted: which events hold words that people typed, and what is left of them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from readiness.audit.kinds import Kind
from readiness.audit.models import Event


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
