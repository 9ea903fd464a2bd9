"""What an item says of its structured fact: in words, with what keeps it from counting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.policies.facts import SEATS, accepting
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.structured import (
    Structured,
    fact_type_of,
    named_in,
    names_of,
    structured_of,
)
from readiness.rules.facts.around import Filled
from readiness.rules.facts.definitions import FactType, Level
from readiness.rules.facts.looking import findings_of, is_sound
from readiness.rules.facts.saying import Names, sentences_of, table_of


class Line(NamedTuple):
    """One row in a sentence, and all it says field by field."""

    number: int
    sentence: str
    details: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong with a fact, in words."""

    blocks: list[str]
    warns: list[str]
    is_sound: bool


@dataclass(frozen=True, slots=True)
class FactCard:
    """An item's fact for one reader; `seats` are those the reader has yet to accept."""

    item: int
    type: FactType
    is_required: bool
    lines: list[Line]
    whole: list[tuple[str, str]]
    said: Said
    seats: str


def card_of(item: LaunchItem, *, reader: User, now: datetime) -> FactCard | None:
    """The fact of an item of `items_with_launch`, if it carries one."""
    type_ = fact_type_of(item)
    if type_ is None:
        return None
    if not item.has_revisions:
        return _empty(item, type_)
    return card(item, structured_of(item.launch, now, item), reader)


def card(item: LaunchItem, facts: Structured, reader: User) -> FactCard:
    fact = facts.filled[item.pk]
    names = names_of(named_in([fact]))
    return FactCard(
        item=item.pk,
        type=fact.type,
        is_required=pinned(item.launch.version_id).items[item.key].needs_fact,
        lines=_lines(fact, facts, names),
        whole=table_of(fact, fact.whole, facts.around, names),
        said=said_of(fact, facts),
        seats=_seats(fact, reader),
    )


def said_of(fact: Filled, facts: Structured) -> Said:
    """What keeps a fact from counting, and what it is warned of."""
    findings = findings_of(fact, facts.around)
    return Said(
        blocks=[one.says for one in findings if one.level is not Level.WARN],
        warns=[one.says for one in findings if one.level is Level.WARN],
        is_sound=is_sound(fact, findings),
    )


def summaries_of(launch: Launch, now: datetime) -> Mapping[int, Sequence[str]]:
    """Each fact of a launch that was filled in, in sentences, by its item."""
    facts = structured_of(launch, now)
    names = names_of(named_in(facts.filled.values()))
    return {
        item: [f"{fact.type.title}: {one}" for one in sentences_of(fact, facts.around, names)]
        for item, fact in facts.filled.items()
        if fact.rows
    }


def _lines(fact: Filled, facts: Structured, names: Names) -> list[Line]:
    sentences = sentences_of(fact, facts.around, names)
    return [
        Line(row.number, sentence, table_of(fact, row, facts.around, names))
        for row, sentence in zip(fact.rows, sentences, strict=False)
    ]


def _empty(item: LaunchItem, type_: FactType) -> FactCard:
    """A fact that nobody filled in yet: nothing needs to be read for that."""
    needs_fact = pinned(item.launch.version_id).items[item.key].needs_fact
    return FactCard(item.pk, type_, needs_fact, [], [], Said([], [], is_sound=False), "")


def _seats(fact: Filled, reader: User) -> str:
    """As what the reader has yet to accept to roll back."""
    row = fact.newest
    if row is None or fact.type.key != "rollback_ownership" or accepting(row.values, reader):
        return ""
    words = {"owner": "rollback owner", "deputy": "deputy"}
    return " and ".join(words[seat] for seat in SEATS if row.get(seat) == reader.pk)
