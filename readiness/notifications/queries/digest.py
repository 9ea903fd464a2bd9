"""What a person's digest says: computed when it is sent, so that what is done is gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.urls import reverse

from readiness.accounts.models import User
from readiness.launches.queries.facts import Fact, facts_of_many
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.pinned import pinned
from readiness.notifications.models import Delivery
from readiness.notifications.queries.before import Before, before
from readiness.notifications.queries.besides import (
    Section,
    sections_of,
    until_of,
)
from readiness.notifications.queries.decided import ASKED, Notice, notices_of
from readiness.notifications.queries.due import SOON
from readiness.notifications.queries.endings import Ending, endings_of
from readiness.notifications.queries.heads import Head, head_of
from readiness.notifications.queries.missed import sections_of_return
from readiness.notifications.queries.owned import COMING, FRESH, LATE, Owned, open_items_of
from readiness.notifications.queries.passes import url_for
from readiness.notifications.queries.slips import slips
from readiness.notifications.queries.standing_in import sections_for_absent
from readiness.rules.scheme import Scheme
from readiness.rules.states import Item
from readiness.rules.steps import after, to_next
from readiness.rules.verdict import Verdict, judge
from readiness.web.locales import current, number
from readiness.web.templatetags.face import day

SHOWN, NAMED = 20, 3
SELF_EVIDENT = {"not_started", "in_progress"}
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the person that is late, due soon or newly theirs."""

    key: str
    title: str
    when: str
    due: str
    note: str
    effect: str
    url: str
    act_url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One launch with the lines of it that the mail has room for."""

    head: Head
    moved: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Lever:
    """The lines that by themselves move a launch to its next band."""

    who: str
    launch: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one digest says."""

    headline: str
    names: str
    lever: Lever | None
    groups: tuple[Group, ...]
    unlisted: int
    owned: int
    endings: tuple[Ending, ...] = ()
    notices: tuple[Notice, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def first(self) -> Line | Ending | Notice:
        if self.groups:
            return self.groups[0].lines[0]
        if self.endings:
            return self.endings[0]
        return self.notices[0] if self.notices else self.sections[0].notices[0]


def digest_of(delivery: Delivery, now: datetime) -> Digest | None:
    """What the person should hear in this digest now; None when that is nothing."""
    if delivery.recipient is None:
        return None
    today = date.fromisoformat(delivery.window)
    until = until_of(delivery.recipient, today)
    there = before(delivery, delivery.recipient, until=until, soon=SOON)
    since, at = there.since, delivery.due_at
    open_items = open_items_of(delivery.recipient, today, since, at, now)
    due = [one for one in open_items if one.when]
    endings: tuple[Ending, ...] = ()
    if there.has_endings:
        endings = endings_of(delivery.recipient, today=today, since=since, at=at, now=now)
    notices: tuple[Notice, ...] = ()
    if there.has_notices:
        notices = notices_of(delivery.recipient, today=today, since=since, at=at, soon=SOON)
    sections = _sections(delivery, delivery.recipient, there, notices, until=until, now=now)
    if not due and not endings and not notices and not sections:
        return None
    by_launch = _most_urgent_first(due)
    listed = _first_ones(by_launch)
    launches = [items[0].row.launch for items in by_launch]
    facts = facts_of_many([items[0].row.launch for items in listed], now)
    moved = slips([items[0].row.launch for items in listed], since)
    return Digest(
        headline=_headline(due, today, len(endings), len(notices), sections),
        names=_names(
            [
                *(one.name for one in launches),
                *(one.launch for one in endings),
                *(one.launch for one in notices),
                *(one.launch for section in sections for one in section.notices),
            ]
        ),
        lever=_lever(listed, facts, now),
        groups=tuple(
            _group(items, facts, moved, today, now, is_alone=len(due) == 1) for items in listed
        ),
        unlisted=len(due) - sum(len(items) for items in listed),
        owned=len(open_items),
        endings=endings,
        notices=notices,
        sections=sections,
    )


def _sections(
    delivery: Delivery,
    person: User,
    there: Before,
    notices: Iterable[Notice],
    *,
    until: datetime,
    now: datetime,
) -> tuple[Section, ...]:
    """What there is beside items, of the person's own first; nothing that notices name already."""
    times = {"until": until, "now": now}
    told = {one.url for one in notices if one.title == ASKED}
    found = sections_of(person, there, at=delivery.due_at, told=told, **times)
    if there.is_back:
        found += sections_of_return(person, delivery, since=there.since, **times)
    if there.has_absent:
        told |= {one.url for section in found for one in section.notices}
        today = date.fromisoformat(delivery.window)
        found += sections_for_absent(person, today=today, told=told, now=now)
    return found


def _most_urgent_first(due: Sequence[Owned]) -> list[list[Owned]]:
    """The items by launch; they come sorted, so that each launch's first is its earliest."""
    launches: dict[int, list[Owned]] = {}
    for one in due:
        launches.setdefault(one.row.launch_id, []).append(one)
    last = date.max
    return sorted(
        launches.values(),
        key=lambda items: (items[0].row.due_on or last, items[0].row.launch.launch_at),
    )


def _first_ones(by_launch: Iterable[list[Owned]]) -> list[list[Owned]]:
    """As many as a mail has room for."""
    listed = [one for items in by_launch for one in items][:SHOWN]
    return [list(items) for _, items in groupby(listed, key=lambda one: one.row.launch_id)]


def _headline(
    due: Sequence[Owned], today: date, endings: int, notices: int, sections: Sequence[Section]
) -> str:
    """1 late, 3 due this week, 2 new, 1 waiver ends, 1 about a decision, 2 wait for your word."""
    counts = [sum(one.when == when for one in due) for when in (LATE, COMING, FRESH)]
    last = current().end_of_week(today)
    is_soon = any(one.when == COMING and (one.row.due_on or today) > last for one in due)
    words = ("late", "due soon" if is_soon else "due this week", "new")
    said = [f"{count} {word}" for count, word in zip(counts, words, strict=True) if count]
    if endings:
        said.append("1 waiver ends" if endings == 1 else f"{endings} waivers end")
    if notices:
        said.append(f"{notices} about {'a decision' if notices == 1 else 'decisions'}")
    said += [one.counted for one in sections]
    return ", ".join(said)


def _names(called: Iterable[str]) -> str:
    """The first few launches by name."""
    names = list(dict.fromkeys(" ".join(name.split()) for name in called))
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _lever(
    listed: Sequence[list[Owned]], facts: Mapping[int, Sequence[Fact]], now: datetime
) -> Lever | None:
    """The first launch that the listed items alone move to its next band."""
    for place, items in enumerate(listed):
        launch = items[0].row.launch
        mine = [one.fact.key for one in items]
        scheme = pinned(launch.version_id).scheme
        # Among equally good items the earlier due ones are chosen: let these be the listed.
        of_launch = [
            fact.item if fact.key in mine else fact.item._replace(due_on=None)
            for fact in facts[launch.pk]
        ]
        way = to_next(of_launch, scheme, now)
        if way is None or not way.items or not set(way.items) <= set(mine):
            continue
        band = judge(of_launch, scheme, now).band
        is_first = place == 0 and set(way.items) == set(mine[: len(way.items)])
        return Lever(
            who=_who(len(way.items), is_first=is_first, is_all=sum(map(len, listed)) == 1),
            launch=launch.name,
            was=band.title if band else "",
            becomes=way.band.title,
        )
    return None


def _who(count: int, *, is_first: bool, is_all: bool) -> str:
    """The subject of the sentence about the lever."""
    if is_all:
        return "It is"
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    if is_first:
        return "The first one is" if count == 1 else f"The first {number.lower()} are"
    return "One of these is" if count == 1 else f"{number} of these are"


def _group(
    items: Sequence[Owned],
    facts: Mapping[int, Sequence[Fact]],
    moved: Mapping[int, str],
    today: date,
    now: datetime,
    *,
    is_alone: bool,
) -> Group:
    """A launch with its lines; of a line that stands alone the lever says what it does."""
    launch = items[0].row.launch
    scheme, rules = pinned(launch.version_id).scheme, [fact.item for fact in facts[launch.pk]]
    verdict = judge(rules, scheme, now)
    effects = {
        one.fact.key: _effect(one.fact.key, rules, verdict, scheme, now)
        for one in items
        if not is_alone
    }
    return Group(
        head=head_of(launch, now, verdict),
        moved=moved.get(launch.pk, ""),
        lines=tuple(_line(one, today, effects.get(one.fact.key, ""), now) for one in items),
    )


def _effect(key: str, rules: Sequence[Item], was: Verdict, scheme: Scheme, now: datetime) -> str:
    """Done takes it to 80%, Extra monitoring: what checking one item does to its launch."""
    becomes = after(rules, scheme, now, key)
    if becomes.band is None or was.shown == becomes.shown:
        return ""
    band = "" if becomes.key == was.key else f", {becomes.band.title}"
    return f"Done takes it to {number(becomes.shown)}{band}"


def _line(one: Owned, today: date, effect: str, now: datetime) -> Line:
    return Line(
        key=one.fact.key,
        title=pinned(one.row.launch.version_id).items[one.fact.key].title,
        when=one.when,
        due=_due(one, today),
        note=_note(one),
        effect=effect,
        url=settings.BASE_URL + reverse("launches:item", args=[one.row.pk]),
        act_url=url_for(one.row, now),
    )


def _due(one: Owned, today: date) -> str:
    due = one.row.due_on
    if due is None:
        return "New, no due date"
    late = (today - due).days
    if late > 0:
        return f"{late} day{'' if late == 1 else 's'} late"
    words = "Due today" if due == today else f"Due {day(due)}"
    return f"New. {words}" if one.when == FRESH else words


def _note(one: Owned) -> str:
    """Why it waits, or where it stands, where that is worth a word."""
    if one.look == "blocked":
        return f"Blocked: {one.row.blocked_because}"
    return "" if one.look in SELF_EVIDENT else WORDS[one.look]
