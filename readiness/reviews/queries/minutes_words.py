"""Where people's own words stand in minutes, and minutes without some of them."""

from collections.abc import Collection, Mapping
from typing import Any

from readiness.audit.guards import GONE
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.queries.redactions import Blot
from readiness.reviews.models import Minutes

Part = dict[str, Any]
# The parts that list things, and which of their fields people typed.
TYPED = {
    "items": ("note",),
    "undone": ("because",),
    "follow_ups": ("text",),
    "proposals": ("reason", "control"),
    "parked": ("because",),
}
IN_A_CHANGE = ("then", "quote", "change")  # words stand among others there


def without_words(content: Part, words: Collection[str], events: Collection[int]) -> Part:
    """The minutes without these words, wherever somebody typed them; `events` said them."""
    parts = {
        part: [_without(one, words, *names) for one in content[part]]
        for part, names in TYPED.items()
    }
    poll = content["poll"]
    if poll:
        poll = poll | {"calls": [_without(one, words, "reason") for one in poll["calls"]]}
    changes = [
        _without_any(one, words) if one["event"] in events else one for one in content["changes"]
    ]
    launch = _without(content["launch"], words, "name")
    return {**content, **parts, "poll": poll, "changes": changes, "launch": launch}


def blots_of(minutes: Minutes) -> list[Blot]:
    """The redactions of these minutes, in their order: their SHA-256 before and since."""
    redactions = Event.objects.filter(
        subject=minutes.review.launch.subject_id,
        kind=Kind.EVENT_REDACTED.value,
        payload__records__contains=[{"minutes": minutes.pk}],
    )
    return [
        Blot(event.printed_name, event.at, event.said["because"], one["was"], one["sha256"])
        for event in redactions.order_by("sequence")
        for one in event.said["records"]
        if one.get("minutes") == minutes.pk
    ]


def _without(part: Mapping[str, Any], words: Collection[str], *names: str) -> Part:
    return {**part, **{name: GONE for name in names if part[name] in words}}


def _without_any(part: Mapping[str, Any], words: Collection[str]) -> Part:
    said = [name for name in IN_A_CHANGE if any(word in part[name] for word in words)]
    return {**part, **dict.fromkeys(said, GONE)}
