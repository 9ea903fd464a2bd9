"""Who is in the room: joining it, and the heartbeat of each device."""

from datetime import timedelta

import pytest

from readiness.accounts.models import Membership, Role
from readiness.reviews.models import Absence, Attendance, Review
from readiness.reviews.models.room import Device
from readiness.reviews.services import presence
from readiness.reviews.signals import PRESENCE, room_changed
from readiness.web.refusal import NotVisible
from tests import make
from tests.launches.given import count_told, refused
from tests.reviews.given import cast, meeting, now_of, plan

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(seconds=15)


def beat(review: Review, by, *, at=LATER, device=Device.LAPTOP, item=None, follows=True) -> None:
    presence.here(review, by=by, device=device, item=item, is_following=follows, now=at)


def join(review: Review, by, *, at=make.NOW, device=Device.PHONE) -> None:
    presence.join(review, by=by, device=device, now=at)


@pytest.fixture
def news(django_capture_on_commit_callbacks):
    """What was announced while something was done."""
    heard = []

    def listen(sender, review, what, **more):
        heard.append(what)

    def of(act) -> list[str]:
        heard.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return heard

    room_changed.connect(listen)
    yield of
    room_changed.disconnect(listen)


def test_who_may_see_the_launch_joins_and_is_invited_from_then_on():
    here = cast()
    vic = make.user("Vic", team=here.team, role=Role.VIEWER)
    review, before = meeting(here, invited=()), count_told(here.launch)

    join(review, vic)
    join(review, vic, at=LATER)

    [came] = Attendance.objects.filter(review=review)
    assert (came.person, came.device, came.came_at, came.seen_at) == (
        vic, "phone", make.NOW, LATER,
    )  # fmt: skip
    assert review.invited.filter(person=vic).count() == 1
    assert count_told(here.launch) == before


def test_a_stranger_does_not_join_and_nobody_joins_what_ended():
    here = cast()
    review = plan(here)

    with pytest.raises(NotVisible):
        join(review, make.user("Sue"))
    Review.objects.update(state="cancelled")
    with refused("This review was cancelled."):
        join(review, here.bob)


def test_a_heartbeat_says_who_looks_at_what_with_which_device():
    here = cast()
    review, item = meeting(here), make.item(here.launch, 3)

    beat(review, here.bob)
    beat(review, here.bob, device=Device.PHONE, item=item.pk, follows=False)

    found = Attendance.objects.filter(review=review, person=here.bob).order_by("device")
    assert [(one.device, one.item, one.is_following) for one in found] == [
        ("laptop", None, True),
        ("phone", item, False),
    ]


def test_who_is_heard_of_again_after_a_while_was_gone_for_it():
    here = cast()
    review = meeting(here)
    join(review, here.bob)

    for seconds in (39, 78, 118, 130):
        beat(review, here.bob, device=Device.PHONE, at=make.NOW + timedelta(seconds=seconds))

    [gone] = Absence.objects.filter(attendance__review=review)
    gone_for = tuple((at - make.NOW).seconds for at in (gone.left_at, gone.back_at))
    assert (gone.attendance.person, gone_for) == (here.bob, (78, 118))


def test_an_item_of_another_launch_is_looked_at_by_nobody():
    here = cast()
    review = meeting(here)

    beat(review, here.bob, item=make.item(cast().launch, 1).pk)

    assert Attendance.objects.get(person=here.bob).item is None


def test_the_heartbeat_of_the_driver_keeps_the_seat_but_not_that_of_a_wall_or_of_others():
    here = cast()
    review = meeting(here)

    beat(review, here.ann)
    beat(review, here.bob, at=LATER + timedelta(seconds=1))
    beat(review, here.ann, device=Device.WALL, at=LATER + timedelta(seconds=2))

    assert now_of(review).driver_seen_at == LATER


def test_who_did_not_join_or_lost_their_role_is_not_there():
    here = cast()
    review = meeting(here, invited=(here.bob,))

    with refused("You are not in this review yet. Join it first."):
        beat(review, here.cem)
    Membership.objects.filter(person=here.bob).delete()
    with pytest.raises(NotVisible):
        beat(review, here.bob)


def test_a_review_that_ended_says_so_to_the_heartbeat():
    here = cast()
    review = plan(here)
    Review.objects.update(state="cancelled")

    with refused("This review was cancelled."):
        beat(review, here.bob)


def test_the_room_hears_who_came_came_back_or_looks_elsewhere_and_of_nothing_else(news):
    here = cast()
    review, item = meeting(here), make.item(here.launch, 2).pk
    gone = LATER + timedelta(seconds=60)

    came = [*news(lambda: beat(review, here.bob))]
    stays = [*news(lambda: beat(review, here.bob, at=LATER + timedelta(seconds=15)))]
    back = [*news(lambda: beat(review, here.bob, at=gone))]
    elsewhere = [*news(lambda: beat(review, here.bob, at=gone, item=item))]

    assert (came, stays, back, elsewhere) == ([PRESENCE], [], [PRESENCE], [PRESENCE])
