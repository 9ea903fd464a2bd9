"""Exemptions on pages: what waits for whom, what agreeing does, what became of each."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import F

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import Exemption, ExemptionKind, Launch, LaunchItem
from readiness.launches.models.launches import OVER
from readiness.launches.models.words import ExemptionQuerySet
from readiness.launches.policies import exempting
from readiness.launches.queries.board import Board, Place, board_of
from readiness.launches.queries.facts import Fact, facts_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.rows import day_of_month
from readiness.launches.queries.waits import Wait
from readiness.rules import verdict as rule
from readiness.rules.states import Item, Na
from readiness.rules.truth import Truth
from readiness.rules.verdict import Verdict
from readiness.web import locales

SHOWN_DAYS = 30  # how long a waiver is offered for at first
WAITING, STANDING, ENDED = "waiting", "standing", "ended"
PEOPLE = ("asked_by", "agreed_by", "closed_by")


class Side(NamedTuple):
    """A verdict before or after an agreement."""

    title: str
    shape: str
    shown: str
    checked: int
    counted: int
    holds: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agrees to, and what that does; `seal` is equal where all of this is."""

    seal: str
    was: Side
    becomes: Side
    lifts_hold: bool
    is_must_have: bool
    falls: int
    until: str
    then: str


@dataclass(frozen=True, slots=True)
class Excuse:
    """One exemption of an item: what it is, who asked and agreed, and what became of it."""

    exemption: Exemption
    fate: str
    look: str
    word: str
    until: str
    asked_on: str
    agreed_on: str
    closed: str
    taking_back: str
    agreeing: str
    may_agree: bool

    @property
    def is_open(self) -> bool:
        return self.fate in (WAITING, STANDING)


class Asking(NamedTuple):
    """Between which days a waiver may end, which is offered, and what "not applicable" takes."""

    first_day: str
    waiver_day: str
    waiver_last: str
    na_needs_two: bool


@dataclass(frozen=True, slots=True)
class Excuses:
    """All exemptions of an item for one reader, and what they may ask for now."""

    open: tuple[Excuse, ...]
    past: tuple[Excuse, ...]
    may_ask: bool
    not_applying: str
    not_waiving: str
    extends: str
    asking: Asking
    na_last: str


@dataclass(frozen=True, slots=True)
class ExemptionPage:
    """One exemption in its launch, with all that agreeing to it would do."""

    exemption: Exemption
    launch: Launch
    item: LaunchItem
    ref: str
    title: str
    look: str
    excuse: Excuse
    former: Excuse | None
    agreement: Agreement | None


def exemptions_with_launch() -> ExemptionQuerySet:
    """Exemptions with all that their page says of them, their item and their launch."""
    about = ("item__launch__team", "item__launch__lead", "item__launch__version", "extends")
    return Exemption.objects.select_related(*PEOPLE, *about)


def exemption_page(exemption: Exemption, *, reader: User, now: datetime) -> ExemptionPage:
    """The page of an exemption that `exemptions_with_launch` read."""
    item = exemption.item
    launch = item.launch
    facts = facts_of(launch, now)
    board = board_of(launch, now, facts)
    place = board.place(item.pk)
    acts = launch.acts_of(reader)
    excuse = excuse_of(exemption, launch, acts, reader=reader, now=now)
    former = exemption.extends
    return ExemptionPage(
        exemption=exemption,
        launch=launch,
        item=item,
        ref=place.rule.ref,
        title=place.rule.title,
        look=place.look,
        excuse=excuse,
        former=excuse_of(former, launch, acts, reader=reader, now=now) if former else None,
        agreement=agreement_of(exemption, launch, facts, now) if excuse.fate == WAITING else None,
    )


def exemptions_to_agree(user: User, now: datetime) -> list[Wait]:
    """What others ask for that this person may agree to, in one statement."""
    waiting = Exemption.objects.waiting().to_agree_by(user).exclude(asked_by=user)
    waiting = waiting.exclude(item__launch__stage__in=OVER).exclude(ends_at__lte=now)
    people = waiting.select_related("asked_by", "item__launch").order_by("asked_at", "pk")
    return [_wait(one) for one in people]


def _wait(one: Exemption) -> Wait:
    launch = one.item.launch
    about = pinned(launch.version_id).items[one.item.key]
    until = f" until {day_of_month(launch.last_day_before(one.ends_at))}" if one.ends_at else ""
    what = "Longer waiver" if one.extends_id else "Waiver"
    return Wait(
        launch=launch.name,
        item=f"{about.ref} {about.title}",
        what=f"{what}{until}" if one.is_waiver else f"Not applicable{until}",
        because=one.reason,
        by=one.asked_by.name,
        since=one.asked_at,
        link=one.get_absolute_url(),
        look="waived" if one.is_waiver else "na_proposed",
        launch_id=launch.pk,
        askers=(one.asked_by_id,),
    )


def agreement_of(
    exemption: Exemption, launch: Launch, facts: Sequence[Fact], now: datetime
) -> Agreement:
    """What agreeing to this would do to a launch as it is now."""
    scheme = pinned(launch.version_id).scheme
    fact = next(one for one in facts if one.pk == exemption.item_id)
    was = rule.judge([one.item for one in facts], scheme, now)
    items = [_agreed(one.item, exemption) if one is fact else one.item for one in facts]
    becomes = rule.judge(items, scheme, now)
    falls = 0 if exemption.is_waiver else len(fact.words)
    until = ""
    if exemption.ends_at:
        last = launch.last_day_before(exemption.ends_at)
        until = locales.current().in_full(last)
    return Agreement(
        seal=_seal(exemption, was, becomes, falls),
        was=_side(was),
        becomes=_side(becomes),
        lifts_hold=fact.key in was.holds and fact.key not in becomes.holds,
        is_must_have=fact.item.blocker is not Truth.NO,
        falls=falls,
        until=until,
        then=then_of(exemption, is_must_have=fact.item.blocker is not Truth.NO) if until else "",
    )


def then_of(exemption: Exemption, *, is_must_have: bool) -> str:
    """What happens to an item once its exemption has ended, which it does by itself."""
    if exemption.is_waiver:
        holds = " and holds the launch again" if is_must_have else ""
        return f"From then on the item is open{holds}, unless it is done."
    holds = ", and holds the launch" if is_must_have else ""
    return f"From then on the item applies and is open again{holds}."


def _agreed(item: Item, exemption: Exemption) -> Item:
    if exemption.is_waiver:
        return item._replace(waiver_until=exemption.ends_at)
    return item._replace(na=Na.CONFIRMED, na_expires_at=exemption.ends_at)


def _side(verdict: Verdict) -> Side:
    band = verdict.band
    return Side(
        title=band.title if band else "Not assessable",
        shape=band.outcome.value if band else "",
        shown=verdict.shown,
        checked=verdict.checked,
        counted=verdict.counted,
        holds=len(verdict.holds),
    )


def _seal(exemption: Exemption, was: Verdict, becomes: Verdict, falls: int) -> str:
    """Of the words, the end, the bands and the holds; others may tick on meanwhile."""
    said = (exemption.reason, exemption.compensating_control, exemption.ends_at)
    does = (was.key, becomes.key, was.holds, becomes.holds, falls)
    return hashlib.sha256(repr((exemption.pk, said, does)).encode()).hexdigest()


def excuses_of(
    item: LaunchItem, board: Board, place: Place, acts: Collection[Action], *, reader: User
) -> Excuses:
    """What was asked for this item and became of it; nothing more is read where nothing was.

    The item comes from `items_with_launch`, which knows whether there is anything.
    """
    launch, about = item.launch, place.rule
    there = _all(item) if item.has_exemptions else ()
    excuses = [excuse_of(one, launch, acts, reader=reader, now=board.now) for one in there]
    open_ones = {(one.exemption.kind, one.fate): one for one in excuses if one.is_open}
    waived = open_ones.get((ExemptionKind.WAIVER.value, STANDING))
    return Excuses(
        open=tuple(one for one in excuses if one.is_open),
        past=tuple(one for one in excuses if not one.is_open),
        may_ask=Action.EXEMPTION_ASK in acts,
        not_applying=exempting.proposing_na(item, na_allowed=about.na_allowed)
        or _in_the_way(open_ones, ExemptionKind.NA, launch, reader),
        not_waiving=exempting.waiving(item, place.standing.state)
        or _in_the_way(open_ones, ExemptionKind.WAIVER, launch, reader),
        extends=waived.until if waived else "",
        asking=asking_of(board),
        na_last=_days_on(board.today, about.na_max_days or exempting.LONGEST_DAYS),
    )


def _in_the_way(
    there: Mapping[tuple[str, str], Excuse], kind: ExemptionKind, launch: Launch, reader: User
) -> str:
    """Why nothing more of this kind is asked for beside what waits or stands for good."""
    waiting, standing = there.get((kind.value, WAITING)), there.get((kind.value, STANDING))
    beside = exempting.asking_beside(waiting.exemption, reader) if waiting else ""
    return beside or (exempting.going_on(standing.exemption, launch, None) if standing else "")


def asking_of(board: Board) -> Asking:
    """What a form that asks offers today."""
    longest = board.content.waiver_max_days
    return Asking(
        first_day=board.today.isoformat(),
        waiver_day=_days_on(board.today, min(SHOWN_DAYS, longest)),
        waiver_last=_days_on(board.today, longest),
        na_needs_two=board.content.na_needs_two,
    )


def _days_on(today: date, days: int) -> str:
    return (today + timedelta(days=min(days, exempting.LONGEST_DAYS))).isoformat()


def _all(item: LaunchItem) -> Iterable[Exemption]:
    order = F("closed_at").desc(nulls_first=True), "-pk"
    return item.exemptions.select_related(*PEOPLE).order_by(*order)


def excuse_of(
    one: Exemption, launch: Launch, acts: Collection[Action], *, reader: User, now: datetime
) -> Excuse:
    """One exemption, as this reader may deal with it."""
    fate = fate_of(one, now)
    look, word = _word(one, fate)
    last = launch.last_day_before(one.ends_at) if one.ends_at else None
    return Excuse(
        exemption=one,
        fate=fate,
        look=look,
        word=word,
        until=locales.current().dated(last) if last else "",
        asked_on=_on(launch, one.asked_at),
        agreed_on=_on(launch, one.agreed_at),
        closed=_closed(one, launch, fate),
        taking_back=exempting.withdrawing(one, launch, reader, now),
        agreeing=exempting.agreeing(one, launch, reader, now),
        may_agree=Action.EXEMPTION_AGREE in acts,
    )


def fate_of(one: Exemption, now: datetime) -> str:
    """What became of an exemption."""
    if one.closed_at is None or exempting.has_ended(one, one.closed_at):
        if exempting.has_ended(one, now):
            return ENDED
        return STANDING if one.agreed_at else WAITING
    if one.closed_by is None:
        return "extended"
    if one.closed_by_id == one.asked_by_id:
        return "taken back"
    return "no longer agreed to" if one.agreed_at else "declined"


def _word(one: Exemption, fate: str) -> tuple[str, str]:
    """The shape and the words for an exemption."""
    name = "Waiver" if one.is_waiver else "Not applicable"
    if fate == STANDING:
        return ("waived", "Waived") if one.is_waiver else ("na", name)
    if fate == WAITING:
        asked = "Longer waiver asked for" if one.extends_id else "Waiver asked for"
        return ("waived", asked) if one.is_waiver else ("na_proposed", "Proposed N/A")
    return ("waived" if one.is_waiver else "na"), f"{name}, {fate}"


def _on(launch: Launch, at: datetime | None) -> str:
    if at is None:
        return ""
    day = launch.day_at(at)
    return locales.current().dated(day)


def _closed(one: Exemption, launch: Launch, fate: str) -> str:
    """Who ended it, and when; time ends what nobody did."""
    if one.closed_at is None or one.closed_by is None:
        return ""
    did = {"taken back": "Taken back", "declined": "Declined"}
    return f"{did.get(fate, 'Ended')} by {one.closed_by.name}, {_on(launch, one.closed_at)}"
