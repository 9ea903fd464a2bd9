"""The formula that people read adds up to the verdict, in all its forms."""

import random
from fractions import Fraction
from types import SimpleNamespace

import pytest

from readiness.launches.queries.formula import cuts_of, formula_of, sections_of, written
from readiness.rules.scheme import (
    Aggregate,
    Band,
    Measure,
    NaCountsAs,
    Outcome,
    Scheme,
    WaiverCountsAs,
)
from readiness.rules.states import Item, Na
from readiness.rules.truth import Truth
from readiness.rules.verdict import judge
from tests import make

HALF = Fraction(1, 2)
POINTS = (
    Band("weak", "Weak", Outcome.INFO),
    Band("strong", "Strong", Outcome.INFO, Fraction(3), start_included=False),
)
SECTIONS = [SimpleNamespace(key=key, number=place, title=key.upper())
            for place, key in enumerate("abc", start=1)]  # fmt: skip


def content_of(scheme):
    """As much of a pinned version as a formula looks at."""
    return SimpleNamespace(scheme=scheme, sections=SECTIONS)


def item(key, **said):
    return Item(key=key, section=str(said.pop("section", "a")), **said)


def told(items, **policy):
    """The formula as somebody would read it out."""
    scheme = Scheme(**policy)
    formula = formula_of(judge(items, scheme, make.NOW), content_of(scheme))
    earned = " + ".join(f"{one.number} {one.label}" for one in formula.earned)
    whole = f"{formula.whole.number} {formula.whole.label}" if formula.whole else ""
    less = "".join(f" - {one.number} {one.label}" for one in formula.less)
    over = f" {formula.sign} ({whole}{less})" if whole else ""
    return f"{earned}{over} = {formula.result} {formula.range}"


def items(met, left=0, **more):
    """So many items that are met, so many that are open, and others."""
    done = [item(f"met{place}", credit=Fraction(1)) for place in range(met)]
    return [*done, *[item(f"open{place}") for place in range(left)], *more.get("others", [])]


def waived(key):
    return item(key, waiver_until=make.NOW.replace(year=2030))


def left_out(key):
    return item(key, na=Na.CONFIRMED)


@pytest.mark.parametrize(
    ("given", "policy", "said"),
    [
        (
            items(33, 6, others=[left_out("n")]),
            {},
            "33 checked ÷ (40 items - 1 not applicable) = 84.6% from 80% to 95%",
        ),
        (items(38, 2), {}, "38 checked ÷ (40 items) = 95% from 80% to 95%"),
        (items(39, 1), {}, "39 checked ÷ (40 items) = 97.5% over 95%"),
        (items(0, 3), {}, "0 checked ÷ (3 items) = 0% under 80%"),
        (
            items(1, 1, others=[item("h", credit=HALF)]),
            {},
            "1 checked + 0.5 answered in part ÷ (3 items) = 50% under 80%",
        ),
        (
            items(1, 1, others=[left_out("n")]),
            {"na_counts_as": NaCountsAs.MET},
            "1 checked + 1 not applicable, counted as met ÷ (3 items) = 66.7% under 80%",
        ),
        (
            items(1, 1, others=[item("f", applies=Truth.NO)]),
            {"na_counts_as": NaCountsAs.MET},
            "1 checked ÷ (3 items - 1 not applicable) = 50% under 80%",
        ),
        (
            items(1, 1, others=[waived("w")]),
            {"waiver_counts_as": WaiverCountsAs.EXCLUDED},
            "1 checked ÷ (3 items - 1 waived) = 50% under 80%",
        ),
        (
            items(1, 1, others=[waived("w")]),
            {"waiver_counts_as": WaiverCountsAs.MET},
            "1 checked + 1 waived, counted as met ÷ (3 items) = 66.7% under 80%",
        ),
        (
            items(1, 1, others=[item("z", weight=Fraction(0))]),
            {},
            "1 checked ÷ (3 items - 1 only inform) = 50% under 80%",
        ),
        (
            [item("x", weight=Fraction(2), credit=Fraction(1)), item("y"), left_out("n")],
            {},
            "2 checked ÷ (4 weight of 3 items - 1 not applicable) = 66.7% under 80%",
        ),
        (
            [*items(2), item("h", credit=HALF)],
            {"measure": Measure.SUM, "bands": POINTS},
            "2 checked + 0.5 answered in part = 2.5 up to 3",
        ),
        (
            items(4),
            {"measure": Measure.SUM, "bands": POINTS},
            "4 checked = 4 over 3",
        ),
        (
            items(2, 1),
            {"measure": Measure.REQUIRED},
            "2 met in full of (3 items that count) = 0% under 80%",
        ),
        (
            [*items(4), item("b1", section="b", credit=Fraction(1)), item("b2", section="b")],
            {"aggregate": Aggregate.MIN_OF_SECTIONS},
            "1 checked ÷ (2 items) = 50% under 80%",
        ),
    ],
)
def test_the_formula_says_every_number_and_what_it_counts(given, policy, said):
    assert told(given, **policy) == said


def test_the_formula_adds_up_to_the_exact_score_whatever_the_policy():
    dice = random.Random(5)
    for _ in range(500):
        scheme = Scheme(
            aggregate=dice.choice(list(Aggregate)),
            na_counts_as=dice.choice(list(NaCountsAs)),
            waiver_counts_as=dice.choice(list(WaiverCountsAs)),
        )
        given = [an_item(dice, place) for place in range(dice.randint(1, 12))]
        verdict = judge(given, scheme, make.NOW)

        formula = formula_of(verdict, content_of(scheme))

        if verdict.score is None or not verdict.total:
            continue
        earned = sum(one.value for one in formula.earned)
        whole = formula.whole.value - sum(one.value for one in formula.less)
        assert (earned / whole, earned, whole) == (verdict.score, verdict.earned, verdict.total)


def an_item(dice, place):
    return item(
        f"item{place}",
        section=dice.choice("abc"),
        position=place,
        weight=dice.choice([Fraction(1), Fraction(1), Fraction(2), HALF, Fraction(0)]),
        credit=dice.choice([Fraction(0), HALF, Fraction(1), Fraction(1)]),
        applies=dice.choice([Truth.YES, Truth.YES, Truth.NO, Truth.UNKNOWN]),
        na=dice.choice([None, None, Na.CONFIRMED, Na.PROPOSED]),
        waiver_until=dice.choice([None, None, make.NOW.replace(year=2030)]),
    )


def test_the_weakest_section_is_named_where_it_decides():
    given = [
        *items(4),
        item("b1", section="b", position=8, credit=Fraction(1)),
        item("b2", section="b", position=9),
    ]
    scheme = Scheme(aggregate=Aggregate.MIN_OF_SECTIONS)
    verdict = judge(given, scheme, make.NOW)

    scores = sections_of(verdict, content_of(scheme))

    assert [(one.title, one.score, one.decides) for one in scores] == [
        ("1. A", "100%", False),
        ("2. B", "50%", True),
    ]
    notes = formula_of(verdict, content_of(scheme)).notes
    assert notes[0] == "The weakest section decides: B."


def test_the_cuts_say_on_which_side_their_borders_are():
    scheme = Scheme()
    verdict = judge(items(4, 1), scheme, make.NOW)

    cuts = cuts_of(verdict, scheme)

    assert [(one.title, one.range, one.is_here) for one in cuts] == [
        ("Delay", "under 80%", False),
        ("Extra monitoring", "from 80% to 95%", True),
        ("Ready", "over 95%", False),
    ]


def test_a_band_that_ends_where_the_next_begins_is_said_to_end_under_it():
    bands = (
        Band("stop", "Stop", Outcome.NO_GO),
        Band("limited", "Limited", Outcome.CONDITIONAL, Fraction(3, 4)),
        Band("cleared", "Cleared", Outcome.GO, Fraction(1)),
    )
    scheme = Scheme(bands=bands)

    cuts = cuts_of(judge(items(3, 1), scheme, make.NOW), scheme)

    ranges = [one.range for one in cuts]
    assert ranges == ["under 75%", "from 75% to under 100%", "from 100%"]


@pytest.mark.parametrize(
    ("value", "said"),
    [(Fraction(33), "33"), (HALF, "0.5"), (Fraction(5, 4), "1.25"), (Fraction(4, 3), "1 1/3")],
)
def test_numbers_are_written_without_loss(value, said):
    assert written(value) == said
