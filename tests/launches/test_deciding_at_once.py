"""Approvers who act at once are counted in turn; nobody ever fills two seats."""

import random
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Role
from readiness.launches.models import Decision, DecisionSignature, Launch
from readiness.launches.queries.facts import facts_of
from readiness.launches.queries.pinned import pinned
from readiness.launches.services import decisions, judging, signoffs
from readiness.rules.verdict import judge
from readiness.web.refusal import NotPermitted, Refused
from tests import make
from tests.launches.deciding import APPROVE, OVERRIDE, SEND_BACK, room, seal
from tests.launches.given import at_once, faults, said
from tests.launches.test_races import (
    let_meet,
    let_them_meet,
    take_the_chain_away,
    take_the_lock_away,
)

pytestmark = pytest.mark.django_db(transaction=True)


def saying(here, by, word=APPROVE):
    told = {"seal": seal(here.launch), "by": by, "key": make.key(), "now": make.NOW}
    return partial(decisions.decide, here.launch, word, **told)


def confirming(here, proposal, by):
    told = {"seal": seal(here.launch), "by": by, "key": make.key(), "now": make.NOW}
    return partial(decisions.confirm, proposal, **told)


def judged_without_a_word(launch, *, now, by):
    """The verdict as it is, but the launch is not written to, which would lock it as well."""
    facts = facts_of(launch, now)
    scheme = pinned(launch.version_id).scheme
    return judging.Judged(launch, now, facts, judge([one.item for one in facts], scheme, now))


def refusals(outcomes):
    return [str(one) for one in outcomes if isinstance(one, Refused)]


def test_two_approvers_at_once_complete_the_quorum(monkeypatch):
    here = room(items=3, signed_off=3)
    here.ask()
    let_them_meet(monkeypatch, decisions, "judge", 2)

    outcomes = at_once(saying(here, here.ann), saying(here, here.bob))

    assert refusals(outcomes) == []
    assert here.again().stage == "approved"
    assert Decision.objects.get().record["signatures"][1]["by"] in ("Ann Ash", "Bob Oz")
    assert faults(here.launch) == []


def test_without_the_lock_two_approvals_wait_for_each_other_for_ever(monkeypatch):
    here = room(items=3, signed_off=3)
    here.ask()
    take_the_lock_away(monkeypatch)
    take_the_chain_away(monkeypatch)
    monkeypatch.setattr(decisions, "record", lambda *told, **more: None)
    monkeypatch.setattr(decisions, "judge", judged_without_a_word)
    let_them_meet(monkeypatch, decisions, "counting", 2)

    at_once(saying(here, here.ann), saying(here, here.bob))

    assert DecisionSignature.objects.count() == 2
    assert here.again().stage == "in_review"


@pytest.mark.parametrize("_", range(3))
def test_a_decision_and_a_tick_that_changes_the_verdict_never_pass_each_other(_):
    here = room(items=3, signed_off=3, quorum=1)
    here.ask()
    item = make.item(here.launch, 2)
    word = item.signoffs.get()
    taking_back = partial(signoffs.withdraw, word, **said(item, by=here.lead))

    outcomes = at_once(saying(here, here.ann), taking_back)

    launch, decision = here.again(), Decision.objects.get()
    decided = [one for one in outcomes if isinstance(one, DecisionSignature)]
    assert (launch.verdict, launch.decision_id) == ("delay", None)
    assert bool(decision.voided_at) == bool(decided)
    assert faults(here.launch) == []


def decide_and_untick(monkeypatch, here):
    """Each has read the launch before the other is done, unless a lock keeps them apart."""
    take_the_chain_away(monkeypatch)
    monkeypatch.setattr(decisions, "record", lambda *told, **more: None)
    meeting, item = Barrier(2), make.item(here.launch, 2)
    let_meet(monkeypatch, meeting, decisions, "_sit")
    let_meet(monkeypatch, meeting, signoffs, "take_item")
    taking_back = partial(signoffs.withdraw, item.signoffs.get(), **said(item, by=here.lead))
    return at_once(saying(here, here.ann), taking_back)


def test_the_lock_alone_keeps_a_decision_and_a_tick_from_passing_each_other(monkeypatch):
    here = room(items=3, signed_off=3, quorum=1)
    here.ask()

    decide_and_untick(monkeypatch, here)

    assert (here.again().verdict, here.again().decision_id) == ("delay", None)


def test_without_the_lock_a_go_stands_on_a_verdict_that_has_fallen(monkeypatch):
    here = room(items=3, signed_off=3, quorum=1)
    here.ask()
    take_the_lock_away(monkeypatch)

    decide_and_untick(monkeypatch, here)

    decision = Decision.objects.get()
    assert (decision.outcome, decision.verdict, decision.voided_at) == ("go", "ready", None)
    assert (here.again().verdict, here.again().decision_id) == ("delay", decision.pk)


def test_an_override_that_two_confirm_at_once_is_confirmed_once():
    here = room(items=3, signed_off=1)
    eve = make.user("Eve", team=here.team, role=Role.APPROVER)
    here.launch.approvers.create(person=eve)
    here.ask()
    proposal = here.say(here.ann, OVERRIDE)

    outcomes = at_once(confirming(here, proposal, here.bob), confirming(here, proposal, eve))

    assert refusals(outcomes) == ["Nobody has asked for a decision on this launch yet."]
    assert DecisionSignature.objects.filter(confirms=proposal).count() == 1
    assert here.again().stage == "approved"


def test_the_database_confirms_an_override_once_even_without_the_lock(monkeypatch):
    here = room(items=3, signed_off=1)
    eve = make.user("Eve", team=here.team, role=Role.APPROVER)
    here.launch.approvers.create(person=eve)
    here.ask()
    proposal = here.say(here.ann, OVERRIDE)
    take_the_lock_away(monkeypatch)
    take_the_chain_away(monkeypatch)
    let_them_meet(monkeypatch, decisions, "_sit", 2)

    outcomes = at_once(confirming(here, proposal, here.bob), confirming(here, proposal, eve))

    assert [type(one) for one in outcomes].count(IntegrityError) == 1
    assert DecisionSignature.objects.filter(confirms=proposal).count() == 1


@pytest.mark.parametrize("seed", range(6))
def test_whatever_people_try_nobody_fills_two_seats(seed):
    """Random acts of everyone, the lead and the asker among the approvers."""
    dice = random.Random(seed)
    here = room(items=3, signed_off=dice.choice([0, 1, 3]), quorum=dice.choice([None, 1, 2]))
    make.everywhere(here.lead, Role.APPROVER)
    here.launch.approvers.create(person=here.lead)
    people = [here.lead, here.ann, here.bob]
    for _ in range(25):
        try_something(here, dice.choice(people), dice)

    signatures = DecisionSignature.objects.select_related("decision", "confirms")
    assert [
        one for one in signatures if one.by_id in (one.decision.asked_by_id, here.lead.pk)
    ] == []
    assert [one for one in signatures if one.confirms and one.confirms.by_id == one.by_id] == []
    for decision in Decision.objects.filter(outcome__in=["go", "conditional_go"]):
        names = [one["by"] for one in decision.record["signatures"]]
        assert len(set(names)) == len(names)
        assert here.lead.name not in names
        assert len(names) == 2 or (not decision.against and here.again().quorum == 1)
    assert faults(here.launch) == []


def try_something(here, by, dice):
    launch = Launch.objects.get(pk=here.launch.pk)
    told = {"by": by, "key": make.key(), "now": make.NOW}
    at_page = {"edition": launch.edition, **told}
    words = list(DecisionSignature.objects.standing())
    acts = [
        partial(decisions.ask, launch, note="", **at_page),
        partial(decisions.decide, launch, APPROVE, seal=seal(launch), **told),
        partial(decisions.decide, launch, OVERRIDE, seal=seal(launch), **told),
        partial(decisions.decide, launch, SEND_BACK, seal=seal(launch), **told),
        partial(judging.judge_due, now=make.NOW),
    ]
    acts += [partial(decisions.confirm, one, seal=seal(launch), **told) for one in words] * 2
    acts += [partial(decisions.take_back, one, because="", **told) for one in words]
    try:
        with transaction.atomic():
            dice.choice(acts)()
    except (Refused, NotPermitted):
        return
