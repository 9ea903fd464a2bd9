"""Taking a sign-off back: one's own, or any as the lead; the row stays, marked."""

from datetime import timedelta

import pytest

from readiness.accounts.models import Membership
from readiness.audit.kinds import Kind
from readiness.launches.models import Launch, LaunchItem, Progress, SignOff, Stage
from readiness.launches.services.signoffs import withdraw
from readiness.rules.states import State
from tests import make
from tests.launches.given import count_told, key_is_free, placed, refused, said, told

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)


def given(**launch: object) -> tuple[Launch, SignOff]:
    """A launch of five items; Ann signed the second off."""
    opened = make.launch(items=5, **launch)
    ann = make.user("Ann", team=opened.team)
    make.sign(make.item(opened, 2), by=ann)
    return opened, SignOff.objects.select_related("item", "by").latest("pk")


def item_of(word: SignOff) -> LaunchItem:
    return LaunchItem.objects.get(pk=word.item_id)


def test_a_person_takes_their_own_sign_off_back_and_the_item_is_open_again():
    launch, word = given()

    withdraw(word, **said(word.item, by=word.by, at=LATER), because="The drill failed.")

    kept = SignOff.objects.get()
    assert (kept.withdrawn_at, kept.withdrawn_by, kept.withdrawn_because) == (
        LATER,
        word.by,
        "The drill failed.",
    )
    assert placed(launch, State.MET) == []


def test_what_was_signed_stays_as_it_was_written():
    _, word = given()
    before = SignOff.objects.values().get()

    withdraw(word, **said(word.item, by=word.by, at=LATER))

    after = SignOff.objects.values().get()
    assert {name for name in after if after[name] != before[name]} == {
        "withdrawn_at",
        "withdrawn_by_id",
    }


def test_a_withdrawal_is_recorded_and_the_verdict_falls_with_it():
    launch, word = given(signed_off=1)
    for position in (3, 4):
        make.sign(make.item(launch, position), by=word.by)
    before = count_told(launch)

    withdraw(word, **said(word.item, by=word.by, at=LATER), because="No.")

    one = {"item": word.item_id, "key": word.item.key}
    of_ann = {"signed_by": "Ann", "signer": word.by_id, "own": True}
    fall = {"was": "monitor", "becomes": "delay", "shown": "60%", "holds": []}
    assert told(launch, before) == [
        (Kind.SIGNOFF_WITHDRAWN, word.by, LATER, one | of_ann | {"because": "No."}),
        (Kind.VERDICT_CHANGED, word.by, LATER, fall),
    ]


def test_the_lead_takes_anyones_sign_off_back():
    launch, word = given()

    withdraw(word, **said(word.item, by=launch.lead, at=LATER))

    assert SignOff.objects.get().withdrawn_by == launch.lead


def test_a_stranger_to_the_sign_off_does_not():
    launch, word = given()
    bob = make.user("Bob", team=launch.team)

    with refused("Only Ann or the lead can take this back."):
        withdraw(word, **said(word.item, by=bob, key="form"))

    assert SignOff.objects.get().withdrawn_at is None
    assert key_is_free("form")


def test_who_lost_the_right_to_sign_cannot_take_their_word_back_either():
    _, word = given()
    Membership.objects.filter(person=word.by).delete()

    with refused("You no longer have the right to do this in this team."):
        withdraw(word, **said(word.item, by=word.by))


def test_nothing_is_taken_back_once_the_launch_is_over():
    launch, word = given()
    Launch.objects.filter(pk=launch.pk).update(stage=Stage.ARCHIVED.value)

    with refused("This launch is over: its checklist is closed."):
        withdraw(word, **said(word.item, by=word.by))


def test_a_sign_off_is_taken_back_once():
    _, word = given()
    withdraw(word, **said(word.item, by=word.by, at=LATER))

    with refused("This was taken back already."):
        withdraw(word, **said(word.item, by=word.by))


def test_a_page_from_before_the_item_changed_hears_who_and_when():
    launch, word = given()
    bob = make.user("Bob", team=launch.team)
    make.link(word.item, by=bob)

    with refused("Bob changed this 1 hour ago. Nothing was lost."):
        withdraw(word, by=word.by, version=2, key=make.key(), now=LATER)


def test_after_a_withdrawal_the_same_person_may_sign_again():
    launch, word = given()
    withdraw(word, **said(word.item, by=word.by, at=LATER))

    make.sign(word.item, by=word.by, at=LATER)

    assert placed(launch, State.MET) == [2]
    assert SignOff.objects.count() == 2


def test_of_two_signers_the_one_who_stays_is_enough():
    launch, word = given()
    make.sign(word.item, by=make.user("Bob", team=launch.team))

    withdraw(word, **said(word.item, by=word.by, at=LATER))

    assert placed(launch, State.MET) == [2]


def test_the_same_act_may_say_how_the_work_goes_instead():
    launch, word = given()
    before = count_told(launch)

    withdraw(word, **said(word.item, by=word.by, at=LATER), progress=Progress.IN_PROGRESS)

    one = {"item": word.item_id, "key": word.item.key}
    of_ann = {"signed_by": "Ann", "signer": word.by_id, "own": True}
    in_progress = {"was": "not_started", "to": "in_progress", "because": ""}
    assert item_of(word).progress == "in_progress"
    assert told(launch, before) == [
        (Kind.SIGNOFF_WITHDRAWN, word.by, LATER, one | of_ann | {"because": ""}),
        (Kind.ITEM_PROGRESSED, word.by, LATER, one | in_progress),
    ]


def test_what_is_blocked_instead_says_what_it_waits_for():
    launch, word = given()

    with refused("Say what it waits for."):
        withdraw(word, **said(word.item, by=word.by), progress=Progress.BLOCKED)
    withdraw(word, **said(word.item, by=word.by), progress=Progress.BLOCKED, because="Needs a GPU.")

    item = item_of(word)
    launch.refresh_from_db()
    assert (item.progress, item.blocked_because, launch.blocked) == ("blocked", "Needs a GPU.", 1)


def test_an_old_reason_to_be_blocked_does_not_outlive_the_block():
    _, word = given()
    item = word.item
    item.progress, item.blocked_because = "blocked", "Needs a GPU."
    item.save(update_fields=["progress", "blocked_because"])

    withdraw(word, **said(word.item, by=word.by), progress=Progress.NOT_STARTED)

    assert (item_of(word).progress, item_of(word).blocked_because) == ("not_started", "")
