"""What an approval goes against, and what ends a GO: every border, without a database."""

from fractions import Fraction

import pytest

from readiness.launches.models import Decision
from readiness.launches.models.decisions import Says
from readiness.launches.policies import deciding
from readiness.rules.scheme import DEFAULT, Band, Outcome, Scheme
from readiness.rules.states import Item
from readiness.rules.truth import Truth
from readiness.rules.verdict import judge
from tests import make

INFO = Scheme(bands=(*DEFAULT, Band("chart", "Chart only", Outcome.INFO, Fraction(1))))
GO, CONDITIONAL = Says.APPROVE, Says.APPROVE_WITH_CONDITIONS


def verdict_of(checked, of=20, *, held=False, scheme=None):
    """A verdict on so many items, the first of which may be an open must-have."""
    items = [
        Item(
            key=f"item-{place}",
            section="a",
            position=place,
            credit=Fraction(of - place <= checked),
            blocker=Truth.YES if held and place == 0 else Truth.NO,
        )
        for place in range(of)
    ]
    return judge(items, scheme or Scheme(), make.NOW)


@pytest.mark.parametrize(
    ("verdict", "says", "against"),
    [
        (verdict_of(20), GO, ""),
        (verdict_of(20), CONDITIONAL, ""),
        (verdict_of(19), GO, "The verdict is Extra monitoring, which asks for conditions."),
        (verdict_of(19), CONDITIONAL, ""),
        (verdict_of(16), CONDITIONAL, ""),
        (verdict_of(15), CONDITIONAL, "The verdict is Delay, 75%."),
        (verdict_of(15), GO, "The verdict is Delay, 75%."),
        (verdict_of(39, 40, held=True), GO, "1 must-have is open."),
        (verdict_of(18, held=True), CONDITIONAL, "1 must-have is open."),
        (verdict_of(0, 0), GO, "There is nothing to assess."),
        (verdict_of(20, scheme=INFO), GO, "The verdict is Chart only, 100%."),
    ],
)
def test_what_an_approval_goes_against(verdict, says, against):
    assert deciding.against(verdict, Scheme(), says) == against


@pytest.mark.parametrize(
    ("decided_on", "becomes", "holds", "override", "because"),
    [
        ("ready", verdict_of(20), [], "", ""),
        ("monitor", verdict_of(16), [], "", ""),
        ("monitor", verdict_of(20), [], "", ""),
        ("ready", verdict_of(19), [], "", "The verdict fell from Ready to Extra monitoring, 95%."),
        ("monitor", verdict_of(15), [], "",
         "The verdict fell from Extra monitoring to Delay, 75%."),
        ("ready", verdict_of(0, 0), [], "", "The verdict fell from Ready to nothing to assess."),
        ("ready", verdict_of(39, 40, held=True), [], "", "A must-have is open again: The first."),
        ("monitor", verdict_of(20, scheme=INFO), [], "", "The verdict no longer allows a GO."),
        ("delay", verdict_of(0), [], "Delay.", ""),
        ("delay", verdict_of(20), [], "Delay.", ""),
        ("ready", verdict_of(39, 40, held=True), ["item-0"], "Held.", ""),
        ("ready", verdict_of(20), ["item-0"], "Held.", ""),
        (
            "monitor", verdict_of(18, held=True), [], "No conditions.",
            "A must-have is open again: The first.",
        ),
        ("monitor", verdict_of(3), [], "No conditions.",
         "The verdict fell from Extra monitoring to Delay, 15%."),
    ],
)  # fmt: skip
def test_what_ends_a_go(decided_on, becomes, holds, override, because):
    said = {"verdict": decided_on, "holds": holds, "against": override}
    decision = Decision(outcome="go", candidate_id=1, version_id=1, **said)

    found = deciding.fallen(
        decision,
        candidate=1,
        version=1,
        verdict=becomes,
        bands=INFO.bands,
        titles={"item-0": "The first"},
    )

    assert found == because


def test_a_go_is_for_one_candidate_and_one_version_of_the_checklist():
    decision = Decision(outcome="go", verdict="ready", holds=[], candidate_id=1, version_id=1)
    said = {"verdict": verdict_of(20), "bands": DEFAULT, "titles": {}}

    assert [
        deciding.fallen(decision, candidate=candidate, version=version, **said)
        for candidate, version in ((1, 1), (2, 1), (1, 2))
    ] == [
        "",
        "Another model version is proposed now.",
        "The launch moved to another version of its checklist.",
    ]
