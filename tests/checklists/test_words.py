"""Bands, conditions and signing in plain words."""

from fractions import Fraction

import pytest

from readiness.checklists import words
from readiness.checklists.models import Facet, Item, Version
from readiness.rules.scheme import Band, Measure, Outcome, Scheme

FACETS = {
    "serving": Facet(key="serving", title="How is it served?", kind="multi_choice"),
    "tier": Facet(key="tier", title="Availability target", kind="choice"),
    "genai": Facet(key="genai", title="Does it write?", kind="boolean"),
}


def bands(*starts: tuple[str, bool]) -> tuple[Band, ...]:
    """Bands that start here; the flag says whether the start is inside."""
    lowest = Band("lowest", "Lowest", Outcome.INFO)
    return lowest, *(
        Band(f"band-{place}", "Band", Outcome.INFO, Fraction(start), included)
        for place, (start, included) in enumerate(starts)
    )


@pytest.mark.parametrize(
    ("starts", "measure", "said"),
    [
        ([("4/5", True), ("19/20", False)], "share", ["Below 80%", "80% to 95%", "More than 95%"]),
        (
            [("3/4", True), ("9/10", True)],
            "share",
            ["Below 75%", "75% to below 90%", "90% or more"],
        ),
        (
            [("1/2", False), ("3/4", True)],
            "share",
            ["Up to 50%", "More than 50%, below 75%", "75% or more"],
        ),
        ([], "share", ["Every score"]),
        ([("2/3", True)], "share", ["Below 66.7%", "66.7% or more"]),
        (
            [("0", False), ("1", False)],
            "sum",
            ["0 points", "More than 0, up to 1 point", "More than 1 point"],
        ),
        ([("5", True)], "sum", ["Below 5 points", "5 or more points"]),
        ([("1", True)], "required", ["Not every item is met", "Every item is met"]),
    ],
)
def test_bands_say_which_scores_they_admit(starts, measure, said):
    scheme = Scheme(measure=Measure(measure), bands=bands(*starts))

    assert words.ranges(scheme) == said


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (None, ""),
        ("always", ""),
        ({"serving": "online"}, "How is it served? online"),
        (
            {"serving": ["online", "near_line", "batch"]},
            "How is it served? online, near line or batch",
        ),
        ({"tier": "a"}, "Availability target: a"),
        ({"genai": False}, "Does it write? no"),
        ({"genai": True, "tier": "a"}, "Does it write? yes, and Availability target: a"),
        (
            {"any": [{"genai": True}, {"tier": "a"}]},
            "Does it write? yes, or Availability target: a",
        ),
    ],
)
def test_conditions_are_questions_with_the_answers_they_want(wanted, said):
    assert words.condition(wanted, FACETS) == said


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (Version(), "Anyone who works on the launch may sign off."),
        (Item(), ""),
        (Item(signing_rule="peer"), "Someone other than the owner signs off."),
        (
            Item(signing_rule="role_quorum", signing_duty="sre", signing_quorum=2),
            "2 people with the duty Platform engineer must sign off.",
        ),
        (
            Item(signing_rule="role_quorum", signing_duty="sre", signing_quorum=1),
            "1 person with the duty Platform engineer must sign off.",
        ),
    ],
)
def test_signing_says_who(thing, said):
    assert words.signing(thing, {"sre": "Platform engineer"}) == said


@pytest.mark.parametrize(
    ("invalidated_by", "said"),
    [
        ([], ""),
        (["team"], "team"),
        (["model_version", "feature_set", "team"], "model version, feature set or team"),
    ],
)
def test_what_makes_a_sign_off_fall_is_a_plain_list(invalidated_by, said):
    assert words.again_when(Item(invalidated_by=invalidated_by)) == said
