"""What became of an act on several items, in words, from the event that tells of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from readiness.launches.models import Act
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.rows import weekday

SHOWN = 3  # reasons that a report names; the rows say them all
Told = Mapping[str, Any]


def undo_key(event: int) -> str:
    """The key of the form that takes an act back: it is carried out once."""
    return f"undo-together-{event}"


def report_of(told: Told, content: Pinned) -> str:
    """12 items checked, 2 not. 3.4: Priya Raman changed this 8 seconds ago."""
    done, refused = len(told["done"]), told["refused"]
    if not done:
        return f"Nothing was changed. {_reasons(refused, content)}"
    report = f"{count_of(done)} {outcome_of(told)}"
    return (
        f"{report}, {len(refused)} not. {_reasons(refused, content)}" if refused else f"{report}."
    )


def count_of(items: int) -> str:
    return f"{items} item{'' if items == 1 else 's'}"


def outcome_of(told: Told) -> str:
    """What the items are now."""
    said = told["said"]
    if "undoes" in told:
        return "set back"
    match Act(told["act"]):
        case Act.DONE:
            return "checked"
        case Act.ASSIGN:
            return f"handed over to {said['owner']}" if said["owner"] else "left without an owner"
        case Act.DUE:
            due = said["due"]
            return f"due {weekday(date.fromisoformat(due))}" if due else "due as the launch is"
        case Act.PROGRESS:
            return f"marked as {said['to'].replace('_', ' ')}"
        case Act.EVIDENCE:
            return f"supported by {said['title']}"


def _reasons(refused: list[dict[str, Any]], content: Pinned) -> str:
    """Why, each reason once, after the items it holds for."""
    refs: dict[str, list[str]] = {}
    for one in refused:
        rule = content.items.get(one["key"])
        because = one["because"].split(". ")[0].rstrip(".")
        refs.setdefault(because, []).append(rule.ref if rule else "One")
    said = [f"{', '.join(which)}: {because}." for because, which in refs.items()]
    more = len(said) - SHOWN
    return " ".join(said[:SHOWN]) + (f" And {more} more reasons." if more > 0 else "")
