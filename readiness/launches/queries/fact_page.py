"""What the page of an item's structured fact shows: the row to edit, what follows, its history."""

from datetime import datetime
from typing import NamedTuple

from readiness.launches.models import FactRevision, Launch, LaunchItem
from readiness.launches.queries.fact_card import Said, said_of
from readiness.launches.queries.item_page import workers_of
from readiness.launches.queries.structured import (
    Structured,
    names_of,
    people_in,
    row_in,
)
from readiness.rules.facts.around import WHOLE, Row
from readiness.rules.facts.definitions import FactType
from readiness.rules.facts.looking import computed
from readiness.rules.facts.operating import proposed_review
from readiness.rules.facts.saying import changes_of, shown
from readiness.rules.facts.values import Values, values_of

NEW = "new"


class Change(NamedTuple):
    """One revision of a row: who said what instead of what."""

    author: str
    at: datetime
    what: str
    changes: list[tuple[str, str, str]]


def worked_out(
    facts: Structured, item: int, number: int, values: Values
) -> tuple[Said, list[tuple[str, str]]]:
    """What would follow from a row that is not saved yet."""
    type_ = facts.filled[item].type
    row = Row(number, values)
    would = facts.with_row(item, row, number)
    follows = computed(type_, row, would.around) if number != WHOLE else {}
    told = [
        (field.label, shown(field, follows[field.key], would.around, {}))
        for field in type_.fields
        if follows.get(field.key) is not None
    ]
    return said_of(would.filled[item], would), told


def row_asked(facts: Structured, item: int, asked: str) -> int | None:
    """Which row is to be edited: its number, 0 for the whole, a new one's, or none."""
    fact = facts.filled[item]
    numbers = [row.number for row in fact.rows]
    if not fact.type.many:
        return 1
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        number = int(asked)
        is_there = number in numbers or (number == WHOLE and bool(fact.type.whole))
        return number if is_there else None
    return next_row(facts, item) if asked == NEW or not numbers else None


def next_row(facts: Structured, item: int) -> int:
    return max([0, *(row for of, row in facts.revisions if of == item)]) + 1


def values_to_edit(facts: Structured, item: int, number: int) -> Values:
    """What the form of a row starts from: what it says, or what is usual."""
    fact = facts.filled[item]
    if number == WHOLE:
        return fact.whole.values
    for row in fact.rows:
        if row.number == number:
            return row.values
    usual = {field.key: field.default for field in fact.type.fields if field.default is not None}
    values = values_of(fact.type.fields, usual)
    if "review_at" in values:
        values["review_at"] = proposed_review(facts.around)
    return values


def people_for(launch: Launch, values: Values, type_: FactType) -> list[tuple[int, str]]:
    """Whom a row may name: who works on the launch, and whom it names already."""
    offered = dict(workers_of(launch).values_list("pk", "name"))
    named = names_of(people_in(type_.fields, values) - offered.keys())
    return [*offered.items(), *((person, f"{name} (named now)") for person, name in named.items())]


def changes_in(item: LaunchItem, facts: Structured) -> list[Change]:
    """Every revision of an item's fact, the latest first, with what it changed."""
    revisions = list(
        FactRevision.objects.filter(item=item, fact=facts.filled[item.pk].type.key)
        .select_related("author")
        .order_by("pk")
    )
    fact = facts.filled[item.pk]
    rows = [row_in(fact.type, one) for one in revisions]
    names = names_of(
        {one for row in rows for one in people_in(fact.type.fields_of(row.number), row.values)}
    )
    found, before = [], dict[int, Row]()
    for revision, row in zip(revisions, rows, strict=True):
        becomes = None if revision.is_removed else row
        changes = list(changes_of(fact, before.get(row.number), becomes, facts.around, names))
        found.append(_change(fact.type, revision, changes))
        before[row.number] = row
    return found[::-1]


def _change(type_: FactType, revision: FactRevision, changes: list[tuple[str, str, str]]) -> Change:
    row = "all rows" if revision.row == WHOLE else f"{type_.row} {revision.row}"
    where = f" {row}" if type_.many else ""
    if revision.is_removed:
        what = f"removed{where}"
    elif revision.payload is None:
        what = f"said something of{where or ' it'} that was redacted"
    else:
        what = f"filled in{where}" if revision.number == 1 else f"changed{where}"
    return Change(revision.author.name, revision.at, what, changes)
