"""What became of an act on several items, in words, from the event that tells of it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, grants
from readiness.audit.kinds import Kind
from readiness.audit.models import ActKey, Event
from readiness.launches.models import Act, Launch
from readiness.launches.queries.pinned import Pinned, pinned
from readiness.launches.queries.rows import weekday

SHOWN = 3  # reasons that a report names; the rows say them all
Told = Mapping[str, Any]


class Chosen(NamedTuple):
    """An item that an act is about, as its page names it."""

    pk: int
    ref: str
    title: str


def chosen_of(launch: Launch, pks: Collection[int]) -> list[Chosen]:
    """Those of the items that are the launch's, in its order."""
    rules = pinned(launch.version_id).items
    found = launch.items.filter(pk__in=pks).values_list("pk", "key")
    return [Chosen(pk, rules[key].ref, rules[key].title) for pk, key in found]


def act_of(person: User, number: int) -> Event:
    """An act on several items of a launch that the person may see, with its launch."""
    seen = Event.objects.filter(
        grants(person, Action.LAUNCH_VIEW, lead="subject__launch__lead"),
        kind=Kind.ITEMS_CHANGED_TOGETHER.value,
    )
    return seen.select_related("subject__launch").get(pk=number)


def undo_key(event: int) -> str:
    """The key of the form that takes an act back: it is carried out once."""
    return f"undo-together-{event}"


def not_undone(person: User, acts: Collection[int]) -> set[int]:
    """Those of a person's acts that they have not taken back."""
    if not acts:
        return set()
    keys = ActKey.objects.filter(person=person, key__in=[undo_key(pk) for pk in acts])
    taken_back = set(keys.values_list("key", flat=True))
    return {pk for pk in acts if undo_key(pk) not in taken_back}


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
        case Act.REAFFIRM:
            return "re-affirmed"
        case Act.ASSIGN:
            return f"handed over to {said['owner']}" if said["owner"] else "left without an owner"
        case Act.DUE:
            due = said["due"]
            return f"due {weekday(date.fromisoformat(due))}" if due else "due as the launch is"
        case Act.PROGRESS:
            return f"marked as {said['to'].replace('_', ' ')}"
        case Act.EVIDENCE:
            return "supported by new evidence"


def _reasons(refused: list[dict[str, Any]], content: Pinned) -> str:
    """Why, each reason once, after the items it holds for."""
    refs: dict[str, list[str]] = {}
    for one in refused:
        rule = content.items.get(one["key"])
        because = one["because"].split(". ")[0].rstrip(".")
        refs.setdefault(because, []).append(rule.ref if rule else "One of them")
    said = [f"{', '.join(dict.fromkeys(which))}: {because}." for because, which in refs.items()]
    more = len(said) - SHOWN
    return " ".join(said[:SHOWN]) + (f" And {_more(more)}." if more > 0 else "")


def _more(reasons: int) -> str:
    return f"{reasons} more reason{'' if reasons == 1 else 's'}"
