"""Leaving items out and waiving them: who asks, who agrees, until when, and what that does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Membership
from readiness.audit.kinds import Kind
from readiness.audit.services import AlreadyDone
from readiness.launches.models import Exemption, LaunchItem, SignOff
from readiness.launches.services import exemptions, judging, signoffs
from readiness.rules.states import State
from readiness.rules.truth import Truth
from tests import make
from tests.launches.exempting import (
    SOON,
    agree,
    ask,
    crew,
    latest,
    must_have,
    propose,
)
from tests.launches.given import (
    count_told,
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


def test_what_is_proposed_as_not_applicable_counts_as_open_until_a_second_person_agrees():
    launch, ann, amara = crew(signed_off=4)
    item = make.item(launch, 5)

    proposed = propose(item, by=ann)
    before = stored(launch)
    agreed = agree(proposed, by=amara, at=LATER)

    assert (before["checked"], before["counted"]) == (4, 5)
    assert (stored(launch)["checked"], stored(launch)["counted"]) == (4, 4)
    assert stored(launch) == recomputed(launch)
    assert (agreed.agreed_by, agreed.agreed_at, agreed.ends_at) == (amara, LATER, None)


def test_both_acts_are_told():
    launch, ann, amara = crew()
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
    launch, _, _ = crew()
    proposed = propose(make.item(launch, 5), by=launch.lead)

    with refused("You asked for this yourself. Somebody else has to agree."):
        agree(proposed, by=launch.lead)

    assert latest(proposed.item).agreed_at is None


def test_who_may_ask_may_not_agree_by_that_and_who_may_agree_may_not_ask():
    launch, ann, amara = crew()
    proposed = propose(make.item(launch, 5), by=ann)

    with refused("You no longer have the right to do this in this team."):
        agree(proposed, by=make.user("Ben", team=launch.team))
    with refused("You no longer have the right to do this in this team."):
        propose(make.item(launch, 4), by=amara)


def test_the_right_to_agree_is_asked_under_the_lock():
    launch, ann, amara = crew()
    proposed = propose(make.item(launch, 5), by=ann)
    Membership.objects.filter(person=amara).delete()

    with refused("You no longer have the right to do this in this team."):
        agree(proposed, by=amara)


def test_where_the_checklist_asks_for_a_reason_alone_it_stands_at_once():
    launch, ann, _ = crew(policy={"na_needs": "reason"}, signed_off=1)

    proposed = propose(make.item(launch, 5), by=ann)

    assert (proposed.agreed_at, proposed.agreed_by) == (make.NOW, None)
    assert (stored(launch)["counted"], placed(launch, State.NA_CONFIRMED)) == (4, [5])


def test_agreeing_takes_back_what_was_checked_so_that_time_alone_only_takes_away():
    launch, ann, amara = crew(signed_off=3)
    item = make.item(launch, 3)

    agree(propose(item, by=ann, until=SOON), by=amara)
    judging.judge_due(now=make.NOW + timedelta(days=40))

    word = SignOff.objects.get(item=item)
    assert (word.withdrawn_by, word.withdrawn_because) == (amara, "It does not apply.")
    assert (stored(launch)["checked"], stored(launch)["counted"]) == (2, 5)
    assert stored(launch) == recomputed(launch)


def test_what_is_left_out_is_not_checked_while_it_is():
    launch, ann, amara = crew()
    item = make.item(launch, 5)
    agree(propose(item, by=ann, until=TODAY), by=amara)

    with refused("It is agreed that this does not apply. Take that back before you check it."):
        make.sign(item, by=ann)
    make.sign(item, by=ann, at=make.NOW + timedelta(days=1))

    assert placed(launch, State.MET, make.NOW + timedelta(days=1)) == [5]


def test_an_item_that_every_launch_needs_is_not_left_out():
    launch, ann, _ = crew({"na_allowed": False})

    with refused(
        "This checklist expects this item of every launch, so it cannot be marked as not "
        "applicable. Ask for a waiver instead."
    ):
        propose(make.item(launch, 5), by=ann)


def test_an_item_may_be_left_out_for_so_many_days_only():
    launch, ann, _ = crew({"na_max_days": 10})
    item, last = make.item(launch, 5), TODAY + timedelta(days=10)

    with refused("This may last 10 days at most. Choose 3 Dec 2026 or earlier."):
        propose(item, by=ann, until=last + timedelta(days=1))
    proposed = propose(item, by=ann)

    assert proposed.ends_at == datetime(2026, 12, 4, tzinfo=UTC)


def test_the_end_is_that_of_a_day_where_it_is_launched():
    launch, ann, _ = crew(zone="Asia/Tokyo")

    proposed = ask(make.item(launch, 5), by=ann, until=date(2026, 12, 1))

    assert proposed.ends_at == datetime(2026, 12, 1, 15, tzinfo=UTC)


def test_a_waiver_counts_as_not_met_lifts_a_hold_and_ends_by_itself():
    launch, ann, amara = crew(signed_off=4)
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
    launch, ann, _ = crew()

    with refused(reason):
        ask(make.item(launch, 5), by=ann, until=TODAY + timedelta(days=days))
    ask(make.item(launch, 5), by=ann, until=TODAY + timedelta(days=90))
    ask(make.item(launch, 4), by=ann, until=TODAY)

    assert Exemption.objects.count() == 2


def test_the_database_wants_somebody_who_agreed_to_a_waiver():
    launch, ann, _ = crew()
    waiver = ask(make.item(launch, 5), by=ann)

    with (
        pytest.raises(IntegrityError, match="a_waiver_has_an_approver"),
        transaction.atomic(),
    ):
        Exemption.objects.filter(pk=waiver.pk).update(agreed_at=make.NOW)


def test_nothing_is_waived_that_is_done_left_out_or_does_not_apply():
    launch, ann, amara = crew(signed_off=1)
    agree(propose(make.item(launch, 5), by=ann), by=amara)
    LaunchItem.objects.filter(pk=make.item(launch, 4).pk).update(applies=Truth.NO.value)

    with refused("This is done, so there is nothing to waive."):
        ask(make.item(launch, 1), by=ann)
    with refused("It is agreed that this does not apply, so there is nothing to waive."):
        ask(make.item(launch, 5), by=ann)
    with refused("This item does not apply to this launch already, by the answers about it."):
        ask(make.item(launch, 4), by=ann)


def test_a_reason_and_something_that_makes_up_for_it_are_owed():
    launch, ann, _ = crew()

    with refused("Say why."):
        propose(make.item(launch, 5), by=ann, reason=" ")
    with refused("Say what makes up for it meanwhile."):
        ask(make.item(launch, 5), by=ann, control=" ")


def test_the_same_form_twice_asks_once():
    launch, ann, _ = crew()
    item = make.item(launch, 5)
    form = said(item, by=ann) | {"reason": "No.", "until": None}

    exemptions.propose_na(item, **form)
    with pytest.raises(AlreadyDone):
        exemptions.propose_na(item, **form)

    assert Exemption.objects.count() == 1


def test_a_checked_item_may_be_proposed_and_stays_done_until_somebody_agrees():
    launch, ann, _ = crew(signed_off=1)

    propose(make.item(launch, 1), by=ann)

    assert placed(launch, State.MET) == [1]
    with refused("You signed this off already."):
        signoffs.sign_off(make.item(launch, 1), **said(make.item(launch, 1), by=launch.lead))
