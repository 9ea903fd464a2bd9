"""Bands are cuts."""

from fractions import Fraction

import pytest

from readiness.rules.scheme import DEFAULT, Band, Outcome, Scheme, band_of, check_bands

LITTLE = Fraction(1, 10**12)


def band(key: str, start: object = None, *, included: bool = True) -> Band:
    return Band(key, key, Outcome.INFO, None if start is None else Fraction(start), included)


@pytest.mark.parametrize(
    ("score", "key"),
    [
        (Fraction(0), "delay"),
        (Fraction(4, 5) - LITTLE, "delay"),
        (Fraction(4, 5), "monitor"),
        (Fraction(4, 5) + LITTLE, "monitor"),
        (Fraction(19, 20) - LITTLE, "monitor"),
        (Fraction(19, 20), "monitor"),
        (Fraction(19, 20) + LITTLE, "ready"),
        (Fraction(1), "ready"),
    ],
)
def test_a_score_at_a_border_belongs_where_the_rule_says(score, key):
    assert band_of(score, DEFAULT).key == key


def test_no_score_has_no_band():
    assert band_of(None, DEFAULT) is None


@pytest.mark.parametrize(
    "bands",
    [
        DEFAULT,
        [band("only")],
        [band("low"), band("at", 1), band("above", 1, included=False)],
    ],
)
def test_bands_that_name_every_score_have_no_problem(bands):
    assert check_bands(bands) == []


UPWARDS = "Bands must run from the lowest up."


@pytest.mark.parametrize(
    ("bands", "problem"),
    [
        ([], "There must be at least one band."),
        ([band("low", 0)], 'The lowest band, "low", must admit every score.'),
        ([band("low"), band("low", 1)], "Bands need keys of their own, and none may be "),
        ([band("not_assessable")], "Bands need keys of their own, and none may be "),
        ([band("low"), band("high")], "Every band above the lowest must say where it starts."),
        ([band("low"), band("a", 1), band("b", "1/2")], UPWARDS),
        ([band("low"), band("a", 1), band("b", 1)], UPWARDS),
        ([band("low"), band("a", 1, included=False), band("b", 1)], UPWARDS),
    ],
)
def test_bands_that_cannot_name_every_score_are_refused_in_words(bands, problem):
    [said] = check_bands(bands)

    assert said.startswith(problem)
    with pytest.raises(ValueError, match=said.split(",")[0]):
        Scheme(bands=tuple(bands))
