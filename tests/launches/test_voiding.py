"""A GO stands while its verdict does, and ends in the act that takes that away."""

from datetime import timedelta

import pytest

from readiness.launches.models import ActionItem
from readiness.launches.models.launches import Stage
from readiness.launches.queries.handing_over import print_of, shares_of
from readiness.launches.services import actions, decisions, judging
from readiness.launches.services.handing_over import Plan, deactivate
from readiness.launches.services.launches import Intake, edit_launch
from readiness.launches.services.life import move
from readiness.web.refusal import Refused
from tests import make
from tests.launches.deciding import (
    LATER,
    room,
    with_conditions,
)
from tests.launches.given import refused, told

pytestmark = pytest.mark.django_db


def test_a_go_is_void_in_the_act_that_takes_its_verdict_away():
    here = room(items=20, signed_off=20)
    decision = here.approve()

    here.untick()

    launch = here.again()
    decision.refresh_from_db()
    assert (launch.stage, launch.decision_id, launch.verdict) == ("preparing", None, "monitor")
    assert decision.voided_because == "The verdict fell from Ready to Extra monitoring, 95%."
    assert (decision.outcome, decision.voided_by) == ("go", here.lead)
    assert told(launch)[-1] == (
        "decision.voided",
        here.lead,
        make.NOW,
        {"decision": 1, "because": decision.voided_because},
    )


def test_a_go_stands_while_its_verdict_does_and_through_a_better_one():
    here = room(items=40, signed_off=34)
    here.ask()
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(here.lead))

    here.untick()
    lower = here.again()
    for _ in range(6):
        here.sign_next()

    better = here.again()
    assert (lower.verdict, lower.shown, lower.stage) == ("monitor", "82.5%", "approved")
    assert (better.verdict, better.stage) == ("ready", "approved")


def test_a_go_is_void_when_a_hold_comes_back():
    here = room(items=40, signed_off=40)
    decision = here.approve()

    here.untick(1)

    decision.refresh_from_db()
    assert (here.again().verdict, here.again().stage) == ("ready", "preparing")
    assert decision.voided_because == (
        "A must-have is open again: "
        "1.1 Rollback runbook exists and has been rehearsed (not just documented)."
    )


def test_a_go_is_void_when_another_model_version_is_proposed():
    here = room(items=3, signed_off=3)
    decision = here.approve()
    launch = here.again()
    intake = Intake(
        team=here.team,
        name=launch.name,
        model=launch.model,
        purpose="",
        launch_at=launch.launch_at,
        zone="UTC",
        lead=here.lead,
        approvers=[here.ann, here.bob],
        candidate={"name": "ranker", "version": "15.0.0", "digest": "", "registry_url": ""},
        duties={},
    )

    said = {"by": here.lead, "key": make.key(), "now": make.NOW}
    edit_launch(launch, intake, edition=launch.edition, **said)

    decision.refresh_from_db()
    assert decision.voided_because == (
        "Another model version is proposed now. The verdict fell from Ready to Delay, 66.7%."
    )


def test_time_alone_takes_a_go_away():
    here = room(version=fresh_for(10), items=3, signed_off=3)
    decision = here.approve()

    judging.judge_due(now=make.NOW + timedelta(days=10))

    launch = here.again()
    decision.refresh_from_db()
    assert (launch.stage, launch.decision_id) == ("preparing", None)
    assert (decision.voided_by, decision.voided_because) == (
        None,
        (
            "The verdict fell from Ready to Delay, 0%. A must-have is open again: "
            "1.1 Rollback runbook exists and has been rehearsed (not just documented)."
        ),
    )


def test_one_takes_ones_word_back_and_the_go_that_rested_on_it_ends():
    here = room()
    decision = here.approve()
    hers = decision.signatures.get(by=here.ann)

    with refused("Only Ann Ash can take this back."):
        take_back(hers, here.bob)
    take_back(hers, here.ann)

    decision.refresh_from_db()
    hers.refresh_from_db()
    assert (here.again().stage, hers.withdrawn_because) == ("preparing", "I looked at v13.")
    assert decision.voided_because == "Ann Ash took their word back: I looked at v13."


def test_a_word_in_an_open_round_is_taken_back_and_the_round_goes_on():
    here = room()
    decision = here.ask()

    take_back(here.say(here.ann), here.ann)

    assert (here.again().stage, decision.signatures.standing().count()) == ("in_review", 0)


def test_an_archived_launch_keeps_the_go_it_acted_on():
    here = room(version=fresh_for(10), items=3, signed_off=3)
    decision = here.approve()
    launch = here.again()

    said = {"by": here.lead, "edition": launch.edition, "key": make.key(), "now": make.NOW}
    move(launch, Stage.ARCHIVED, because="", **said)
    judging.judge_due(now=make.NOW + timedelta(days=10))

    assert here.again().decision_id == decision.pk
    with refused("This launch is over: its checklist is closed."):
        take_back(decision.signatures.first(), here.ann)


@pytest.mark.parametrize("to", [Stage.PREPARING, Stage.ON_HOLD, Stage.CANCELLED])
def test_taking_an_approved_launch_elsewhere_ends_its_go(to):
    here = room()
    decision = here.approve()
    launch = here.again()

    said = {"by": here.lead, "edition": launch.edition, "key": make.key(), "now": make.NOW}
    move(launch, to, because="Budget.", **said)

    decision.refresh_from_db()
    assert (here.again().stage, here.again().decision_id) == (to.value, None)
    assert decision.voided_because.startswith("The launch was taken to another stage")


def test_an_action_item_is_done_by_its_owner_with_a_note():
    here = room(items=10, signed_off=9)
    here.ask()
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(here.lead))
    item = ActionItem.objects.first()

    with refused(f"Only {here.lead.name} says that this is done."):
        finish(item, here.ann, "Done.")
    with refused("Say what was done, or where it can be seen."):
        finish(item, here.lead, " ")
    finish(item, here.lead, "Board 7, alerts on.")

    item.refresh_from_db()
    assert (item.done_by, item.done_at, item.done_note) == (
        here.lead,
        LATER,
        "Board 7, alerts on.",
    )
    with refused("This is done already."):
        finish(item, here.lead, "Again.")


def test_what_a_void_decision_asked_for_is_owed_by_nobody():
    here = room(items=10, signed_off=9)
    here.ask()
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(here.lead))
    here.untick(2)
    here.untick(3)

    assert not ActionItem.objects.owed().exists()
    with pytest.raises(Refused, match="no longer stands"):
        finish(ActionItem.objects.first(), here.lead, "Done.")


def take_back(signature, by):
    said = {"by": by, "key": make.key(), "now": make.NOW}
    return decisions.take_back(signature, because="I looked at v13.", **said)


def finish(item, by, note):
    return actions.finish(item, note=note, by=by, key=make.key(), now=LATER)


def fresh_for(days: int):
    document = make.document(3)
    for item in document["sections"][0]["items"]:
        item["fresh_days"] = days
    return make.published(document)


def test_what_somebody_owes_passes_on_when_they_leave():
    here = room(items=10, signed_off=9)
    eve, fay = (make.user(name, team=here.team) for name in ("Eve", "Fay"))
    admin = make.user(is_site_admin=True)
    here.ask()
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(eve))
    shares = shares_of(eve)
    said = {"seen": print_of(shares), "by": admin, "now": make.NOW}

    with refused(f"Choose who takes over the action items of {here.launch.name}."):
        deactivate(eve, Plan({here.launch.pk: None}, None), **said, key=make.key())
    deactivate(eve, Plan({here.launch.pk: fay}, None), **said, key=make.key())

    assert [share.words for share in shares] == ["2 action items"]
    assert {*ActionItem.objects.values_list("owner", flat=True)} == {fay.pk}
