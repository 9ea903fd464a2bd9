"""The score as people read it."""

from fractions import Fraction

import pytest

from readiness.rules.percent import shown
from readiness.rules.scheme import Measure, Scheme
from tests.rules.given import POINTS, THIRDS


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (None, ""),
        ("0", "0%"),
        ("1", "100%"),
        ("31/40", "77.5%"),
        ("33/39", "84.6%"),
        ("34/39", "87.2%"),
        ("77/80", "96.3%"),
        ("1/8", "12.5%"),
        ("4/5", "80%"),
        ("7999/10000", "79.99%"),
        ("79949/100000", "79.9%"),
        ("7995/10000", "79.95%"),
        ("80004/100000", "80.004%"),
        ("8001/10000", "80.01%"),
        ("9501/10000", "95.01%"),
        ("95001/100000", "95.001%"),
        ("1/10000", "0.01%"),
        ("1/1000000", "0.0001%"),
        ("9999/10000", "99.99%"),
    ],
)
def test_a_share_is_shown_with_as_few_decimals_as_stay_on_its_side(score, text):
    assert shown(None if score is None else Fraction(score), Scheme()) == text


@pytest.mark.parametrize(
    ("score", "text"),
    [
        ("0", "0"),
        ("3", "3"),
        ("7/2", "3.5"),
        ("1/3", "0.3"),
        ("199/100", "1.99"),
        ("201/100", "2.01"),
        ("1/100", "0.01"),
        ("12", "12"),
    ],
)
def test_points_are_shown_as_points(score, text):
    scheme = Scheme(measure=Measure.SUM, bands=POINTS)

    assert shown(Fraction(score), scheme) == text


@pytest.mark.parametrize(
    ("score", "text"),
    [("1/3", "33.3%"), ("3334/10000", "33.34%"), ("3333/10000", "33.3%"), ("2/3", "66.7%")],
)
def test_a_cut_without_a_last_decimal_is_shown_all_the_same(score, text):
    assert shown(Fraction(score), Scheme(bands=THIRDS)) == text
