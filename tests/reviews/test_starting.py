"""Starting a review: when, by whom, what it remembers, and what is on its agenda."""

from datetime import timedelta

import pytest

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.queries.board import board_of
from readiness.reviews.queries.agenda import agenda_of, comes_next
from readiness.web.refusal import NotVisible
from tests import make
from tests.launches.given import refused
from tests.reviews.given import SOON, begin, cast, meeting, now_of, plan, row

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("when", [make.NOW, SOON, SOON + timedelta(hours=3)])
def test_a_review_starts_early_or_late_and_remembers_its_beginning(when):
    here = cast(signed_off=1)
    review = plan(here)

    begin(review, by=here.ann, at=when)

    review = now_of(review)
    event = Event.objects.get(kind=Kind.REVIEW_STARTED.value)
    assert (review.state, review.started_at, review.driver) == ("running", when, here.ann)
    assert (review.before["shown"], review.before["checked"]) == ("20%", 1)
    assert (review.began_at, event.said["items"]) == (event.sequence, 5)
    assert (review.item, review.arrived_at, review.turn) == (make.item(here.launch, 2), when, 1)
    assert row(review, review.item).seen_at == when


def test_who_starts_it_in_place_of_the_facilitator_drives():
    here = cast()

    review = begin(plan(here), by=here.bob)

    assert (review.facilitator, review.driver) == (here.ann, here.bob)


def test_who_is_not_in_it_does_not_start_it_and_a_stranger_finds_nothing():
    here = cast()
    review = plan(here, invited=(here.bob,))

    with refused("You are not in this review yet. Join it first."):
        begin(review, by=here.cem)
    with pytest.raises(NotVisible):
        begin(review, by=make.user("Sue"))


def test_one_review_of_a_launch_meets_at_a_time():
    here = cast()
    review = plan(here)
    meeting(here)

    with refused("Design review 2 of this launch meets already. Finish it first."):
        begin(review, by=here.ann)


def test_a_review_is_started_once_and_not_of_a_launch_that_is_over():
    here = cast()
    running = meeting(here)

    with refused("This review has begun already."):
        begin(running, by=here.ann)
    other = cast()
    review = plan(other)
    Launch.objects.update(stage="archived")
    with refused("This launch is over: it is reviewed no more."):
        begin(review, by=other.ann)


def test_the_agenda_is_put_together_as_items_stand_when_it_starts():
    here = cast()
    picked = tuple(item.pk for item in here.launch.items.all()[:3])
    review = plan(here, items=picked)
    make.sign(make.item(here.launch, 1), by=here.bob)

    begin(review, by=here.ann)

    assert [one.item_id for one in agenda_of(review)] == [picked[1], picked[2], picked[0]]


def test_what_comes_next_wraps_around_and_ends_with_what_is_parked():
    here = cast()
    review = meeting(here)
    agenda, board = agenda_of(review), board_of(here.launch, make.NOW)
    items = [one.item_id for one in agenda]
    agenda[1].outcome, agenda[3].parked_at = "done", make.NOW

    following = [comes_next(agenda, board, after) for after in items]
    for one in (agenda[0], agenda[2], agenda[4]):
        one.outcome = "done"
    last = comes_next(agenda, board, items[4])

    assert [one.position for one in following] == [3, 3, 5, 5, 1]
    assert last.position == 4
    agenda[3].outcome = "done"
    assert comes_next(agenda, board, items[4]) is None
