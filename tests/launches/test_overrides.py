"""What goes against the verdict takes two people, and shows for ever."""

import pytest
from django.db import IntegrityError, transaction

from readiness.launches.models import DecisionSignature
from tests import make
from tests.launches.deciding import (
    OVERRIDE,
    room,
)
from tests.launches.given import refused

pytestmark = pytest.mark.django_db


def test_an_override_takes_a_reason_and_a_second_approver_and_says_so_for_ever():
    here = room(items=5, signed_off=2)
    here.ask()

    with refused("Say why you go against the verdict."):
        here.say(here.ann)
    proposal = here.say(here.ann, OVERRIDE)
    waiting = here.again().stage
    decision = here.confirm(proposal, here.bob).decision

    assert waiting == "in_review"
    assert here.again().stage == "approved"
    assert (decision.outcome, decision.is_override) == ("go", True)
    assert decision.against == "The verdict is Delay, 40%."
    assert decision.record["decision"]["against"] == "The verdict is Delay, 40%."
    assert [one["meaning"] for one in decision.record["signatures"]] == [
        (
            "I propose to approve this launch against the verdict recorded here: "
            "The verdict is Delay, 40%."
        ),
        "I confirm this override, exactly as it was proposed.",
    ]
    assert here.again().verdict == "delay"


def test_an_open_must_have_refuses_a_go_but_by_an_override():
    here = room(items=3, signed_off=0)
    for position in (2, 3):
        make.sign(make.item(here.launch, position), by=here.lead)
    here.ask()

    proposal = here.say(here.ann, OVERRIDE)
    decision = here.confirm(proposal, here.bob).decision

    assert "1 must-have is open." in proposal.against
    assert decision.holds == [make.item(here.launch, 1).key]
    assert here.again().decision_id == decision.pk


def test_nobody_confirms_their_own_override():
    here = room(items=5, signed_off=2)
    here.ask()
    proposal = here.say(here.ann, OVERRIDE)

    with refused("You proposed this override. A second person confirms it."):
        here.confirm(proposal, here.ann)
    with (
        pytest.raises(IntegrityError, match="nobody_confirms_their_own_override"),
        transaction.atomic(),
    ):
        DecisionSignature.objects.create(
            team=here.team,
            decision=proposal.decision,
            by=here.ann,
            at=make.NOW,
            says="confirm",
            confirms=proposal,
            proposed_by=here.ann,
            asked_by=here.lead,
        )


def test_an_override_is_not_for_a_single_approver():
    here = room(items=5, signed_off=2)
    here.launch.approvers.filter(person=here.bob).delete()
    here.ask()

    with refused(
        "An override takes two approvers, and this launch has one. Ask its lead to name another."
    ):
        here.say(here.ann, OVERRIDE)


def test_an_override_is_confirmed_on_the_verdict_it_was_proposed_on():
    here = room(items=5, signed_off=1)
    here.ask()
    proposal = here.say(here.ann, OVERRIDE)
    here.sign_next()

    with refused("Verdict changed, look again. What you typed is still here."):
        here.confirm(proposal, here.bob)


def test_a_plain_approval_of_a_monitor_verdict_goes_against_it():
    here = room(items=10, signed_off=9)
    here.ask()

    signature = here.say(here.ann, OVERRIDE)

    assert signature.against == "The verdict is Extra monitoring, which asks for conditions."
    assert here.again().stage == "in_review"


def test_an_override_stands_while_nothing_is_worse_than_what_it_named():
    here = room(items=5, signed_off=2)
    here.ask()
    decision = here.confirm(here.say(here.ann, OVERRIDE), here.bob).decision

    here.untick()
    assert here.again().decision_id == decision.pk
    here.sign_next()

    assert here.again().decision_id == decision.pk
