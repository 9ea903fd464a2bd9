"""Which items would become incomplete, because their fact does not hold for what is proposed."""

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime

from readiness.launches.models import Launch
from readiness.launches.queries.facts import Fact
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.structured import structured_of


def without_facts(
    then: Launch, facts: Sequence[Fact], launch_on: date, now: datetime
) -> Sequence[Fact]:
    """The items as they would be, where a check needs a fact; nothing is read where none does."""
    rules = pinned(then.version_id).items
    if not any(rules[fact.key].needs_fact for fact in facts):
        return facts
    moved = copy(then)
    local = then.launch_at.astimezone(then.tzinfo)
    moved.launch_at = local.replace(year=launch_on.year, month=launch_on.month, day=launch_on.day)
    held = structured_of(moved, now)
    return [
        fact._replace(item=fact.item._replace(provisional=True))
        if rules[fact.key].needs_fact
        and fact.words
        and not (fact.pk in held.filled and held.is_sound(fact.pk))
        else fact
        for fact in facts
    ]
