"""Three-valued logic."""

import pytest

from readiness.rules.truth import Truth, all_of, any_of

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, YES, NO, YES),
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, YES, UNKNOWN, YES),
        (UNKNOWN, NO, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_what_is_unknown_decides_only_what_the_rest_leaves_open(one, other, both, either):
    assert all_of([one, other]) == both
    assert any_of([one, other]) == either


def test_all_of_nothing_is_yes_and_any_of_nothing_is_no():
    assert all_of([]) == YES
    assert any_of([]) == NO
