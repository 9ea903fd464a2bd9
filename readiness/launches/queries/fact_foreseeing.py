"""Facts that would not hold for what is proposed: which break a rule, which items need them."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import NamedTuple

from readiness.launches.models import Candidate, Launch
from readiness.launches.queries.facts import Fact
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.structured import (
    current_revisions,
    structured_from,
    structured_of,
)
from readiness.rules.facts.around import Around, Filled
from readiness.rules.facts.looking import Finding, broken_rules

Broken = Mapping[tuple[str, str, int | None], list[Finding]]


class Break(NamedTuple):
    """A fact that would break rules which it keeps now, by its item, and how."""

    item: int
    ref: str
    title: str
    says: tuple[str, ...]


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


def breaking(
    launch: Launch,
    *,
    candidate: Mapping[str, str],
    launch_at: datetime,
    zone: str,
    now: datetime,
) -> tuple[Break, ...]:
    """The facts that another candidate, date or time of the launch would put in the wrong.

    What nobody can move along with the launch, as a window that somebody accepted.
    """
    revisions = current_revisions(launch)
    if not revisions:
        return ()
    then, items = copy(launch), pinned(launch.version_id).items
    then.launch_at, then.zone = launch_at, zone
    then.candidate = Candidate(name=candidate["name"], version=candidate["version"])
    was = structured_from(launch, revisions, now)
    becomes = structured_from(then, revisions, now)
    found = []
    for pk, fact in becomes.filled.items():
        says = _newly_broken(_broken(was.filled[pk], was.around), _broken(fact, becomes.around))
        if says:
            rule = items[becomes.items[pk].key]
            found.append(Break(pk, rule.ref, fact.type.title, tuple(says)))
    return tuple(found)


def _broken(fact: Filled, around: Around) -> Broken:
    """The broken rules of a fact, by rule and place."""
    found: dict[tuple[str, str, int | None], list[Finding]] = {}
    for check, finding in broken_rules(fact, around):
        found.setdefault((check, finding.field, finding.row), []).append(finding)
    return found


def _newly_broken(was: Broken, becomes: Broken) -> list[str]:
    """What is broken in more ways than before; a sentence may name another day, as it will."""
    return [
        one.says
        for place, found in becomes.items()
        if len(found) > len(was.get(place, ()))
        for one in found
    ]
