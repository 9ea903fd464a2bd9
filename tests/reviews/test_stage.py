"""The stage and the seat: who moves, how long it took, and what happens when two do at once."""

from datetime import timedelta
from functools import partial

import pytest

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.audit.services import AlreadyDone
from readiness.reviews.models import Review
from readiness.reviews.models.room import Device
from readiness.reviews.services import presence, seat, stage, taking
from readiness.web.refusal import Refused
from tests import make
from tests.launches.given import at_once, count_told, refused, told
from tests.launches.test_races import let_them_meet
from tests.reviews.given import cast, meeting, now_of, plan, row

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(seconds=90)
GONE = make.NOW + timedelta(seconds=41)
MOVED_ON = "Ann Ash moved on since you loaded the page. Look where the review is now."


def moving(review: Review, place: int, by, *, turn: int = 1, at=make.NOW, key: str = ""):
    item = make.item(review.launch, place).pk
    said = {"turn": turn, "item": item, "by": by, "key": key or make.key(), "now": at}
    return partial(stage.move, review, **said)


def come(review: Review, *people, at=make.NOW, device: Device = Device.LAPTOP) -> None:
    for one in people:
        presence.join(review, by=one, device=device, now=at)


def taking_it(review: Review, by, *, turn: int = 1, at=GONE):
    return partial(seat.take, review, turn=turn, by=by, key=make.key(), now=at)


def test_the_driver_moves_the_stage_and_the_item_left_remembers_how_long_it_took():
    here = cast()
    review, before = meeting(here), count_told(here.launch)

    moving(review, 4, here.ann, at=LATER)()

    moved = now_of(review)
    assert (moved.item, moved.turn, moved.arrived_at) == (make.item(here.launch, 4), 2, LATER)
    assert moved.driver_seen_at == LATER
    assert row(review, make.item(here.launch, 1)).seconds == 90
    assert row(review, moved.item).seen_at == LATER
    assert count_told(here.launch) == before


def test_a_stage_that_was_left_and_seen_again_adds_up():
    here = cast()
    review = meeting(here)

    moving(review, 2, here.ann, at=LATER)()
    moving(review, 1, here.ann, turn=2, at=LATER + timedelta(seconds=5))()
    moving(review, 2, here.ann, turn=3, at=LATER + timedelta(seconds=15))()

    assert row(review, make.item(here.launch, 1)).seconds == 100
    assert row(review, make.item(here.launch, 2)).seen_at == LATER


def test_a_move_that_is_sent_twice_is_one():
    here = cast()
    review, key = meeting(here), make.key()
    moving(review, 2, here.ann, key=key)()

    with pytest.raises(AlreadyDone):
        moving(review, 2, here.ann, key=key)()

    assert now_of(review).turn == 2


def test_only_the_driver_moves_and_only_from_where_the_stage_is():
    here = cast()
    review = meeting(here)

    with refused("Ann Ash drives now. Ask for the seat."):
        moving(review, 2, here.bob)()
    with refused(MOVED_ON):
        moving(review, 2, here.ann, turn=0)()
    with refused("This item is not on the agenda of this review."):
        other = cast().launch
        said = {"turn": 1, "by": here.ann, "key": make.key(), "now": make.NOW}
        stage.move(review, item=make.item(other, 1).pk, **said)


def test_nothing_moves_before_it_begins_in_a_pause_and_after_its_end():
    here = cast()
    review = plan(here)

    with refused("This review has not begun yet. Start it first."):
        moving(review, 2, here.ann)()
    Review.objects.update(state="cancelled")
    with refused("This review was cancelled."):
        moving(review, 2, here.ann)()


def test_the_seat_is_handed_over_to_somebody_in_the_room():
    here = cast()
    review = meeting(here)
    come(review, here.bob)
    before = count_told(here.launch)
    said = {"by": here.ann, "key": make.key(), "now": LATER - timedelta(seconds=60)}

    seat.hand_over(review, turn=1, to=here.bob, **said)

    assert (now_of(review).driver, now_of(review).turn) == (here.bob, 2)
    payload = {"review": review.pk, "number": 1, "driver": "Bob Birk", "was": "Ann Ash"}
    payload["taken"] = False
    assert told(here.launch, before) == [
        (Kind.REVIEW_DRIVER_CHANGED, here.ann, said["now"], payload)
    ]


def test_the_seat_goes_to_nobody_who_is_away_or_may_not_drive_or_drives_already():
    here = cast()
    vic = make.user("Vic", team=here.team, role=Role.VIEWER)
    review = meeting(here)
    come(review, vic)
    come(review, here.cem, device=Device.WALL)
    said = {"turn": 1, "by": here.ann, "now": make.NOW}

    with refused("Bob Birk is not in the room now."):
        seat.hand_over(review, to=here.bob, key=make.key(), **said)
    with refused("Cem Can is not in the room now."):
        seat.hand_over(review, to=here.cem, key=make.key(), **said)
    with refused("Vic may not drive a review of this team."):
        seat.hand_over(review, to=vic, key=make.key(), **said)
    with refused("Ann Ash drives already."):
        seat.hand_over(review, to=here.ann, key=make.key(), **said)


def test_an_empty_seat_is_taken_after_40_seconds_and_not_before():
    here = cast()
    review = meeting(here)

    with refused("Ann Ash drives, and is here. Ask for the seat."):
        taking_it(review, here.bob, at=GONE - timedelta(seconds=2))()
    taking_it(review, here.bob)()
    with refused("You drive already."):
        taking_it(review, here.bob, turn=2)()

    assert now_of(review).driver == here.bob


def test_who_is_not_in_the_review_takes_no_seat():
    here = cast()
    review = meeting(here, invited=(here.bob,))

    with refused("You are not in this review yet. Join it first."):
        taking_it(review, here.cem)()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_take_the_seat_at_once_exactly_one_gets_it():
    here = cast()
    crowd = [make.user(f"Person-{number}", team=here.team) for number in range(20)]
    review = meeting(here, invited=tuple(crowd))

    outcomes = at_once(*[taking_it(review, one) for one in crowd])

    winner = now_of(review).driver
    lost = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert [one.driver for one in outcomes if isinstance(one, Review)] == [winner]
    assert lost == [f"{winner.name} drives, and is here. Ask for the seat."] * 19
    assert now_of(review).turn == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_several_would_sit_in_the_seat(monkeypatch):
    here = cast()
    review = meeting(here)
    take_the_lock_away(monkeypatch)
    let_them_meet(monkeypatch, seat, "take_review", 2)

    outcomes = at_once(taking_it(review, here.bob), taking_it(review, here.cem))

    assert [type(one) for one in outcomes] == [Review, Review]


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_from_the_same_page_one_wins():
    here = cast()
    review = meeting(here)

    outcomes = at_once(moving(review, 2, here.ann), moving(review, 3, here.ann))

    lost = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert (lost, now_of(review).turn) == ([MOVED_ON], 2)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_moves_would_win(monkeypatch):
    here = cast()
    review = meeting(here)
    take_the_lock_away(monkeypatch)
    let_them_meet(monkeypatch, stage, "take_review", 2)

    outcomes = at_once(moving(review, 2, here.ann), moving(review, 3, here.ann))

    assert [type(one) for one in outcomes] == [Review, Review]


def take_the_lock_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert taking.LOCK == "FOR NO KEY UPDATE"
    monkeypatch.setattr(taking, "LOCK", "")
