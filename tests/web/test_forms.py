"""Numbers come as people and machines write them, and are never more than they look."""

import pytest

from readiness.web.forms import whole_number


@pytest.mark.parametrize(
    ("said", "number"),
    [("7", 7), ("007", 7), ("999", 999), ("1000", 0), ("", 0), ("-1", 0), ("1.5", 0), ("٣", 0)],
)
def test_a_number_is_digits_and_not_too_many(said, number):
    assert whole_number(said, digits=3) == number
