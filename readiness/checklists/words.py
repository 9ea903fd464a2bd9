"""What a checklist says, in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from readiness.checklists.models import Facet, Item, NaNeeds, SigningRule, Version
from readiness.rules.facets import ANY
from readiness.rules.percent import shown
from readiness.rules.scheme import (
    Aggregate,
    Band,
    BlockerPolicy,
    EmptySection,
    Measure,
    NaCountsAs,
    Outcome,
    Scheme,
    WaiverCountsAs,
)

SCORES = {
    (Measure.SHARE, Aggregate.WHOLE): "The score is the checked share of the items that apply.",
    (Measure.SHARE, Aggregate.MIN_OF_SECTIONS): (
        "The score is the checked share of the items that apply, in the weakest section."
    ),
    (Measure.SUM, Aggregate.WHOLE): "The score is the sum of the points earned.",
    (Measure.SUM, Aggregate.MIN_OF_SECTIONS): (
        "The score is the sum of the points earned in the weakest section."
    ),
    (Measure.REQUIRED, Aggregate.WHOLE): "Every item that applies must be met.",
    (Measure.REQUIRED, Aggregate.MIN_OF_SECTIONS): (
        "Every item that applies must be met, in each section."
    ),
}
EMPTY_SECTIONS = {
    EmptySection.SKIP: "A section in which nothing counts is left out.",
    EmptySection.ZERO: "A section in which nothing counts scores zero.",
}
BLOCKERS = {
    BlockerPolicy.GATE_DECISION: (
        "An unmet must-have leaves the verdict as it is, but nobody can approve."
    ),
    BlockerPolicy.CAP_VERDICT: "An unmet must-have keeps the verdict at its lowest.",
    BlockerPolicy.OFF: "No item is a must-have.",
}
NA_NEEDS = {
    NaNeeds.SECOND_PERSON: "Not applicable needs a reason and a second person",
    NaNeeds.REASON: "Not applicable needs a reason",
}
NA_COUNTS = {
    NaCountsAs.EXCLUDED: "such an item is left out of the count.",
    NaCountsAs.MET: "such an item counts as done.",
}
WAIVERS = {
    WaiverCountsAs.OPEN: "A waived item still counts as open",
    WaiverCountsAs.EXCLUDED: "A waived item is left out of the count",
    WaiverCountsAs.MET: "A waived item counts as done",
}
SIGNINGS = {
    SigningRule.ANYONE: "Anyone who works on the launch may sign off.",
    SigningRule.OWNER: "The owner signs off.",
    SigningRule.PEER: "Someone other than the owner signs off.",
    SigningRule.INDEPENDENT: "Someone independent of the work signs off.",
    SigningRule.TWO_PERSONS: "Two people sign off.",
}
GLYPHS = {Outcome.NO_GO: "delay", Outcome.CONDITIONAL: "monitor", Outcome.GO: "ready"}


def ranges(scheme: Scheme) -> list[str]:
    """Which scores each band admits, in the order of the bands."""
    return [
        _range(band, above, scheme) for band, above in zip_longest(scheme.bands, scheme.bands[1:])
    ]


def _range(band: Band, above: Band | None, scheme: Scheme) -> str:
    if scheme.measure == Measure.REQUIRED:
        return "Every item is met" if band.start else "Not every item is met"
    low = shown(band.start, scheme)
    high = shown(above.start, scheme) if above else ""
    stops_below = above is not None and above.start_included
    if not low:
        said = _lowest(high, stops_below=stops_below)
    elif not high:
        said = f"{low} or more" if band.start_included else f"More than {low}"
    elif band.start_included:
        said = f"{low} to {'below ' if stops_below else ''}{high}"
    else:
        said = f"More than {low}, {'below' if stops_below else 'up to'} {high}"
    if scheme.measure == Measure.SUM and (low or high):
        said += " point" if said.endswith(" 1") else " points"
    return said


def _lowest(high: str, *, stops_below: bool) -> str:
    """What the band admits that has no start; nothing is less than 0."""
    if not high:
        return "Every score"
    if stops_below:
        return f"Below {high}"
    return high if high in ("0", "0%") else f"Up to {high}"


def condition(wanted: Mapping[str, Any] | str | None, facets: Mapping[str, Facet]) -> str:
    """A condition as the questions it asks and the answers it wants; nothing for always."""
    if not isinstance(wanted, Mapping):
        return ""
    parts = wanted.get(ANY, [wanted])
    return ", or ".join(
        ", and ".join(_question(facets[key], answer) for key, answer in part.items())
        for part in parts
    )


def _question(facet: Facet, answer: bool | str | Sequence[str]) -> str:  # noqa: FBT001
    if isinstance(answer, bool):
        wanted = "yes" if answer else "no"
    else:
        wanted = answer if isinstance(answer, str) else listed(map(spaced, answer), "or")
    title = facet.title if facet.title.endswith("?") else f"{facet.title}:"
    return f"{title} {spaced(wanted)}"


def signing(thing: Version | Item, duties: Mapping[str, str]) -> str:
    """Who signs off; nothing for an item that leaves it to its version."""
    if thing.signing_rule == SigningRule.ROLE_QUORUM:
        people = "person" if thing.signing_quorum == 1 else "people"
        title = duties[thing.signing_duty]
        said = f"{thing.signing_quorum} {people} with the duty {title} must sign off."
    else:
        said = SIGNINGS[SigningRule(thing.signing_rule)] if thing.signing_rule else ""
    return said if thing.signing_reaffirm else f"{said} Nobody re-affirms it in passing."


def policies(version: Version, scheme: Scheme, duties: Mapping[str, str]) -> list[str]:
    """Everything that turns ticks into a verdict, a sentence each."""
    sentences = [SCORES[scheme.measure, scheme.aggregate]]
    if scheme.aggregate == Aggregate.MIN_OF_SECTIONS:
        sentences.append(EMPTY_SECTIONS[scheme.empty_section])
    days = "1 day" if version.waiver_max_days == 1 else f"{version.waiver_max_days} days"
    share = Scheme(bands=scheme.bands)
    sentences += [
        BLOCKERS[scheme.blockers],
        f"{NA_NEEDS[NaNeeds(version.na_needs)]}; {NA_COUNTS[scheme.na_counts_as]}",
        f"More than {shown(scheme.na_review_share, share)} of items not applicable is pointed out.",
        f"{WAIVERS[scheme.waiver_counts_as]}, and a waiver ends after {days} at most.",
        "A sign-off that ran out, or lacks what its item requires, counts as open.",
        signing(version, duties),
    ]
    if any(band.outcome == Outcome.CONDITIONAL for band in scheme.bands):
        needs = listed(map(spaced, scheme.conditional_needs), "and")
        sentences.append(f"A go with conditions names {needs}.")
    if version.approver_quorum:
        people = (
            "1 approver" if version.approver_quorum == 1 else f"{version.approver_quorum} approvers"
        )
        sentences.append(f"A go takes {people}, unless a launch or its team says otherwise.")
    return sentences


def again_when(item: Item) -> str:
    """What makes a sign-off of this item fall."""
    return listed(map(spaced, item.invalidated_by), "or")


def spaced(name: str) -> str:
    return name.replace("_", " ")


def listed(words: Iterable[str], last: str) -> str:
    """One, two and three."""
    *most, final = [*words] or [""]
    return f"{', '.join(most)} {last} {final}" if most else final
