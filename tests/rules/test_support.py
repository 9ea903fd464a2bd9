"""How long evidence supports an item, with every border."""

from datetime import timedelta

import pytest

from readiness.rules.support import Piece, Support, ends_at, support_of
from tests.rules.given import NOW

DAY = timedelta(days=1)
LINK = Piece("link", NOW)
OLD = Piece("link", NOW - 40 * DAY)
METRIC = Piece("metric", NOW - 10 * DAY)
SHORT = Piece("metric", NOW - 10 * DAY, NOW + 2 * DAY)
GONE = Piece("note", NOW - 10 * DAY, NOW - 2 * DAY)


@pytest.mark.parametrize(
    ("pieces", "kinds", "days", "support"),
    [
        ([], (), None, Support(lacks=False, until=None)),
        ([], ("metric",), 30, Support(lacks=False, until=None)),
        ([LINK], (), None, Support(until=None)),
        ([LINK], ("metric",), None, Support(lacks=True)),
        ([LINK, METRIC], ("metric",), None, Support(until=None)),
        ([METRIC], ("metric",), 30, Support(until=NOW + 20 * DAY)),
        ([LINK, METRIC], (), 30, Support(until=NOW + 30 * DAY)),
        ([OLD], (), 30, Support(until=NOW - 10 * DAY)),
        ([OLD, METRIC], (), 30, Support(until=NOW + 20 * DAY)),
        ([SHORT], (), None, Support(until=NOW + 2 * DAY)),
        ([SHORT], (), 30, Support(until=NOW + 2 * DAY)),
        ([SHORT], (), 11, Support(until=NOW + DAY)),
        ([SHORT, LINK], (), None, Support(until=None)),
        ([SHORT, LINK], ("metric",), None, Support(until=NOW + 2 * DAY)),
        ([GONE], (), None, Support(until=NOW - 2 * DAY)),
        ([GONE, SHORT], (), None, Support(until=NOW + 2 * DAY)),
    ],
)
def test_what_evidence_is_worth_to_an_item(pieces, kinds, days, support):
    max_age = None if days is None else timedelta(days=days)

    assert support_of(pieces, kinds=kinds, max_age=max_age) == support


def test_the_order_of_evidence_changes_nothing():
    pieces = [LINK, OLD, METRIC, SHORT, GONE]

    found = {
        support_of(order, kinds=(), max_age=30 * DAY)
        for order in (pieces, pieces[::-1], pieces[2:] + pieces[:2])
    }

    assert found == {Support(until=NOW + 30 * DAY)}


def test_a_piece_ends_as_it_expires_or_once_it_is_too_old():
    assert ends_at(LINK, None) is None
    assert ends_at(LINK, DAY) == NOW + DAY
    assert ends_at(SHORT, None) == NOW + 2 * DAY
    assert ends_at(SHORT, 100 * DAY) == NOW + 2 * DAY
    assert ends_at(SHORT, 10 * DAY) == NOW
