"""Whatever is sent, the answer is one in words."""

import pytest

from tests.permissions.shots import shoot

pytestmark = pytest.mark.django_db


def test_a_thousand_random_inputs_break_no_page_and_are_answered_in_words():
    assert shoot(1_000, seed=20) == []
