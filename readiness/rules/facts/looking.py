"""Looking at a fact: what it computes, which of its rules are broken, and whether it counts."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from readiness.rules.facts import operating, rollout, testing, triggers
from readiness.rules.facts.around import WHOLE, Around, Broken, Filled, Row
from readiness.rules.facts.definitions import FactType, Field, Level
from readiness.rules.facts.experiment import size_of
from readiness.rules.facts.values import Value

Check = Callable[[Filled, Around], Iterator[Broken]]

CHECKS: Mapping[str, Mapping[str, Check]] = {
    "rollback_triggers": triggers.CHECKS,
    "rollout_plan": rollout.PLAN,
    "rollback_ownership": rollout.OWNERSHIP,
    "experiment_plan": testing.EXPERIMENT,
    "freshness_slas": operating.FRESHNESS,
    "load_test": testing.LOAD_TEST,
    "post_launch_review": operating.REVIEW,
    "rollback_rehearsal": operating.REHEARSAL,
}
COMPUTED: Mapping[str, Mapping[str, Callable[[Row, Around], Value]]] = {
    "experiment_plan": {
        "sample_size_total": lambda row, around: (size := size_of(row.values)) and size.total,
        "min_days": lambda row, around: (size := size_of(row.values)) and size.days,
    },
    "load_test": {"required_rps": lambda row, around: testing.required_rps(row)},
    "post_launch_review": {
        "event_uid": lambda row, around: f"launch-{around.launch}-review",
        "proposed_at": lambda row, around: operating.proposed_review(
            around, row.get("days_after_launch")
        ),
    },
    "rollback_rehearsal": {"passed": lambda row, around: operating.passed(row)},
}
# Computed once, from who saved or accepted, and kept with the row from then on.
KEPT = {
    "experiment_plan": ("author",),
    "rollback_ownership": ("accepted_by_owner_at", "accepted_by_deputy_at"),
}


class Finding(NamedTuple):
    """A broken rule, or something that is missing, at its level."""

    level: Level
    says: str
    field: str = ""
    row: int | None = None


def findings_of(fact: Filled, around: Around) -> tuple[Finding, ...]:
    """All that is wrong with a fact, what weighs most first."""
    found = [*_missing(fact), *(one for _, one in broken_rules(fact, around))]
    return tuple(sorted(found, key=lambda one: [*Level].index(one.level)))


def broken_rules(fact: Filled, around: Around) -> Iterator[tuple[str, Finding]]:
    """Every way in which a rule is broken, with the rule's name."""
    for rule in fact.type.rules:
        for broken in CHECKS[fact.type.key][rule.check](fact, around):
            yield rule.check, Finding(rule.level, *broken)


def is_sound(fact: Filled, findings: tuple[Finding, ...]) -> bool:
    """Whether a fact is there and nothing keeps it from counting.

    What a rule refuses to save may become so later, when the launch moves: then it keeps the
    fact from counting as a block does.
    """
    return bool(fact.rows) and all(one.level is Level.WARN for one in findings)


def errors_of(fact: Filled, around: Around, number: int) -> list[Finding]:
    """Why a row cannot be saved like this."""
    return [
        one
        for one in findings_of(fact, around)
        if one.level is Level.ERROR and one.row in (None, number)
    ]


def computed(type_: FactType, row: Row, around: Around) -> dict[str, Value]:
    """What follows from a row, by field; nobody ever types it in."""
    return {name: work(row, around) for name, work in COMPUTED.get(type_.key, {}).items()}


def _missing(fact: Filled) -> Iterator[Finding]:
    """What has to be filled in before the fact is complete."""
    for row in fact.rows:
        names = [*_unsaid(fact.type.fields_of(row.number), row)]
        if names:
            where = f"{fact.type.row.capitalize()} {row.get('name') or row.number}: "
            says = f"{where if fact.type.many else ''}Still missing: {', '.join(names)}."
            yield Finding(Level.BLOCK, says, "", row.number)


def _unsaid(fields: tuple[Field, ...], row: Row) -> Iterator[str]:
    for field in fields:
        value = row.get(field.key)
        if field.required and value in (None, [], ""):
            yield field.label
        for number, line in enumerate(value or [] if field.record else [], start=1):
            for name in _unsaid(field.record, Row(WHOLE, line)):
                yield f"{name} of {field.row} {number}"
