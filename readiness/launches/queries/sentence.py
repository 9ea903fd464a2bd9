"""What an event says as a sentence: the parts that every page puts together alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person did: "<who> <did> <item> <then>", what they said, and how it looks.

    `change` is what is so now and what was before, where both are short: "Blocked, was In
    progress"; `look` the state of an item that it is about; `minutes` the address of what a
    review came to.
    """

    did: str
    then: str = ""
    quote: str = ""
    change: str = ""
    look: str = ""
    icon: str = "pencil"
    tone: str = ""
    is_about_item: bool = False
    minutes: str = ""


def for_absent(said: Payload, then: str = "") -> str:
    """In whose place somebody did it who stands in for them, behind what else there is to say."""
    absent = f"for {' and '.join(said['absent'])}" if said.get("absent") else ""
    return ", ".join(words for words in (then, absent) if words)


def was_before(label: str, becomes: str, was: str | None, *, nothing: str = "") -> str:
    """What is so now and what was before, where both can be said and differ."""
    becomes, was = becomes or nothing, nothing if was == "" else was
    return f"{label}{becomes}, was {was}" if becomes and was and becomes != was else ""
