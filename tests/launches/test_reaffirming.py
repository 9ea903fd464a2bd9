"""'Still true' is a new sign-off by the same person, on what holds now, and an act of its own."""

from datetime import timedelta

import pytest

from readiness.audit.kinds import Kind
from readiness.launches.models import Act, SignOff
from readiness.launches.services.bulk import Picked, change_together
from readiness.launches.services.reaffirming import reaffirm
from readiness.launches.services.undoing import undo_together
from readiness.rules.states import State
from tests import make
from tests.launches import signing
from tests.launches.given import count_told, placed, refused, said, states, told, version_of
from tests.launches.intakes import another, edited

pytestmark = pytest.mark.django_db


def test_one_re_affirms_what_fell_with_the_candidate():
    launch = signing.launch("two_persons", signed_off=1)
    ann, item = launch.lead, make.item(launch)
    first = SignOff.objects.get()
    edited(launch, candidate=another(launch, version="15"))
    before = count_told(launch)

    signing.reaffirm(item, by=ann, note="Same rollback.")

    again = SignOff.objects.standing().get()
    assert (again.by, again.reaffirms, again.note) == (ann, first, "Same rollback.")
    assert again.meaning == "I looked again, and it is still so: Checked"
    assert again.candidate.version == "15"
    assert [kind for kind, *_ in told(launch, before)] == [
        Kind.SIGNOFF_WITHDRAWN.value,
        Kind.ITEM_REAFFIRMED.value,
    ]
    assert told(launch, before)[1][3]["candidate"] == "ranker@15"


def test_what_expired_is_re_affirmed_and_fresh_again():
    launch = make.launch(items=3, signed_off=3)
    later = make.NOW + timedelta(days=400)
    item = make.item(launch)

    reaffirm(item, **said(item, by=launch.lead, at=later))

    assert states(launch, later)[1] == "met"


def test_all_of_mine_at_once_and_each_refusal_by_itself():
    launch = signing.launch("anyone", signed_off=2)
    ann = launch.lead
    edited(launch, candidate=another(launch, version="15"))
    picked = [Picked(one.pk, version_of(one)) for one in launch.items.all()]

    done = change_together(
        launch, act=Act.REAFFIRM, items=picked, by=ann, key=make.key(), now=make.NOW
    )

    assert placed(launch, State.MET) == [1, 2]
    assert [one["because"] for one in done.event.said["refused"]] == [
        "You signed nothing here that could be re-affirmed."
    ]
    undo_together(done.event, launch, by=ann, now=make.NOW)
    assert placed(launch, State.OPEN) == [1, 2, 3]


def test_what_counts_is_not_re_affirmed():
    launch = signing.launch("anyone", signed_off=1)

    with refused("Your sign-off counts as it is."):
        signing.reaffirm(make.item(launch), by=launch.lead)

    assert SignOff.objects.count() == 1


def test_a_checklist_may_want_an_item_looked_at_anew():
    launch = signing.launch("anyone", reaffirm=False, signed_off=1)
    edited(launch, candidate=another(launch, version="15"))

    with refused("This checklist wants this item looked at anew each time: sign it off instead."):
        signing.reaffirm(make.item(launch), by=launch.lead)
    make.sign(make.item(launch), by=launch.lead)

    assert placed(launch, State.MET) == [1]


def test_who_may_no_longer_sign_does_not_re_affirm():
    launch = signing.launch("owner")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    item = make.item(launch)
    signing.own(item, ann, by=ann)
    make.sign(item, by=ann)
    edited(launch, candidate=another(launch, version="15"))
    signing.own(item, bob, by=ann)

    with refused("Only the owner of this item signs it off."):
        signing.reaffirm(item, by=ann)

    assert placed(launch, State.SUPERSEDED) == [1]


def test_what_broke_the_glass_is_signed_anew():
    launch = signing.launch("owner")
    ann = make.user("Ann", team=launch.team)
    item = make.item(launch)
    signing.break_glass(item, by=ann)
    signing.confirm(item, by=launch.lead)
    edited(launch, candidate=another(launch, version="15"))
    signing.own(item, ann, by=ann)

    with refused("What broke the glass is not re-affirmed: sign it off instead."):
        signing.reaffirm(item, by=ann)

    assert placed(launch, State.SUPERSEDED) == [1]
