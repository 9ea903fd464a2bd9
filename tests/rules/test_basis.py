"""The fingerprint of what a sign-off stands on."""

from hypothesis import given
from hypothesis import strategies as st

from readiness.rules.basis import fingerprint

PARTS = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=4)


@given(PARTS)
def test_the_order_of_the_parts_does_not_matter(parts):
    turned = dict(reversed(parts.items()))

    assert fingerprint(turned) == fingerprint(parts)


@given(PARTS, PARTS)
def test_other_parts_have_another_fingerprint(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


def test_a_fingerprint_stays_what_it_was_when_it_was_signed():
    parts = {"text": "Rehearsed", "model_version": "ranker@14.2.0"}

    found = fingerprint(parts)

    assert found == "1b3da2d32d6ff7306c8b192de907c419008a6e972b871cf5436e4b8660c90c1e"
