"""The state of an item: the first row of the table that matches."""

from datetime import timedelta
from fractions import Fraction

import pytest

from readiness.rules.states import State, changes_at, counts, state_of
from readiness.rules.truth import Truth
from tests.rules.given import NOW, item

SOON = NOW + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("na_by_facet", State.NA_BY_FACET),
        ("unknown_facet", State.OPEN),
        ("na_confirmed", State.NA_CONFIRMED),
        ("na_ended", State.OPEN),
        ("na_forbidden", State.OPEN),
        ("na_proposed", State.NA_PROPOSED),
        ("open", State.OPEN),
        ("waived", State.OPEN),
        ("blocker_open", State.OPEN),
        ("disputed", State.DISPUTED),
        ("superseded", State.SUPERSEDED),
        ("expired", State.EXPIRED),
        ("expires_now", State.EXPIRED),
        ("expires_in_1us", State.MET),
        ("provisional", State.PROVISIONAL),
        ("partial", State.PARTIAL),
        ("met", State.MET),
    ],
)
def test_each_kind_of_item_has_its_state(kind, state):
    assert state_of(item(kind), NOW) == state


@pytest.mark.parametrize(
    ("ends", "state", "changes"),
    [
        ({"provisional_from": NOW}, State.PROVISIONAL, None),
        ({"provisional_from": SOON}, State.MET, SOON),
        ({"provisional_from": SOON, "expires_at": SOON + timedelta(days=1)}, State.MET, SOON),
        ({"provisional_from": NOW, "expires_at": SOON}, State.PROVISIONAL, SOON),
        ({"provisional_from": NOW, "expires_at": NOW}, State.EXPIRED, None),
    ],
)
def test_an_answer_lacks_something_from_an_instant_on(ends, state, changes):
    met = item("met", **ends)

    found = state_of(met, NOW)

    assert (found, changes_at(met, found, NOW)) == (state, changes)


FALLING = [
    ({"applies": Truth.NO}, State.NA_BY_FACET),
    ({"na": item("na_confirmed").na}, State.NA_CONFIRMED),
    ({"disputed": True}, State.DISPUTED),
    ({"superseded": True}, State.SUPERSEDED),
    ({"expires_at": NOW}, State.EXPIRED),
    ({"provisional": True}, State.PROVISIONAL),
    ({"credit": Fraction(1, 2)}, State.PARTIAL),
]


@pytest.mark.parametrize("first", range(len(FALLING)))
def test_the_first_row_that_matches_wins(first):
    everything_after = {
        name: value for change, _ in FALLING[first:] for name, value in change.items()
    }

    state = state_of(item("met", **everything_after), NOW)

    assert state == FALLING[first][1]


def test_an_answer_with_credit_outlives_a_proposed_not_applicable():
    proposed = item("na_proposed", credit=Fraction(1, 2))

    assert state_of(proposed, NOW) == State.PARTIAL


def test_a_confirmed_not_applicable_ends_at_its_very_instant():
    confirmed = item("na_confirmed", na_expires_at=SOON)

    assert state_of(confirmed, NOW) == State.NA_CONFIRMED
    assert state_of(confirmed, SOON) == State.OPEN


def test_only_what_does_not_apply_is_out_of_the_denominator():
    assert [state for state in State if not counts(state)] == [
        State.NA_BY_FACET,
        State.NA_CONFIRMED,
    ]
