"""Approvers decide on the verdict that they see, and what they saw is kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from readiness.accounts.models import Role
from readiness.audit.chain import canonical
from readiness.audit.services import AlreadyDone
from readiness.launches.models import ActionItem, Decision, DecisionSignature, Launch
from readiness.launches.models.decisions import Says
from readiness.launches.queries.record import hash_of
from readiness.launches.services import decisions, judging
from readiness.launches.services.decisions import Condition, Word
from readiness.web.refusal import NotPermitted
from tests import make
from tests.launches.deciding import (
    APPROVE,
    DUE,
    SEND_BACK,
    conditions,
    room,
    seal,
    with_conditions,
)
from tests.launches.given import faults, refused, told
from tests.launches.reading import words

pytestmark = pytest.mark.django_db


def test_asking_puts_the_launch_in_review_and_tells_why():
    here = room()

    decision = here.ask()

    launch = here.again()
    assert (launch.stage, launch.edition) == ("in_review", here.launch.edition + 1)
    assert (decision.number, decision.asked_name, decision.asked_shown) == (
        1,
        here.lead.name,
        "100%",
    )
    assert told(launch)[-1] == (
        "decision.asked",
        here.lead,
        make.NOW,
        {"decision": 1, "because": "All is checked."},
    )


def test_nobody_asks_where_nobody_could_decide():
    here = room()
    here.launch.approvers.all().delete()

    with refused("Nobody could decide: name an approver first, other than its lead and yourself."):
        here.ask()


def test_all_approvers_together_make_it_a_go_and_the_launch_says_so():
    here = room()
    here.ask()

    here.say(here.ann)
    waiting = here.again()
    decision = here.say(here.bob).decision

    launch = here.again()
    assert (waiting.stage, waiting.decision_id) == ("in_review", None)
    assert (launch.stage, launch.decision_id) == ("approved", decision.pk)
    assert (decision.outcome, decision.verdict, decision.shown, decision.holds) == (
        "go",
        "ready",
        "100%",
        [],
    )
    assert [kind for kind, *_ in told(launch)][-4:] == [
        "decision.asked",
        "decision.signed",
        "decision.signed",
        "decision.taken",
    ]
    assert faults(launch) == []


def test_a_quorum_is_enough():
    here = room(quorum=1)
    here.ask()

    here.say(here.bob)

    assert here.again().stage == "approved"


def test_the_record_holds_all_that_was_seen_and_is_the_one_that_was_hashed():
    here = room(items=3, signed_off=3)

    decision = here.approve()

    kept = Decision.objects.get(pk=decision.pk)
    record = kept.record
    assert hash_of(record) == kept.record_hash
    assert canonical(record) == canonical(decision.record)
    assert record["verdict"]["shown"] == "100%"
    assert record["candidate"]["version"] == "14.2.0"
    assert [item["ref"] for item in record["items"]] == ["1.1", "1.2", "1.3"]
    assert [item["signed"][0]["by"] for item in record["items"]] == [here.lead.name] * 3
    assert [(one["by"], one["meaning"], one["at"]) for one in record["signatures"]] == [
        (name, "I approve this launch, on the verdict recorded here.", make.NOW.isoformat())
        for name in ("Ann Ash", "Bob Oz")
    ]
    taken = told(here.launch)[-1][3]
    signed = here.launch.subject.events.get(sequence=record["log"]["event"])
    assert taken["record"] == kept.record_hash
    assert (signed.kind, signed.hash) == ("decision.signed", record["log"]["head"])


@pytest.mark.parametrize("table", ["launches_decision", "launches_decisionsignature"])
@pytest.mark.parametrize("act", ["UPDATE {} SET team_id = team_id", "DELETE FROM {}"])
def test_nobody_rewrites_what_was_decided(table, act):
    room().approve()

    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        connection.cursor().execute(act.format(table))


def test_what_a_decision_says_is_written_once():
    decision = room().approve()

    for name in ("outcome", "record_hash", "verdict"):
        with pytest.raises(IntegrityError, match="is written once"), transaction.atomic():
            Decision.objects.filter(pk=decision.pk).update(**{name: "other"})


def test_one_sending_back_ends_the_round_with_its_reason():
    here = room()
    here.ask()
    here.say(here.ann)

    decision = here.say(here.bob, SEND_BACK).decision

    launch = here.again()
    assert (decision.outcome, launch.stage, launch.decision_id) == ("no_go", "preparing", None)
    assert [one["says"] for one in decision.record["signatures"]] == ["approve", "send_back"]
    with refused("Nobody has asked for a decision on this launch yet."):
        here.say(here.ann)


def test_sending_back_says_what_must_change():
    here = room()
    here.ask()

    with refused("Say what must change."):
        here.say(here.ann, Word(Says.SEND_BACK, "  "))


def test_after_a_sending_back_it_is_asked_and_decided_again():
    here = room()
    here.ask()
    here.say(here.ann, SEND_BACK)

    decision = here.approve()

    assert (decision.number, here.again().stage) == (2, "approved")


def test_a_page_from_before_a_change_is_refused_and_nothing_is_written():
    here = room(items=10, signed_off=9)
    here.ask()
    seen = seal(here.launch)
    here.sign_next()

    with refused("Verdict changed, look again. What you typed is still here."):
        decisions.decide(here.launch, APPROVE, seal=seen, by=here.ann, key=make.key(), now=make.NOW)

    assert not DecisionSignature.objects.exists()


def test_one_item_up_and_another_down_is_another_verdict_too():
    here = room(items=5, signed_off=4)
    seen = seal(here.launch)
    here.sign_next()
    here.untick()

    assert here.again().checked == 4
    assert seal(here.launch) != seen


def test_an_approval_on_a_verdict_that_changed_meanwhile_no_longer_counts():
    here = room(items=50 - 10, signed_off=39)
    here.ask()
    here.say(here.ann)
    here.sign_next()

    here.say(here.bob)
    waiting = here.again().stage
    here.say(here.ann)

    assert (waiting, here.again().stage) == ("in_review", "approved")
    assert DecisionSignature.objects.standing().count() == 2


def test_the_same_word_is_not_given_twice():
    here = room()
    here.ask()
    here.say(here.ann)

    with refused("You said this already."):
        here.say(here.ann)


def test_one_form_sent_twice_signs_once():
    here = room()
    here.ask()
    said = {"seal": seal(here.launch), "by": here.ann, "key": "the-form", "now": make.NOW}
    decisions.decide(here.launch, APPROVE, **said)

    with pytest.raises(AlreadyDone):
        decisions.decide(here.launch, APPROVE, **said)

    assert DecisionSignature.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("lead", "You lead this launch, so others decide on it."),
        ("asker", "You asked for this decision, so somebody else takes it."),
        ("other", "Only approvers decide. You can read this page and comment."),
    ],
)
def test_only_who_has_a_seat_decides(who, sentence):
    here = room()
    approver = make.user("Eve", team=here.team, role=Role.APPROVER)
    asker = make.user("Kim", team=here.team, role=Role.LEAD)
    people = {"lead": here.lead, "asker": asker, "other": approver}
    for one in (here.lead, asker):
        make.everywhere(one, Role.APPROVER)
        here.launch.approvers.create(person=one)
    here.ask(by=asker)

    with refused(sentence):
        here.say(people[who])


def test_a_member_has_no_right_to_decide():
    here = room()
    here.ask()
    member = make.user(team=here.team)
    here.launch.approvers.create(person=member)

    with pytest.raises(NotPermitted):
        here.say(member)


def test_a_monitor_verdict_is_approved_with_its_conditions_which_are_owed():
    here = room(items=10, signed_off=9)
    here.ask()

    for by in (here.ann, here.bob):
        here.say(by, with_conditions(here.lead))

    launch = here.again()
    assert launch.decision.outcome == "conditional_go"
    assert list(ActionItem.objects.values_list("need", "text", "owner", "due_on")) == [
        (one.need, one.text, here.lead.pk, DUE) for one in conditions(here.lead)
    ]


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        ([], "Name a condition, or approve without any."),
        ([0], "This verdict asks for conditions: say the quick rollback plan."),
        ([1], "This verdict asks for conditions: say the extra monitoring."),
    ],
)
def test_a_monitor_verdict_needs_each_of_its_conditions(kept, sentence):
    here = room(items=10, signed_off=9)
    here.ask()
    said = tuple(conditions(here.lead)[place] for place in kept)

    with refused(sentence):
        here.say(here.ann, Word(Says.APPROVE_WITH_CONDITIONS, "", said))


def test_a_condition_is_owed_by_somebody_who_works_on_the_launch_and_from_today_on():
    here = room(items=10, signed_off=9)
    here.ask()
    stranger = make.user("Fay")

    with refused(f"Fay is not a member of {here.team.name}."):
        here.say(here.ann, with_conditions(stranger))
    past = Condition("Watch", here.lead, make.NOW.date() - timedelta(days=1))
    with refused("A condition cannot have been due before today."):
        word = with_conditions(here.lead)
        here.say(here.ann, Word(word.says, "", (*word.conditions, past)))


def test_the_database_refuses_an_asker_who_decides():
    here = room()
    decision = here.ask()

    with pytest.raises(IntegrityError, match="who_asks_does_not_decide"), transaction.atomic():
        DecisionSignature.objects.create(
            team=here.team,
            decision=decision,
            by=here.lead,
            at=make.NOW,
            says="approve",
            asked_by=here.lead,
        )


def test_the_lead_takes_the_question_back():
    here = room()
    decision = here.ask()
    launch = here.again()

    said = {"by": here.lead, "edition": launch.edition, "key": make.key(), "now": make.NOW}
    decisions.take_question_back(launch, **said)

    decision.refresh_from_db()
    assert (decision.outcome, here.again().stage) == ("withdrawn", "preparing")


def test_a_launch_without_a_decision_costs_a_tick_nothing(django_assert_num_queries):
    here = room(items=5, signed_off=1)
    launch = Launch.objects.select_related("subject").get(pk=here.launch.pk)
    launch.version  # noqa: B018 - read before, as the page has it

    with transaction.atomic(), django_assert_num_queries(2):
        judging.judge(launch, now=make.NOW, by=None)


def test_how_many_must_approve_is_said_where_a_launch_is_edited(client):
    here = room(items=3, signed_off=3)
    client.force_login(here.lead)
    address = f"/launches/{here.launch.pk}/edit/"
    page = client.get(address)
    form = page.context["intake"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"key": make.key(), "edition": here.launch.edition, "approvers": [here.ann.pk]}

    wrong = client.post(address, sent | {"quorum": "0"})
    done = client.post(address, sent | {"quorum": "1", "key": make.key()})

    assert (wrong.status_code, words(wrong, "error")) == (422, ["At least one person decides."])
    assert (done.status_code, here.again().quorum) == (302, 1)
