"""What a change would do to a launch, before it is saved."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from readiness.launches.models import Candidate, Launch
from readiness.launches.queries.applying import comings_and_goings, conditions_of
from readiness.launches.queries.fact_foreseeing import Break, without_facts
from readiness.launches.queries.facts import Fact, facts_if, facts_of
from readiness.launches.queries.pinned import ItemRule, Pinned, pinned
from readiness.launches.queries.standing_on import LAUNCH_DATE, declared_of, parts_of
from readiness.rules import verdict as rule
from readiness.rules.basis import fingerprint
from readiness.rules.facets import Answers
from readiness.rules.truth import Truth
from readiness.web.locales import number

PROPOSED = ("name", "version", "digest")


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict in the words of its checklist."""

    outcome: str
    title: str
    shown: str
    checked: int
    counted: int
    holds: int


@dataclass(frozen=True, slots=True)
class Falling:
    """The items whose sign-offs would stop counting or count again, and the verdict then.

    `breaks` are the facts that would break a rule.
    """

    items: tuple[ItemRule, ...]
    returning: tuple[ItemRule, ...]
    stand_on: str
    was: Said
    becomes: Said
    breaks: tuple[Break, ...] = ()

    @property
    def seal(self) -> str:
        """What a person confirms: these items and facts, and no others that come meanwhile."""
        facts = (f"fact-{one.item}" for one in self.breaks)
        return " ".join([*(one.key for one in self.items), *facts])


@dataclass(frozen=True, slots=True)
class Answered:
    """The items that new answers bring in, take out, or make must-haves; and the verdict."""

    comings: tuple[ItemRule, ...]
    goings: tuple[ItemRule, ...]
    must_haves: tuple[ItemRule, ...]
    no_longer: tuple[ItemRule, ...]
    was: Said
    becomes: Said

    @property
    def changes_nothing(self) -> bool:
        return not (self.comings or self.goings or self.must_haves or self.no_longer)


def falling(
    launch: Launch, *, candidate: Mapping[str, str], launch_on: date, now: datetime
) -> Falling:
    """What a new candidate or a new date would take away, and bring back."""
    then, changed = copy(launch), []
    if any(candidate[name] != getattr(launch.candidate, name) for name in PROPOSED):
        changed.append(str(launch.candidate))
        then.candidate = Candidate(**{name: candidate[name] for name in PROPOSED})
    if launch_on != launch.launch_on:
        changed.append("the launch date")
    return _foreseen(launch, then, changed, declared_of(launch), launch_on, now)


def falling_with(launch: Launch, *, kind: str, value: str, now: datetime) -> Falling:
    """What another value of a configuration would take away, and bring back."""
    declared = declared_of(launch) | {kind: value}
    changed = [f"the {kind.replace('_', ' ')}"]
    return _foreseen(launch, launch, changed, declared, launch.launch_on, now)


def _foreseen(
    launch: Launch,
    then: Launch,
    changed: Sequence[str],
    declared: Mapping[str, str],
    launch_on: date,
    now: datetime,
) -> Falling:
    """The items before and after: the verdict on both sides is the rule's own."""
    version, facts = pinned(launch.version_id), facts_of(launch, now)
    bases = {}
    for fact in facts:
        parts = parts_of(then, version.items[fact.key], declared)
        if LAUNCH_DATE in parts:
            parts[LAUNCH_DATE] = launch_on.isoformat()
        bases[fact.pk] = fingerprint(parts)
    after: Sequence[Fact] = facts
    if changed:
        after = without_facts(then, facts_if(launch, bases, now), launch_on, now)
    signed = [
        (was.key, was.signed(now), 0 if _lacks(was, becomes) else becomes.signed(now))
        for was, becomes in zip(facts, after, strict=True)
    ]
    return Falling(
        items=rules_of(version, [key for key, was, becomes in signed if becomes < was]),
        returning=rules_of(version, [key for key, was, becomes in signed if becomes > was]),
        stand_on=" and ".join(changed),
        was=said(rule.judge(items_of(facts), version.scheme, now), version),
        becomes=said(rule.judge(items_of(after), version.scheme, now), version),
    )


def _lacks(was: Fact, becomes: Fact) -> bool:
    """Whether a check would become incomplete by the change."""
    return becomes.item.provisional and not was.item.provisional


def if_answered(launch: Launch, answers: Answers, now: datetime) -> Answered:
    """What these answers would make of the launch."""
    version, facts = pinned(launch.version_id), facts_of(launch, now)
    comings, goings = comings_and_goings(version, launch.facets, answers)
    before, after = conditions_of(version, launch.facets), conditions_of(version, answers)
    open_before = {key for key, one in before.items() if one.blocker is not Truth.NO}
    open_after = {key for key, one in after.items() if one.blocker is not Truth.NO}
    changed = [
        fact.item._replace(applies=after[fact.key].applies, blocker=after[fact.key].blocker)
        for fact in facts
    ]
    return Answered(
        comings=rules_of(version, comings),
        goings=rules_of(version, goings),
        must_haves=rules_of(version, open_after - open_before - set(goings)),
        no_longer=rules_of(version, open_before - open_after - set(goings)),
        was=said(rule.judge(items_of(facts), version.scheme, now), version),
        becomes=said(rule.judge(changed, version.scheme, now), version),
    )


def items_of(facts: Iterable[Fact]) -> list:
    return [fact.item for fact in facts]


def rules_of(version: Pinned, keys: Iterable[str]) -> tuple[ItemRule, ...]:
    """The items of these keys, in the checklist's order."""
    wanted = set(keys)
    return tuple(one for key, one in version.items.items() if key in wanted)


def said(verdict: rule.Verdict, version: Pinned) -> Said:
    return Said(
        outcome=verdict.outcome.value if verdict.band else verdict.key,
        title=verdict.band.title if verdict.band else "Nothing to assess",
        shown=number(verdict.shown),
        checked=verdict.checked,
        counted=verdict.counted,
        holds=len(verdict.holds),
    )
