"""Items that were found by words, as they stand now."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from readiness.launches.models import LaunchItem
from readiness.launches.queries.columns import is_unfinished
from readiness.launches.queries.facts import COLUMNS, Fact, facts_of_chosen
from readiness.launches.queries.finding import Found, Part
from readiness.launches.queries.looks import WORDS, look_of
from readiness.launches.queries.pinned import pinned
from readiness.rules.states import state_of
from readiness.rules.weighing import weigh
from readiness.web.prepared import select
from readiness.web.statements import Statement

IDS = "ids"
THESE = Statement(
    f"{select(LaunchItem, COLUMNS)} WHERE id IN (SELECT unnest(%s::bigint[]))",
    (IDS,),
    is_kept=True,
)


class FoundItem(NamedTuple):
    """An item, where it belongs, and the look and word of its state."""

    pk: int
    title: str
    ref: str
    look: str
    word: str
    is_open: bool
    owner: int | None
    due_on: date | None
    launch: Found


def found_items(rows: Iterable[Found], now: datetime) -> list[FoundItem]:
    """The items among what was found, in that order; one statement, and none without any."""
    launches = {row.item: row for row in rows if row.part == Part.ITEM}
    if not launches:
        return []
    facts = {fact.pk: fact for fact in facts_of_chosen(THESE, {IDS: [*launches]}, now)}
    return [_found(facts[pk], launch, now) for pk, launch in launches.items() if pk in facts]


def _found(fact: Fact, launch: Found, now: datetime) -> FoundItem:
    content = pinned(launch.version)
    rule = content.items[fact.key]
    look = look_of(fact, weigh([fact.item], content.scheme, now)[0], rule.signatures, now)
    return FoundItem(
        pk=fact.pk,
        title=rule.title,
        ref=rule.ref,
        look=look,
        word=WORDS[look],
        is_open=is_unfinished(state_of(fact.item, now)),
        owner=fact.owner,
        due_on=fact.item.due_on,
        launch=launch,
    )
