"""The state of one item: the table of "The verdict", first match wins."""

from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from readiness.rules.truth import Truth


class State(StrEnum):
    """What an item is now, in the order in which the states are tried."""

    NA_BY_FACET = "na_by_facet"
    NA_CONFIRMED = "na_confirmed"
    NA_PROPOSED = "na_proposed"
    OPEN = "open"
    DISPUTED = "disputed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    PROVISIONAL = "provisional"
    PARTIAL = "partial"
    MET = "met"


# Nearly every weight and credit is one of these: known by identity, as fractions are slow to ask.
NOTHING = Fraction(0)
FULL = Fraction(1)


class Na(StrEnum):
    """How far a "not applicable" has come."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class Item(NamedTuple):
    """All that the rule knows of an item; an end is the first instant that is too late."""

    key: str
    section: str
    position: int = 0  # in the checklist, not in the section
    weight: Fraction = FULL  # 0 is informative only
    applies: Truth = Truth.YES
    blocker: Truth = Truth.NO
    na_allowed: bool = True
    credit: Fraction = NOTHING  # of the standing answer; 0 if there is none
    expires_at: datetime | None = None
    superseded: bool = False
    disputed: bool = False
    provisional: bool = False
    provisional_from: datetime | None = None  # what the item requires is missing from then on
    na: Na | None = None
    na_expires_at: datetime | None = None
    waiver_until: datetime | None = None
    due_on: date | None = None


def state_of(item: Item, now: datetime) -> State:
    """Name the state of an item at an instant."""
    if item.applies is Truth.NO:
        return State.NA_BY_FACET
    if item.na is not None and item.na_allowed:
        if item.na is Na.CONFIRMED and is_before(now, item.na_expires_at):
            return State.NA_CONFIRMED
        if item.na is Na.PROPOSED and _is_empty(item.credit):
            return State.NA_PROPOSED
    if item.credit is NOTHING or (item.credit is not FULL and _is_empty(item.credit)):
        return State.OPEN
    return _answered(item, now)


def _is_empty(credit: Fraction) -> bool:
    return credit.numerator == 0


def _answered(item: Item, now: datetime) -> State:
    if item.disputed:
        return State.DISPUTED
    if item.superseded:
        return State.SUPERSEDED
    if item.expires_at is not None and item.expires_at <= now:
        return State.EXPIRED
    if item.provisional:
        return State.PROVISIONAL
    if item.provisional_from is not None and item.provisional_from <= now:
        return State.PROVISIONAL
    return State.MET if item.credit is FULL or item.credit >= 1 else State.PARTIAL


def is_before(now: datetime, end: datetime | None) -> bool:
    """Whether an end is still to come; what has no end never ends."""
    return end is None or now < end


def is_waived(item: Item, now: datetime) -> bool:
    return item.waiver_until is not None and now < item.waiver_until


def counts(state: State) -> bool:
    """Whether an item in this state is in the denominator, as the table has it.

    A scheme may count a confirmed N/A as met, or leave waived items out: that is `weigh`.
    """
    return state is not State.NA_BY_FACET and state is not State.NA_CONFIRMED


def may_end(item: Item) -> bool:
    """Whether anything about an item has an end at all: most items have none."""
    return not (
        item.expires_at is item.waiver_until is item.na_expires_at is item.provisional_from is None
    )


def changes_at(item: Item, state: State, now: datetime) -> datetime | None:
    """The first instant after now at which time alone changes an item or its waiver."""
    if state is State.MET and item.provisional_from is None:
        return item.expires_at
    if state is State.NA_BY_FACET:
        return None
    if state is State.NA_CONFIRMED:
        return item.na_expires_at
    word = item.expires_at if state in (State.MET, State.PARTIAL, State.PROVISIONAL) else None
    if item.provisional_from is not None and state in (State.MET, State.PARTIAL):
        word = item.provisional_from if word is None else min(word, item.provisional_from)
    waiver = None if state is State.MET else item.waiver_until
    if waiver is None or waiver <= now:
        return word if word is not None and now < word else None
    return waiver if word is None or word <= now else min(word, waiver)
