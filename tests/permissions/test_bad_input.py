"""Whatever is sent, the answer is one in words."""

import pytest

from tests.permissions.shots import shoot

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [20, 26])
def test_a_thousand_random_inputs_break_no_page_and_are_answered_in_words(seed):
    assert shoot(1_000, seed) == []
