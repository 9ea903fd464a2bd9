"""Whatever is sent, the answer is one in words."""

import pytest

from tests.permissions.shots import shoot

SHOTS, SEED = 2_000, 20


@pytest.mark.django_db
def test_no_input_breaks_a_page_and_every_answer_is_in_words():
    assert shoot(SHOTS, SEED) == []
