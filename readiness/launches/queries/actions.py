"""Action items: what GOs and reviews asked for, who owes it, and until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from readiness.accounts.models import User
from readiness.launches.models import ActionItem
from readiness.launches.models.decisions import ActionItemQuerySet
from readiness.launches.queries.following import settled
from readiness.launches.queries.pinned import pinned
from readiness.web import locales

SHOWN = 200


class Show(StrEnum):
    """The ways to look at the board."""

    MINE = "mine"
    LATE = "late"
    ALL = "all"
    DONE = "done"


TITLES = {
    Show.MINE: "Mine",
    Show.LATE: "Late",
    Show.ALL: "All that is owed",
    Show.DONE: "Done",
}


@dataclass(frozen=True, slots=True)
class Owed:
    """One action item as the board shows it; of a follow-up the item that it `follows`.

    `settled` says why nothing is left to do for it, though nobody closed it.
    """

    item: ActionItem
    due: str
    is_late: bool
    is_mine: bool
    follows: str = ""
    url: str = ""
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The action items of one launch, and the decision that asked for some of them."""

    launch: int
    name: str
    decision: str
    rows: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to look, with how many it shows."""

    value: str
    title: str
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The board as one person asked for it."""

    groups: tuple[Group, ...]
    ways: tuple[Way, ...]
    show: Show


def board_for(reader: User, show: Show, now: datetime) -> Board:
    """What is owed in the launches this person may see, by launch, the first due first."""
    seen = ActionItem.objects.visible_to(reader)
    ways = {one: _wanted(seen, one, reader, now) for one in Show}
    rows = ways[show].select_related("launch", "owner", "decision", "done_by", "item")
    if show is Show.DONE:
        rows = rows.order_by("-done_at")
    return Board(
        groups=tuple(_groups(rows.defer("decision__record")[:SHOWN], reader, now)),
        ways=tuple(
            Way(one.value, TITLES[one], ways[one][:SHOWN].count(), one is show) for one in Show
        ),
        show=show,
    )


def _wanted(
    seen: ActionItemQuerySet, show: Show, reader: User, now: datetime
) -> ActionItemQuerySet:
    match show:
        case Show.MINE:
            return seen.owed().filter(owner=reader)
        case Show.LATE:
            return seen.owed().filter(due_on__lt=now.astimezone(reader.tzinfo).date())
        case Show.DONE:
            return seen.exclude(done_at=None)
    return seen.owed()


def _groups(items: Iterable[ActionItem], reader: User, now: datetime) -> Iterable[Group]:
    today = now.astimezone(reader.tzinfo).date()
    grouped: dict[int, list[ActionItem]] = {}
    items = list(items)
    why = settled(items, now)
    for item in items:
        grouped.setdefault(item.launch_id, []).append(item)
    for pk, listed in grouped.items():
        rows = tuple(_owed(one, reader, today, why) for one in listed)
        asked = next((one.decision for one in listed if one.decision), None)
        record = asked.get_absolute_url() if asked else ""
        yield Group(pk, listed[0].launch.name, record, rows)


def _owed(item: ActionItem, reader: User, today: date, why: Mapping[int, str]) -> Owed:
    is_late = item.done_at is None and item.due_on < today
    follows = closes = ""
    if item.item:
        closes = why.get(item.item.pk, "") if item.done_at is None else ""
        rule = pinned(item.launch.version_id).items[item.item.key]
        follows = f"{rule.ref} {rule.title}"
    url = item.get_absolute_url()
    is_mine = item.owner_id == reader.pk
    return Owed(item, due_words(item, today), is_late, is_mine, follows, url, closes)


def due_words(item: ActionItem, today: date) -> str:
    """Until when, or since when it is late."""
    if item.done_at:
        return f"Done {locales.day(item.done_at)}"
    late = (today - item.due_on).days
    if late > 0:
        return f"{late} day{'' if late == 1 else 's'} late"
    return "Today" if late == 0 else locales.weekday(item.due_on)
