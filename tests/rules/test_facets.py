"""Conditions on facets."""

import pytest

from readiness.rules.facets import Facet, check_condition, holds
from readiness.rules.truth import Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
FACETS = {
    "genai": Facet("genai", "boolean"),
    "tier": Facet("tier", "choice", ("a", "b", "c")),
    "serving": Facet("serving", "multi_choice", ("online", "batch", "edge")),
}


@pytest.mark.parametrize(
    ("condition", "answers", "truth"),
    [
        ("always", {}, YES),
        ("sometimes", {}, UNKNOWN),
        ({"genai": True}, {"genai": True}, YES),
        ({"genai": True}, {"genai": False}, NO),
        ({"genai": False}, {"genai": False}, YES),
        ({"genai": True}, {}, UNKNOWN),
        ({"genai": True}, {"genai": None}, UNKNOWN),
        ({"genai": True}, {"genai": "yes"}, UNKNOWN),
        ({"tier": "a"}, {"tier": "a"}, YES),
        ({"tier": "a"}, {"tier": "b"}, NO),
        ({"tier": ["a", "b"]}, {"tier": "b"}, YES),
        ({"tier": ["a", "b"]}, {"tier": "c"}, NO),
        ({"tier": "a"}, {"tier": ""}, UNKNOWN),
        ({"tier": "a"}, {"tier": "d"}, UNKNOWN),
        ({"serving": "online"}, {"serving": ["online", "batch"]}, YES),
        ({"serving": ["online", "edge"]}, {"serving": ["edge"]}, YES),
        ({"serving": ["online", "edge"]}, {"serving": ["batch"]}, NO),
        ({"serving": "online"}, {"serving": []}, UNKNOWN),
        ({"serving": "online"}, {"serving": ["fax"]}, UNKNOWN),
        ({"serving": "online"}, {"serving": ["fax", "online"]}, YES),
        ({"serving": "online"}, {"serving": ["fax", "batch"]}, UNKNOWN),
        ({"serving": "online"}, {}, UNKNOWN),
        ({"genai": True, "tier": "a"}, {"genai": True, "tier": "a"}, YES),
        ({"genai": True, "tier": "a"}, {"genai": True}, UNKNOWN),
        ({"genai": True, "tier": "a"}, {"genai": False}, NO),
        ({"any": [{"genai": True}, {"tier": "a"}]}, {"genai": True}, YES),
        ({"any": [{"genai": True}, {"tier": "a"}]}, {"genai": False}, UNKNOWN),
        ({"any": [{"genai": True}, {"tier": "a"}]}, {"genai": False, "tier": "b"}, NO),
        ({"any": [{"genai": True, "tier": "a"}, {"tier": "b"}]}, {"tier": "c"}, NO),
        ({"removed": True}, {"removed": True}, UNKNOWN),
    ],
)
def test_a_condition_holds_only_as_far_as_it_is_answered(condition, answers, truth):
    assert holds(condition, FACETS, answers, absent=NO) == truth


@pytest.mark.parametrize("absent", [YES, NO])
def test_no_condition_means_what_the_caller_says(absent):
    assert holds(None, FACETS, {}, absent=absent) == absent


@pytest.mark.parametrize(
    "condition",
    [
        None,
        "always",
        {"genai": False},
        {"tier": ["a", "c"], "serving": "edge"},
        {"any": [{"genai": True}, {"tier": "a"}]},
    ],
)
def test_a_condition_on_known_facets_has_no_problem(condition):
    assert check_condition(condition, FACETS) == []


@pytest.mark.parametrize(
    ("condition", "problems"),
    [
        ("never", ['"never" is no condition: write "always" or name facets.']),
        ({}, ["A condition names at least one facet."]),
        ({"gen_ai": True}, ['There is no facet "gen_ai".']),
        ({"genai": "yes"}, ['"genai" is answered by true or false.']),
        ({"genai": [True]}, ['"genai" is answered by true or false.']),
        ({"tier": "d"}, ['"d" is no option of "tier".']),
        ({"tier": True}, ['"True" is no option of "tier".']),
        ({"tier": []}, ['The list for "tier" is empty.']),
        ({"serving": ["online", "fax"]}, ['"fax" is no option of "serving".']),
        ({"any": {"genai": True}}, ['"any" stands alone and holds a list of conditions.']),
        ({"any": [], "genai": True}, ['"any" stands alone and holds a list of conditions.']),
        ({"any": []}, ['"any" needs at least one condition.']),
        (
            {"any": [{"x": 1}, {"tier": "d"}]},
            ['There is no facet "x".', '"d" is no option of "tier".'],
        ),
    ],
)
def test_what_is_wrong_with_a_condition_is_said_in_words(condition, problems):
    assert check_condition(condition, FACETS) == problems
