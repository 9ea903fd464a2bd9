"""What the schema cannot say: that the parts of a checklist fit together."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import lcm
from typing import Any

from readiness.checklists.document.lines import Lines
from readiness.checklists.document.problems import Path, Problem
from readiness.checklists.facts.reading import fact_types
from readiness.rules import facets, scheme
from readiness.rules.scheme import Measure

Misfit = tuple[Path, str]
ItemPath = tuple[str, int, str, int]
LONGEST_NUMBER = 20
LARGEST_UNIT = 1_000_000_000
LARGEST_PART = 999_999_999


def rational(text: str) -> Fraction:
    """The exact value of "3", "0.1", "1/2" or "0.5/3"."""
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or "1")


def facets_of(value: dict[str, Any]) -> dict[str, facets.Facet]:
    return {
        facet["key"]: facets.Facet(facet["key"], facet["type"], tuple(facet.get("options", ())))
        for facet in value["facets"]
    }


def bands_of(value: dict[str, Any]) -> tuple[scheme.Band, ...]:
    return tuple(
        scheme.Band(
            key=band["key"],
            title=band["title"],
            outcome=scheme.Outcome(band["outcome"]),
            start=rational(band["from"]) if "from" in band else None,
            start_included=band.get("from_included", True),
            message=band.get("message", ""),
        )
        for band in value["scoring"]["bands"]
    )


def senseless(lines: Lines) -> list[Problem]:
    """Every place where a well-shaped file contradicts itself."""
    value = lines.value
    misfits = list(_long_numbers(value))
    if not misfits:
        checks = (_version, _twins, _facets, _answers, _bands, _weights, _items, _signings)
        misfits = [misfit for check in checks for misfit in check(value)]
    return [Problem(lines.of(path), sentence) for path, sentence in misfits]


def items_of(value: dict[str, Any]) -> Iterator[tuple[ItemPath, dict[str, Any]]]:
    """Every item with its path, in the order of the file."""
    for number, section in enumerate(value["sections"]):
        for place, item in enumerate(section["items"]):
            yield ("sections", number, "items", place), item


def _long_numbers(value: dict[str, Any]) -> Iterator[Misfit]:
    numbers: list[tuple[Path, str]] = [
        (("answers", place, "credit"), answer["credit"])
        for place, answer in enumerate(value["answers"])
    ]
    numbers += [
        (("scoring", "bands", place, "from"), band["from"])
        for place, band in enumerate(value["scoring"]["bands"])
        if "from" in band
    ]
    numbers += [((*path, "weight"), item.get("weight", "1")) for path, item in items_of(value)]
    numbers.append((("policy", "na_review_share"), value["policy"].get("na_review_share", "1/4")))
    for path, number in numbers:
        if len(number) > LONGEST_NUMBER:
            yield path, f"{path[-1]} has more than {LONGEST_NUMBER} signs."


def _version(value: dict[str, Any]) -> Iterator[Misfit]:
    path = ("template", "version")
    parts = value["template"]["version"].split(".")
    if any(len(part) > len(str(LARGEST_PART)) for part in parts):
        yield path, "version has a number that is too large."
    elif any(part != str(int(part)) for part in parts):
        yield path, "version has a number that starts with 0."


def _twins(value: dict[str, Any]) -> Iterator[Misfit]:
    """Keys that stand for two things; bands are checked with their order."""
    kinds: dict[str, Iterable[tuple[Path, dict[str, Any]]]] = {
        "facet": [(("facets", place), one) for place, one in enumerate(value["facets"])],
        "answer": [(("answers", place), one) for place, one in enumerate(value["answers"])],
        "section": [(("sections", place), one) for place, one in enumerate(value["sections"])],
        "item": items_of(value),
    }
    for kind, things in kinds.items():
        seen = set()
        for path, thing in things:
            if thing["key"] in seen:
                yield (*path, "key"), f'there are two {kind}s with the key "{thing["key"]}".'
            seen.add(thing["key"])


def _facets(value: dict[str, Any]) -> Iterator[Misfit]:
    for place, facet in enumerate(value["facets"]):
        is_choice = facet["type"] != facets.FacetKind.BOOLEAN
        if is_choice and "options" not in facet:
            yield ("facets", place), f'the facet "{facet["key"]}" needs options to choose from.'
        elif not is_choice and "options" in facet:
            yield (
                ("facets", place, "options"),
                f'the facet "{facet["key"]}" is answered by yes or no; leave its options out.',
            )
        if facet["key"] == facets.ANY:
            yield ("facets", place, "key"), f'a facet may not be called "{facets.ANY}".'


def _answers(value: dict[str, Any]) -> Iterator[Misfit]:
    earned = [rational(answer["credit"]) for answer in value["answers"]]
    for place, credit in enumerate(earned):
        if credit > 1:
            yield ("answers", place, "credit"), "credit is more than 1."
    if 0 not in earned:
        yield ("answers",), "one answer must have the credit 0."
    if 1 not in earned:
        yield ("answers",), "one answer must have the full credit, 1."


def _bands(value: dict[str, Any]) -> Iterator[Misfit]:
    bands = bands_of(value)
    for sentence in scheme.check_bands(bands):
        yield ("scoring", "bands"), sentence
    highest = None if value["scoring"]["measure"] == Measure.SUM else 1
    for place, band in enumerate(bands):
        if highest is not None and band.start is not None and band.start > highest:
            yield ("scoring", "bands", place, "from"), "from is more than 1, which nothing reaches."


def _weights(value: dict[str, Any]) -> Iterator[Misfit]:
    """Weights and credits must fit whole numbers that a database can add up."""
    kinds: dict[str, list[Misfit]] = {
        "weight": [((*path, "weight"), item.get("weight", "1")) for path, item in items_of(value)],
        "credit": [
            (("answers", place, "credit"), answer["credit"])
            for place, answer in enumerate(value["answers"])
        ],
    }
    for kind, numbers in kinds.items():
        unit = 1
        for path, number in numbers:
            unit = lcm(unit, rational(number).denominator)
            if unit * max(rational(number), Fraction(1)) > LARGEST_UNIT:
                yield path, f"{kind} is too fine or too large to be added up exactly."
                return
    if rational(value["policy"].get("na_review_share", "1/4")) > 1:
        yield ("policy", "na_review_share"), "na_review_share is more than 1."


def _items(value: dict[str, Any]) -> Iterator[Misfit]:
    questions, duties = facets_of(value), value["roles"]
    for path, item in items_of(value):
        for key in ("applies_when", "blocker"):
            for sentence in facets.check_condition(item.get(key), questions):
                yield (*path, key), f"{key}: {sentence}"
        if item.get("owner_role", "") not in {"", *duties}:
            yield (*path, "owner_role"), f'there is no role "{item["owner_role"]}".'
        for place, duty in enumerate(item.get("involves", ())):
            if duty not in duties:
                yield (*path, "involves", place), f'there is no role "{duty}".'
        if "fact" in item.get("requires", ()) and "fact" not in item:
            yield (*path, "requires"), "requires asks for a fact, but the item names none."
        elif "fact" in item.get("requires", ()) and item["fact"] not in fact_types():
            yield (*path, "fact"), f'nobody could fill in the fact "{item["fact"]}": it is unknown.'


def _signings(value: dict[str, Any]) -> Iterator[Misfit]:
    places: list[tuple[Path, dict[str, Any]]] = [(("policy",), value["policy"]), *items_of(value)]
    for path, around in places:
        duty = around.get("signing", {}).get("role", "")
        if duty not in {"", *value["roles"]}:
            yield (*path, "signing", "role"), f'there is no role "{duty}".'
