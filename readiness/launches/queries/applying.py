"""What a launch's facets make of its items' conditions."""

from dataclasses import dataclass

from readiness.launches.queries.pinned import Pinned
from readiness.rules import facets
from readiness.rules.facets import Answers
from readiness.rules.truth import Truth


@dataclass(frozen=True, slots=True)
class Conditions:
    """Whether an item applies, and whether it is a must-have."""

    applies: Truth
    blocker: Truth


def conditions_of(version: Pinned, answers: Answers) -> dict[str, Conditions]:
    """The conditions of every item under these answers, by key."""
    return {
        key: Conditions(
            applies=facets.holds(rule.applies_when, version.facets, answers, absent=Truth.YES),
            blocker=facets.holds(rule.blocker, version.facets, answers, absent=Truth.NO),
        )
        for key, rule in version.items.items()
    }


def comings_and_goings(
    version: Pinned, was: Answers, becomes: Answers
) -> tuple[list[str], list[str]]:
    """The keys of the items that a change of answers brings in, and takes out."""
    before, after = conditions_of(version, was), conditions_of(version, becomes)
    out_before = {key for key, one in before.items() if one.applies is Truth.NO}
    out_after = {key for key, one in after.items() if one.applies is Truth.NO}
    return (
        [key for key in version.items if key in out_before - out_after],
        [key for key in version.items if key in out_after - out_before],
    )
