"""Facets say what kind of launch it is; conditions on them say which items apply.

A condition has the shape of the checklist file: `{facet: value or list, ...}` holds when
every facet matches, `{"any": [map, ...]}` when one of the maps does, "always" always.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from readiness.rules.truth import Truth, all_of, any_of

Answers = Mapping[str, bool | str | list[str]]
Condition = Mapping[str, object] | str | None

ALWAYS = "always"
ANY = "any"


class FacetKind(StrEnum):
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"


@dataclass(frozen=True, slots=True)
class Facet:
    """A question asked once per launch."""

    key: str
    kind: str  # a FacetKind
    options: tuple[str, ...] = ()


def holds(
    condition: Condition, facets: Mapping[str, Facet], answers: Answers, absent: Truth
) -> Truth:
    """Whether a condition holds for these answers; `absent` is what no condition means.

    An unanswered facet, and an answer that is none of the facet's options, is unknown:
    it never removes an item and never lifts a must-have.
    """
    if condition is None:
        return absent
    if isinstance(condition, str):
        return Truth.YES if condition == ALWAYS else Truth.UNKNOWN
    return any_of(
        all_of(_matches(facets.get(key), wanted, answers) for key, wanted in part.items())
        for part in _maps(condition)
    )


def check_condition(condition: Condition, facets: Mapping[str, Facet]) -> list[str]:
    """What is wrong with a condition, in words; nothing if it can be used."""
    if condition is None or condition == ALWAYS:
        return []
    if isinstance(condition, str):
        return [f'"{condition}" is no condition: write "always" or name facets.']
    if ANY in condition and (len(condition) > 1 or not isinstance(condition[ANY], list)):
        return ['"any" stands alone and holds a list of conditions.']
    maps = _maps(condition)
    if not maps:
        return ['"any" needs at least one condition.']
    if not all(maps):
        return ["A condition names at least one facet."]
    return [
        problem
        for part in maps
        for key, wanted in part.items()
        for problem in _problems(key, facets.get(key), wanted)
    ]


def _maps(condition: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    parts = condition.get(ANY)
    return parts if isinstance(parts, list) else [condition]


def _wanted(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _matches(facet: Facet | None, wanted: object, answers: Answers) -> Truth:
    if facet is None:
        return Truth.UNKNOWN
    answer = answers.get(facet.key)
    if facet.kind == FacetKind.BOOLEAN:
        return _truth(answer is wanted) if isinstance(answer, bool) else Truth.UNKNOWN
    chosen = answer if isinstance(answer, list) else [answer]
    if any(option in _wanted(wanted) and option in facet.options for option in chosen):
        return Truth.YES
    known = bool(chosen) and all(option in facet.options for option in chosen)
    return Truth.NO if known else Truth.UNKNOWN


def _truth(claim: object) -> Truth:
    return Truth.YES if claim else Truth.NO


def _problems(key: str, facet: Facet | None, wanted: object) -> list[str]:
    if facet is None:
        return [f'There is no facet "{key}".']
    if facet.kind == FacetKind.BOOLEAN:
        return [] if isinstance(wanted, bool) else [f'"{key}" is answered by true or false.']
    if not _wanted(wanted):
        return [f'The list for "{key}" is empty.']
    return [
        f'"{option}" is no option of "{key}".'
        for option in _wanted(wanted)
        if option not in facet.options
    ]
