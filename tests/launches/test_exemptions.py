"""Leaving items out and waiving them: who asks, who agrees, until when, and what that does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Membership, Role
from readiness.audit.kinds import Kind
from readiness.audit.services import AlreadyDone
from readiness.checklists.models import Version
from readiness.launches.models import Exemption, Launch, LaunchItem, SignOff, Stage
from readiness.launches.services import exemptions, judging, signoffs
from readiness.rules.states import State
from readiness.rules.truth import Truth
from tests import make
from tests.launches.exempting import SOON, agree, ask, latest, propose, seal_of
from tests.launches.given import (
    count_told,
    key_is_free,
    placed,
    recomputed,
    refused,
    said,
    stored,
    told,
)

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
LATER = make.NOW + timedelta(hours=1)


def checklist(last: dict | None = None, **policy: object) -> Version:
    """Five items that may all be left out, none a must-have; and what is said of the last."""
    value = make.document(5, **policy)
    for item in value["sections"][0]["items"]:
        item["na_allowed"] = True
        for name in ("blocker", "fresh_days"):
            item.pop(name, None)
    value["sections"][0]["items"][4] |= last or {}
    return make.published(value)


def given(last: dict | None = None, policy: dict | None = None, **launch: object):
    """A launch of five items, Ann who works on it and Amara who approves."""
    opened = make.launch(version=checklist(last, **policy or {}), **launch)
    ann = make.user("Ann", team=opened.team)
    return opened, ann, make.user("Amara", team=opened.team, role=Role.APPROVER)


def must_have(launch: Launch, position: int) -> LaunchItem:
    item = make.item(launch, position)
    LaunchItem.objects.filter(pk=item.pk).update(blocker=Truth.YES.value)
    return item


def test_what_is_proposed_as_not_applicable_counts_as_open_until_a_second_person_agrees():
    launch, ann, amara = given(signed_off=4)
    item = make.item(launch, 5)

    proposed = propose(item, by=ann)
    before = stored(launch)
    agreed = agree(proposed, by=amara, at=LATER)

    assert (before["checked"], before["counted"]) == (4, 5)
    assert (stored(launch)["checked"], stored(launch)["counted"]) == (4, 4)
    assert stored(launch) == recomputed(launch)
    assert (agreed.agreed_by, agreed.agreed_at, agreed.ends_at) == (amara, LATER, None)


def test_both_acts_are_told():
    launch, ann, amara = given()
    item, before = make.item(launch, 5), count_told(launch)

    proposed = propose(item, by=ann, until=SOON)
    agree(proposed, by=amara, at=LATER)

    one = {"item": item.pk, "key": item.key, "exemption": proposed.pk, "exempts": "na"}
    one |= {"until": SOON.isoformat(), "extends": None}
    words = {"reason": "There is no traffic to switch.", "control": ""}
    assert told(launch, before)[:2] == [
        (Kind.EXEMPTION_PROPOSED, ann, make.NOW, one | words),
        (Kind.EXEMPTION_CONFIRMED, amara, LATER, one | {"asked_by": "Ann"}),
    ]


def test_who_asked_cannot_agree_not_even_as_the_lead():
    launch, _, _ = given()
    proposed = propose(make.item(launch, 5), by=launch.lead)

    with refused("You asked for this yourself. Somebody else has to agree."):
        agree(proposed, by=launch.lead)

    assert latest(proposed.item).agreed_at is None


def test_who_may_ask_may_not_agree_by_that_and_who_may_agree_may_not_ask():
    launch, ann, amara = given()
    proposed = propose(make.item(launch, 5), by=ann)

    with refused("You no longer have the right to do this in this team."):
        agree(proposed, by=make.user("Ben", team=launch.team))
    with refused("You no longer have the right to do this in this team."):
        propose(make.item(launch, 4), by=amara)


def test_the_right_to_agree_is_asked_under_the_lock():
    launch, ann, amara = given()
    proposed = propose(make.item(launch, 5), by=ann)
    Membership.objects.filter(person=amara).delete()

    with refused("You no longer have the right to do this in this team."):
        agree(proposed, by=amara)


def test_where_the_checklist_asks_for_a_reason_alone_it_stands_at_once():
    launch, ann, _ = given(policy={"na_needs": "reason"}, signed_off=1)

    proposed = propose(make.item(launch, 5), by=ann)

    assert (proposed.agreed_at, proposed.agreed_by) == (make.NOW, None)
    assert (stored(launch)["counted"], placed(launch, State.NA_CONFIRMED)) == (4, [5])


def test_agreeing_takes_back_what_was_checked_so_that_time_alone_only_takes_away():
    launch, ann, amara = given(signed_off=3)
    item = make.item(launch, 3)

    agree(propose(item, by=ann, until=SOON), by=amara)
    judging.judge_due(now=make.NOW + timedelta(days=40))

    word = SignOff.objects.get(item=item)
    assert (word.withdrawn_by, word.withdrawn_because) == (amara, "It does not apply.")
    assert (stored(launch)["checked"], stored(launch)["counted"]) == (2, 5)
    assert stored(launch) == recomputed(launch)


def test_what_is_left_out_is_not_checked_while_it_is():
    launch, ann, amara = given()
    item = make.item(launch, 5)
    agree(propose(item, by=ann, until=TODAY), by=amara)

    with refused("It is agreed that this does not apply. Take that back before you check it."):
        make.sign(item, by=ann)
    make.sign(item, by=ann, at=make.NOW + timedelta(days=1))

    assert placed(launch, State.MET, make.NOW + timedelta(days=1)) == [5]


def test_an_item_that_every_launch_needs_is_not_left_out():
    launch, ann, _ = given({"na_allowed": False})

    with refused(
        "This checklist expects this item of every launch, so it cannot be marked as not "
        "applicable. Ask for a waiver instead."
    ):
        propose(make.item(launch, 5), by=ann)


def test_an_item_may_be_left_out_for_so_many_days_only():
    launch, ann, _ = given({"na_max_days": 10})
    item, last = make.item(launch, 5), TODAY + timedelta(days=10)

    with refused("This may last 10 days at most. Choose 3 Dec 2026 or earlier."):
        propose(item, by=ann, until=last + timedelta(days=1))
    proposed = propose(item, by=ann)

    assert proposed.ends_at == datetime(2026, 12, 4, tzinfo=UTC)


def test_the_end_is_that_of_a_day_where_it_is_launched():
    launch, ann, _ = given(zone="Asia/Tokyo")

    proposed = ask(make.item(launch, 5), by=ann, until=date(2026, 12, 1))

    assert proposed.ends_at == datetime(2026, 12, 1, 15, tzinfo=UTC)


def test_a_waiver_counts_as_not_met_lifts_a_hold_and_ends_by_itself():
    launch, ann, amara = given(signed_off=4)
    item = must_have(launch, 5)
    waiver = ask(item, by=ann)
    asked = stored(launch)

    agree(waiver, by=amara, at=LATER)
    waived = stored(launch)
    judging.judge_due(now=waiver.ends_at)

    assert [one["holds"] for one in (asked, waived, stored(launch))] == [1, 0, 1]
    assert [one["shown"] for one in (asked, waived, stored(launch))] == ["80%"] * 3
    assert (waived["next_change"], stored(launch)["next_change"]) == (waiver.ends_at, None)
    assert stored(launch) == recomputed(launch)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (-1, "Choose a day that is still to come."),
        (91, "This may last 90 days at most. Choose 21 Feb 2027 or earlier."),
    ],
)
def test_a_waiver_ends_within_the_limit_of_the_checklist(days, reason):
    launch, ann, _ = given()

    with refused(reason):
        ask(make.item(launch, 5), by=ann, until=TODAY + timedelta(days=days))
    ask(make.item(launch, 5), by=ann, until=TODAY + timedelta(days=90))
    ask(make.item(launch, 4), by=ann, until=TODAY)

    assert Exemption.objects.count() == 2


def test_the_database_wants_somebody_who_agreed_to_a_waiver():
    launch, ann, _ = given()
    waiver = ask(make.item(launch, 5), by=ann)

    with (
        pytest.raises(IntegrityError, match="a_waiver_has_an_approver"),
        transaction.atomic(),
    ):
        Exemption.objects.filter(pk=waiver.pk).update(agreed_at=make.NOW)


def test_nothing_is_waived_that_is_done_left_out_or_does_not_apply():
    launch, ann, amara = given(signed_off=1)
    agree(propose(make.item(launch, 5), by=ann), by=amara)
    LaunchItem.objects.filter(pk=make.item(launch, 4).pk).update(applies=Truth.NO.value)

    with refused("This is done, so there is nothing to waive."):
        ask(make.item(launch, 1), by=ann)
    with refused("It is agreed that this does not apply, so there is nothing to waive."):
        ask(make.item(launch, 5), by=ann)
    with refused("This item does not apply to this launch already, by the answers about it."):
        ask(make.item(launch, 4), by=ann)


def test_a_reason_and_something_that_makes_up_for_it_are_owed():
    launch, ann, _ = given()

    with refused("Say why."):
        propose(make.item(launch, 5), by=ann, reason=" ")
    with refused("Say what makes up for it meanwhile."):
        ask(make.item(launch, 5), by=ann, control=" ")


def test_an_extension_waits_while_what_stands_goes_on_to_its_own_end():
    launch, ann, amara = given()
    item = must_have(launch, 5)
    first = agree(ask(item, by=ann), by=amara)

    longer = ask(item, by=ann, until=SOON + timedelta(days=20))

    assert (longer.extends, longer.agreed_at) == (first, None)
    assert stored(launch)["next_change"] == first.ends_at
    judging.judge_due(now=first.ends_at)
    assert stored(launch)["holds"] == 1


def test_an_extension_that_is_agreed_to_takes_the_place_of_what_stood():
    launch, ann, amara = given()
    item = must_have(launch, 5)
    first = agree(ask(item, by=ann), by=amara)
    longer = ask(item, by=ann, until=SOON + timedelta(days=20))

    agree(longer, by=amara, at=LATER)

    first.refresh_from_db()
    assert (first.closed_at, first.closed_by, first.closed_because) == (LATER, None, "")
    assert (stored(launch)["next_change"], stored(launch)["holds"]) == (longer.ends_at, 0)


def test_an_extension_is_longer():
    launch, ann, amara = given()
    item = make.item(launch, 5)
    agree(ask(item, by=ann), by=amara)

    with refused("The waiver stands until 23 Dec 2026. Choose a later day."):
        ask(item, by=ann)


def test_what_ran_out_can_be_asked_for_again():
    launch, ann, amara = given()
    item = must_have(launch, 5)
    first = agree(ask(item, by=ann, until=TODAY), by=amara)
    again = ask(item, by=ann, at=first.ends_at)

    agree(again, by=amara, at=first.ends_at)

    first.refresh_from_db()
    assert (again.extends, first.closed_at) == (None, first.ends_at)
    assert stored(launch)["holds"] == 0


def test_ones_own_question_makes_way_for_another_and_nobody_elses_does():
    launch, ann, _ = given()
    item = make.item(launch, 5)
    first = ask(item, by=ann)

    with refused("Ann asked for this already. It waits for somebody to agree."):
        ask(item, by=launch.lead)
    second = ask(item, by=ann, reason="Booked for March.")

    first.refresh_from_db()
    assert (first.closed_by, first.closed_because) == (ann, "Asked again.")
    assert (second.extends, second.closed_at) == (None, None)


def test_a_question_whose_end_has_passed_is_not_agreed_to_and_makes_way_for_anybodys():
    launch, ann, amara = given()
    item = make.item(launch, 5)
    first = ask(item, by=ann, until=TODAY)

    with refused("Its end has passed while it waited. It has to be asked for again."):
        agree(first, by=amara, at=first.ends_at)
    second = ask(item, by=launch.lead, at=first.ends_at)

    first.refresh_from_db()
    assert (first.closed_at, first.closed_by) == (second.asked_at, None)


def test_an_agreement_is_bound_to_what_was_shown():
    launch, ann, amara = given(signed_off=3)
    item = must_have(launch, 5)
    waiver = ask(item, by=ann)
    seen = said(item, by=amara)

    with refused("What this agrees to has changed since you loaded the page. Look at it again."):
        exemptions.agree(waiver, seal="another", **seen)
    seal = seal_of(waiver)
    make.sign(make.item(launch, 4), by=ann)
    with refused("What this agrees to has changed since you loaded the page. Look at it again."):
        exemptions.agree(waiver, seal=seal, **seen)

    assert latest(item).agreed_at is None


def test_an_asker_who_asks_otherwise_meanwhile_stops_an_agreement_to_what_was_asked_before():
    launch, ann, amara = given()
    item = make.item(launch, 5)
    waiver = ask(item, by=ann)
    seal, seen = seal_of(waiver), said(item, by=amara)
    ask(item, by=ann, until=SOON + timedelta(days=1))

    with refused("Ann changed this just now. Nothing was lost."):
        exemptions.agree(waiver, seal=seal, **seen)
    with refused("This was taken back already."):
        exemptions.agree(waiver, seal=seal, **said(item, by=amara))


def test_who_may_agree_may_say_no_with_a_reason():
    launch, ann, amara = given()
    waiver = ask(make.item(launch, 5), by=ann)

    with refused("Say why not."):
        exemptions.decline(waiver, because=" ", **said(waiver.item, by=amara))
    exemptions.decline(waiver, because="Do it now.", **said(waiver.item, by=amara, at=LATER))

    closed = latest(waiver.item)
    assert (closed.closed_by, closed.closed_at, closed.closed_because) == (
        amara,
        LATER,
        "Do it now.",
    )
    assert closed.agreed_at is None


def test_who_agreed_may_agree_no_longer_and_the_hold_is_back():
    launch, ann, amara = given()
    waiver = agree(ask(must_have(launch, 5), by=ann), by=amara)

    exemptions.decline(waiver, because="It got worse.", **said(waiver.item, by=amara))

    assert stored(launch)["holds"] == 1
    assert stored(launch) == recomputed(launch)


def test_the_asker_and_the_lead_take_back_and_nobody_else_does():
    launch, ann, amara = given()
    item = make.item(launch, 5)
    left_out = agree(propose(item, by=ann), by=amara)
    ben = make.user("Ben", team=launch.team)

    with refused("Only Ann or the lead can take this back."):
        exemptions.withdraw(left_out, **said(item, by=ben, key="form"))
    exemptions.withdraw(left_out, **said(item, by=ann))
    with refused("This was taken back already."):
        exemptions.withdraw(left_out, **said(item, by=launch.lead))
    make.sign(item, by=ann)

    assert key_is_free("form")
    assert (stored(launch)["checked"], stored(launch)["counted"]) == (1, 5)


def test_nothing_is_asked_agreed_or_taken_back_once_the_launch_is_over():
    launch, ann, amara = given()
    item = make.item(launch, 5)
    waiver = ask(item, by=ann)
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.ARCHIVED.value)
    over = "This launch is over: its checklist is closed."

    with refused(over):
        propose(item, by=ann)
    with refused(over):
        agree(waiver, by=amara)
    with refused(over):
        exemptions.decline(waiver, because="No.", **said(item, by=amara))
    with refused(over):
        exemptions.withdraw(waiver, **said(item, by=ann))


def test_the_same_form_twice_asks_once():
    launch, ann, _ = given()
    item = make.item(launch, 5)
    form = said(item, by=ann) | {"reason": "No.", "until": None}

    exemptions.propose_na(item, **form)
    with pytest.raises(AlreadyDone):
        exemptions.propose_na(item, **form)

    assert Exemption.objects.count() == 1


def test_a_checked_item_may_be_proposed_and_stays_done_until_somebody_agrees():
    launch, ann, _ = given(signed_off=1)

    propose(make.item(launch, 1), by=ann)

    assert placed(launch, State.MET) == [1]
    with refused("You signed this off already."):
        signoffs.sign_off(make.item(launch, 1), **said(make.item(launch, 1), by=launch.lead))
