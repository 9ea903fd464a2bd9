"""What a person owns: what is late, what is due, and what doing it would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery

from readiness import clock
from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem, Progress, SignOff
from readiness.launches.models.items import LaunchItemQuerySet
from readiness.launches.queries.columns import is_unfinished
from readiness.launches.queries.facts import (
    COLUMNS,
    Fact,
    facts_of_chosen,
    facts_of_items,
    facts_of_many,
)
from readiness.launches.queries.looks import WORDS, look_of
from readiness.launches.queries.pinned import Pinned, pinned
from readiness.launches.queries.rows import split_title, weekday
from readiness.rules.percent import shown
from readiness.rules.states import state_of
from readiness.rules.steps import after, to_next
from readiness.rules.truth import Truth
from readiness.rules.verdict import judge
from readiness.rules.weighing import weigh
from readiness.web import locales
from readiness.web.registry import Badges
from readiness.web.statements import Statement

ITEMS, DUE_ITEMS, LAUNCHES, DONE = 300, 100, 20, 50
A_WEEK = timedelta(days=7)
PERSON, DAY = -101, date(1971, 1, 1)  # stand-ins
NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True, slots=True)
class Workload:
    """How many open items of a person are late, due this week, and due next week."""

    late: int
    this_week: int
    next_week: int

    @property
    def to_do(self) -> int:
        return self.late + self.this_week + self.next_week


class Row(NamedTuple):
    """One owned item."""

    pk: int
    version: int
    look: str
    word: str
    head: str
    tail: str
    title: str
    note: str
    ref: str
    launch: str
    shape: str
    due: str
    due_tone: str
    may_sign: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Items that are due at about the same time."""

    key: str
    title: str
    tone: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """An item the person checked lately."""

    pk: int
    title: str
    launch: str
    on: str


@dataclass(frozen=True, slots=True)
class Lever:
    """Items of one person that by themselves move a launch to the next band."""

    first: int
    count: str
    verb: str
    launch: str
    titles: str
    was: str
    was_shape: str
    becomes: str
    becomes_shape: str


@dataclass(frozen=True, slots=True)
class Mine:
    """All that the page shows; `opened` is the item whose form is open, and what it brings."""

    workload: Workload
    groups: tuple[Group, ...]
    done: tuple[Done, ...]
    owned: int
    launches: int
    next_due: str
    opened: int
    effect: tuple[str, str] | None
    lever: Lever | None


@dataclass(frozen=True, slots=True)
class Owned:
    """An open item with what the rule knows of it."""

    row: LaunchItem
    fact: Fact
    content: Pinned


def badge(user: User) -> int:
    """The number beside "My items"."""
    return workload(user, clock.now()).to_do


def badges(user: User, known: Workload) -> Badges:
    """The counts of the navigation, where this one is known already."""
    found = Badges(user)
    found.counted["mine"] = known.to_do
    return found


def workload(user: User, now: datetime) -> Workload:
    """What is due by the end of next week; the oldest hundred items are looked at."""
    today = now.astimezone(user.tzinfo).date()
    values = {PERSON: user.pk, DAY: end_of_next_week(today)}
    facts = facts_of_chosen(_owed(user.is_site_admin), values, now)
    return _workload([one.item.due_on for one in facts if _is_open(one, now)], today)


@lru_cache(maxsize=2)
def _owed(is_site_admin: bool) -> Statement:  # noqa: FBT001
    """The items that somebody owes by a day, written once: every page counts them.

    Each looks its launch up: to join them PostgreSQL would rather read all launches. It takes
    most of them for seen, and so walks along the index until it has enough.
    """
    seen = Launch.objects.running().visible_to(User(pk=PERSON, is_site_admin=is_site_admin))
    launch = Subquery(seen.filter(pk=OuterRef("launch")).values("pk"))
    due = LaunchItem.objects.alias(seen=launch).filter(owner=PERSON, due_on__lte=DAY)
    due = due.filter(seen__isnull=False)
    due = due.exclude(applies=Truth.NO.value).exclude(progress=Progress.BLOCKED.value)
    due = due.order_by("due_on", "pk")[:DUE_ITEMS]
    return Statement.of(due.values(*COLUMNS), {PERSON, DAY})


def mine(user: User, now: datetime) -> Mine:
    """The page."""
    today = now.astimezone(user.tzinfo).date()
    owned = open_items_of(user, now)
    near = sorted({one.row.launch for one in owned}, key=lambda one: (one.launch_at, one.pk))
    facts = facts_of_many(near[:LAUNCHES], now) if near else {}
    groups = _groups(owned, facts, today, now)
    late = [row for group in groups if group.key == "late" for row in group.rows]
    opened = next((one for one in owned if late and one.row.pk == late[0].pk), None)
    dues = [one.row.due_on for one in owned if one.row.progress != Progress.BLOCKED.value]
    coming = min((due for due in dues if due and due >= today), default=None)
    return Mine(
        workload=_workload(dues, today),
        groups=groups,
        done=_done(user, now),
        owned=len(owned),
        launches=len(near),
        next_due=weekday(coming) if coming else "",
        opened=opened.row.pk if opened else 0,
        effect=_effect(opened, facts, now) if opened else None,
        lever=_lever(near[:LAUNCHES], facts, {one.row.pk for one in owned}, now),
    )


def _owned(user: User) -> LaunchItemQuerySet:
    items = LaunchItem.objects.visible_to(user).running()
    return items.filter(owner=user).exclude(applies=Truth.NO.value)


def open_items_of(user: User, now: datetime) -> list[Owned]:
    """The items on which the person has work left, the first due first."""
    order = F("due_on").asc(nulls_last=True), "launch__launch_at", "pk"
    rows = list(_owned(user).select_related("launch").order_by(*order)[:ITEMS])
    pks = [row.pk for row in rows]
    found = facts_of_items(LaunchItem.objects.filter(pk__in=pks), now) if pks else []
    facts = {fact.pk: fact for fact in found}
    return [
        Owned(row, facts[row.pk], pinned(row.launch.version_id))
        for row in rows
        if _is_open(facts[row.pk], now)
    ]


def _is_open(fact: Fact, now: datetime) -> bool:
    return is_unfinished(state_of(fact.item, now))


def end_of_this_week(today: date) -> date:
    """Its last day, as weeks run for who reads."""
    return locales.current().end_of_week(today)


def end_of_next_week(today: date) -> date:
    return end_of_this_week(today) + A_WEEK


def _workload(dues: Iterable[date | None], today: date) -> Workload:
    keys = [_when(due, today) for due in dues]
    return Workload(keys.count("late"), keys.count("this_week"), keys.count("next_week"))


def _when(due: date | None, today: date) -> str:
    if due is None or due > end_of_next_week(today):
        return "later"
    if due < today:
        return "late"
    return "this_week" if due <= end_of_this_week(today) else "next_week"


TITLES = {
    "late": "Late",
    "this_week": "This week",
    "next_week": "Next week",
    "later": "Later",
    "waiting": "Waiting for someone else",
}


def _groups(
    owned: Sequence[Owned], facts: Mapping[int, Sequence[Fact]], today: date, now: datetime
) -> tuple[Group, ...]:
    """The items by when they are due; what is blocked stands by itself."""
    shapes: dict[int, str] = {}
    found: dict[str, list[Row]] = {key: [] for key in TITLES}
    for one in owned:
        launch = one.row.launch
        if launch.pk not in shapes:
            shapes[launch.pk] = _shape(launch, facts.get(launch.pk, ()), one.content, now)
        is_blocked = one.row.progress == Progress.BLOCKED.value
        key = "waiting" if is_blocked else _when(one.row.due_on, today)
        found[key].append(_row(one, shapes[launch.pk], today, now))
    return tuple(
        Group(key, TITLES[key], "red" if key == "late" else "", tuple(rows))
        for key, rows in found.items()
        if rows
    )


def _shape(launch: Launch, facts: Sequence[Fact], content: Pinned, now: datetime) -> str:
    """The verdict of a launch as of now; the stored one where its facts were not read."""
    if not facts:
        return launch.outcome
    return judge([fact.item for fact in facts], content.scheme, now).outcome.value


def _row(one: Owned, shape: str, today: date, now: datetime) -> Row:
    rule = one.content.items[one.fact.key]
    standing = weigh([one.fact.item], one.content.scheme, now)[0]
    look = look_of(one.fact, standing, rule.signatures, now)
    head, tail = split_title(rule.title)
    due, tone = _due(one.row.due_on, today)
    return Row(
        pk=one.row.pk,
        version=one.row.version,
        look=look,
        word=WORDS[look],
        head=head,
        tail=tail,
        title=rule.title,
        note=one.row.blocked_because,
        ref=rule.ref,
        launch=one.row.launch.name,
        shape=shape,
        due=due,
        due_tone=tone,
        may_sign=not any(word.by == one.row.owner_id for word in one.fact.words),
    )


def _due(due: date | None, today: date) -> tuple[str, str]:
    """When an item is due, and how pressing that is."""
    if due is None:
        return "No date", ""
    late = (today - due).days
    if late > 0:
        return f"{late} day{'' if late == 1 else 's'} late", "late"
    return ("Today" if not late else weekday(due)), "soon" if due <= end_of_this_week(today) else ""


def _effect(
    one: Owned, facts: Mapping[int, Sequence[Fact]], now: datetime
) -> tuple[str, str] | None:
    """Where the launch would be with this item done, if that is not where it is."""
    items = [fact.item for fact in facts.get(one.row.launch_id, ())]
    if not items:
        return None
    scheme = one.content.scheme
    becomes = after(items, scheme, now, one.fact.key).score
    if becomes is None or becomes == judge(items, scheme, now).score:
        return None
    return one.row.launch.name, locales.number(shown(becomes, scheme))


def _lever(
    launches: Iterable[Launch], facts: Mapping[int, Sequence[Fact]], own: set[int], now: datetime
) -> Lever | None:
    """The nearest launch that the person's own open items move to its next band."""
    for launch in launches:
        content, of_launch = pinned(launch.version_id), facts[launch.pk]
        mine = {fact.key for fact in of_launch if fact.pk in own}
        # Among equally good items the earlier due ones are chosen: let these be one's own.
        items = [
            fact.item if fact.key in mine else fact.item._replace(due_on=None) for fact in of_launch
        ]
        way = to_next(items, content.scheme, now)
        if way is None or not way.items or not mine.issuperset(way.items):
            continue
        band = judge(items, content.scheme, now).band
        titles = [content.items[key].title for key in way.items]
        return Lever(
            first=next(fact.pk for fact in of_launch if fact.key == way.items[0]),
            count=NUMBERS[len(titles)] if len(titles) < len(NUMBERS) else str(len(titles)),
            verb="moves" if len(titles) == 1 else "move",
            launch=launch.name,
            titles=" and ".join(f"“{title}”" for title in titles) if len(titles) < 3 else "",
            was=band.title if band else "",
            was_shape=band.outcome.value if band else "",
            becomes=way.band.title,
            becomes_shape=way.band.outcome.value,
        )
    return None


def _done(user: User, now: datetime) -> tuple[Done, ...]:
    """What the person checked in the last seven days, and did not take back."""
    words = SignOff.objects.standing().filter(by=user, at__gt=now - A_WEEK)
    words = words.filter(item__in=LaunchItem.objects.visible_to(user))
    rows = words.select_related("item__launch").order_by("-at")[:DONE]
    return tuple(
        Done(
            pk=word.item_id,
            title=pinned(word.item.launch.version_id).items[word.item.key].title,
            launch=word.item.launch.name,
            on=weekday(word.at.astimezone(user.tzinfo)),
        )
        for word in rows
    )
