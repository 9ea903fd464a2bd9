"""Deciding items in the room: what each outcome does, who may, and two who do at once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone, KeyReused
from readiness.launches.models import ActionItem, Exemption, LaunchItem, SignOff
from readiness.launches.services import actions
from readiness.reviews.models.room import Outcome
from readiness.reviews.services import clock, deciding, parking
from readiness.reviews.services.deciding import Decided, Said
from readiness.web.refusal import NotPermitted, Refused
from tests import make
from tests.launches.given import at_once, faults, recomputed, refused, stored, version_of
from tests.launches.test_races import let_them_meet
from tests.reviews.given import cast, meeting, now_of, plan, row
from tests.reviews.test_stage import take_the_lock_away

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(seconds=30)
DUE = (make.NOW + timedelta(days=5)).date()
DONE = Said(Outcome.DONE)


def deciding_on(review, place, by, said=DONE, *, at=LATER, key="", version=None):
    item = make.item(review.launch, place)
    what = {"by": by, "key": key or make.key(), "now": at}
    what["version"] = version or version_of(item)
    return partial(deciding.decide, review, item, said, **what)


def not_done(owner, text="Rerun the red team set.", due_on=DUE) -> Said:
    return Said(Outcome.NOT_DONE, note=text, owner=owner, due_on=due_on)


def last(kind: Kind) -> dict:
    return Event.objects.filter(kind=kind.value).latest("pk").said


def test_done_is_a_sign_off_in_a_review_and_the_stage_goes_on():
    here = cast()
    review = meeting(here)
    item = make.item(here.launch, 1)

    deciding_on(review, 1, here.ann, Said(Outcome.DONE, note="Seen on board 7."))()

    signoff = SignOff.objects.get()
    assert (signoff.item, signoff.by, signoff.via, signoff.note) == (
        item, here.ann, "review", "Seen on board 7.",
    )  # fmt: skip
    decided = row(review, item)
    assert (decided.outcome, decided.note, decided.decided_by, decided.decided_at) == (
        "done", "Seen on board 7.", here.ann, LATER,
    )  # fmt: skip
    assert (decided.seconds, now_of(review).turn) == (30, 2)
    assert now_of(review).item == make.item(here.launch, 2)
    assert stored(here.launch) == recomputed(here.launch)
    assert last(Kind.REVIEW_ITEM_DECIDED) == {
        "review": review.pk, "number": 1, "item": item.pk, "key": item.key, "outcome": "done",
    }  # fmt: skip
    assert faults(here.launch) == []


def test_not_done_leaves_a_follow_up_with_an_owner_and_a_day():
    here = cast()
    review, item = meeting(here), make.item(here.launch, 1)

    deciding_on(review, 1, here.ann, not_done(here.cem))()

    item.refresh_from_db()
    assert (item.owner, item.due_on, item.due_set_by_hand, item.progress) == (
        here.cem, DUE, True, "in_progress",
    )  # fmt: skip
    owed = ActionItem.objects.get()
    assert (owed.item, owed.decision, owed.text, owed.owner, owed.due_on) == (
        item, None, "Rerun the red team set.", here.cem, DUE,
    )  # fmt: skip
    assert row(review, item).follow_up == owed
    assert list(ActionItem.objects.owed()) == [owed]
    assert last(Kind.REVIEW_ITEM_DECIDED) == {
        "review": review.pk,
        "number": 1,
        "item": item.pk,
        "key": item.key,
        "outcome": "not_done",
        "note": "Rerun the red team set.",
        "owner": "Cem Can",
        "due": DUE.isoformat(),
        "action": owed.pk,
    }


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"text": " "}, "Say what has to happen."),
        ({"text": "x" * 301}, "Say it in 300 letters at most."),
        ({"owner": None}, "Say who does it, and until when."),
        ({"due_on": None}, "Say who does it, and until when."),
        (
            {"due_on": (make.NOW - timedelta(days=1)).date()},
            "Choose a day that is still to come.",
        ),
        (
            {"due_on": (make.NOW + timedelta(days=15)).date()},
            "An item cannot be due after the launch.",
        ),
    ],
)
def test_a_follow_up_that_says_too_little_is_refused(said, reason):
    here = cast()
    review = meeting(here)

    with refused(reason):
        deciding_on(review, 1, here.ann, not_done(**{"owner": here.cem} | said))()

    assert not ActionItem.objects.exists()
    assert row(review, make.item(here.launch, 1)).outcome == ""


def test_what_is_checked_is_not_called_not_done():
    here = cast(signed_off=1)
    review = meeting(here)

    with refused("This is checked. Take the check back first."):
        deciding_on(review, 1, here.bob, not_done(here.cem))()


def test_the_owner_of_a_follow_up_says_that_it_is_done():
    here = cast()
    review = meeting(here)
    deciding_on(review, 1, here.ann, not_done(here.cem))()
    owed = ActionItem.objects.get()

    with refused("Only Cem Can says that this is done."):
        actions.finish(owed, note="Done.", by=here.ann, key=make.key(), now=LATER)
    actions.finish(owed, note="Run 12: no leaks.", by=here.cem, key=make.key(), now=LATER)

    item = make.item(here.launch, 1)
    said = {"text": "Rerun the red team set.", "note": "Run 12: no leaks.", "action": owed.pk}
    assert last(Kind.ACTION_ITEM_DONE) == said | {"item": item.pk, "key": item.key}
    assert not ActionItem.objects.owed().exists()


def test_who_decides_again_takes_the_follow_up_back():
    here = cast()
    review = meeting(here)
    deciding_on(review, 1, here.ann, not_done(here.cem))()

    deciding_on(review, 1, here.ann)()

    owed = ActionItem.objects.get()
    assert (owed.done_by, owed.done_note) == (here.ann, "Decided again in design review 1.")
    decided = row(review, make.item(here.launch, 1))
    assert (decided.outcome, decided.follow_up) == ("done", None)


def test_what_somebody_owes_comes_from_a_decision_or_from_an_item():
    here = cast()
    said = {"team": here.team, "launch": here.launch, "text": "x", "owner": here.ann}

    with (
        pytest.raises(IntegrityError, match="a_decision_or_an_item_asks_for_it"),
        transaction.atomic(),
    ):
        ActionItem.objects.create(**said, due_on=DUE)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Said(Outcome.NA, note="There is no traffic to switch."), "na"),
        (Said(Outcome.WAIVE, note="Booked.", control="A person looks.", until=DUE), "waiver"),
    ],
)
def test_not_applicable_and_a_waiver_wait_for_a_second_person(said, kind):
    here = cast()
    review = meeting(here)

    deciding_on(review, 1, here.ann, said)()

    asked = Exemption.objects.get()
    assert (asked.kind, asked.asked_by, asked.agreed_at, asked.reason) == (
        kind, here.ann, None, said.note,
    )  # fmt: skip
    assert row(review, make.item(here.launch, 1)).outcome == said.outcome.value
    assert now_of(review).item == make.item(here.launch, 2)


def test_a_waiver_without_an_end_is_refused():
    here = cast()
    review = meeting(here)

    with refused("Choose the last day of the waiver."):
        deciding_on(review, 1, here.ann, Said(Outcome.WAIVE, note="Booked.", control="Look."))()


def test_anyone_invited_decides_from_their_own_screen_and_the_stage_stays():
    here = cast()
    review = meeting(here)

    deciding_on(review, 1, here.bob)()
    deciding_on(review, 4, here.ann)()

    assert (now_of(review).item, now_of(review).turn) == (make.item(here.launch, 1), 1)
    assert SignOff.objects.filter(via="review").count() == 2


def test_who_may_not_sign_or_is_not_in_it_decides_nothing():
    here = cast()
    vic = make.user("Vic", team=here.team, role=Role.VIEWER)
    review = meeting(here, invited=(vic,))

    with pytest.raises(NotPermitted):
        deciding_on(review, 1, vic)()
    with refused("You are not in this review yet. Join it first."):
        deciding_on(review, 1, here.cem)()

    assert not SignOff.objects.exists()


def test_nothing_is_decided_before_it_begins_or_in_a_pause_or_off_the_agenda():
    here = cast()
    review = plan(here)
    with refused("This review has not begun yet. Start it first."):
        deciding_on(review, 1, here.ann)()
    picked = (make.item(here.launch, 1).pk,)
    other = cast()
    running = meeting(other, items=(make.item(other.launch, 1).pk,))
    with refused("This item is not on the agenda of this review."):
        deciding_on(running, 2, other.ann)()
    clock.pause(running, by=other.ann, key=make.key(), now=LATER)

    with refused("This review is paused. Resume it first."):
        deciding_on(running, 1, other.ann)()

    assert len(picked) == 1


def test_a_decision_that_is_sent_twice_is_one():
    here = cast()
    review, key = meeting(here), make.key()
    deciding_on(review, 1, here.ann, key=key)()

    with pytest.raises(AlreadyDone):
        deciding_on(review, 1, here.ann, key=key, version=1)()
    with pytest.raises(KeyReused):
        deciding_on(review, 2, here.ann, key=key)()

    assert SignOff.objects.count() == 1


def test_who_decides_from_an_old_page_hears_who_decided_and_when():
    here = cast()
    review = meeting(here)
    deciding_on(review, 1, here.ann)()

    with refused("Ann Ash decided this 5 seconds ago. Nothing was lost."):
        deciding_on(review, 1, here.bob, version=1, at=LATER + timedelta(seconds=5))()


def test_who_decides_what_was_ticked_meanwhile_hears_that_too():
    here = cast()
    review = meeting(here)
    make.sign(make.item(here.launch, 1), by=here.cem)

    with refused("Cem Can changed this 30 seconds ago. Nothing was lost."):
        deciding_on(review, 1, here.ann, version=1)()


def test_a_parked_item_comes_back_at_the_end_and_is_no_longer_parked_once_decided():
    here = cast(items=3)
    review, said = meeting(here), {"by": here.ann, "now": LATER}

    parking.park(review, make.item(here.launch, 1), because="Cost?", key=make.key(), **said)
    for place in (2, 3):
        deciding_on(review, place, here.ann)()

    parked = row(review, make.item(here.launch, 1))
    assert (parked.parked_by, parked.parked_at, parked.parked_because) == (
        here.ann, LATER, "Cost?",
    )  # fmt: skip
    assert now_of(review).item == make.item(here.launch, 1)
    assert last(Kind.REVIEW_ITEM_PARKED)["because"] == "Cost?"
    deciding_on(review, 1, here.ann)()
    assert row(review, make.item(here.launch, 1)).parked_at is None


def test_parking_takes_the_driver_and_a_reason_and_something_undecided():
    here = cast()
    review, item = meeting(here), make.item(here.launch, 2)
    said = {"key": make.key(), "now": LATER}

    with refused("Ann Ash drives now. Ask for the seat."):
        parking.park(review, item, because="Cost?", by=here.bob, **said)
    with refused("Say why it is parked."):
        parking.park(review, item, because=" ", by=here.ann, **said)
    with refused("This is not parked."):
        parking.unpark(review, item, by=here.ann, **said)
    parking.park(review, item, because="Cost?", by=here.ann, **said)
    with refused("This is parked already."):
        parking.park(review, item, because="Cost?", by=here.ann, key=make.key(), now=LATER)
    parking.unpark(review, item, by=here.ann, key=make.key(), now=LATER)
    deciding_on(review, 2, here.ann)()

    assert row(review, item).parked_at is None
    with refused("This is decided already."):
        parking.park(review, item, because="Cost?", by=here.ann, key=make.key(), now=LATER)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_the_same_item_one_wins_and_the_other_hears_who():
    here = cast()
    review = meeting(here)

    outcomes = at_once(
        deciding_on(review, 1, here.bob), deciding_on(review, 1, here.cem, not_done(here.cem))
    )

    [winner] = [one for one in outcomes if isinstance(one, Decided)]
    lost = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert lost == [f"{winner.row.decided_by.name} decided this just now. Nothing was lost."]
    assert SignOff.objects.count() + ActionItem.objects.count() == 1
    assert Event.objects.filter(kind=Kind.REVIEW_ITEM_DECIDED.value).count() == 1
    assert faults(here.launch) == []


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_review_the_other_would_not_hear_that_it_was_decided(monkeypatch):
    here = cast()
    review = meeting(here)
    take_the_lock_away(monkeypatch)
    let_them_meet(monkeypatch, deciding, "row_of", 2)

    outcomes = at_once(deciding_on(review, 1, here.bob), deciding_on(review, 1, here.cem))

    [lost] = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert lost.endswith("changed this just now. Nothing was lost.")


def test_decided_items_are_versions_of_their_own():
    here = cast()
    review = meeting(here)

    for said in (not_done(here.cem), not_done(here.cem), DONE):
        deciding_on(review, 1, here.ann, said)()

    versions = LaunchItem.objects.values_list("version", flat=True)
    assert versions.get(pk=make.item(here.launch, 1).pk) > 3
