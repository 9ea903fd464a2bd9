"""Pausing, resuming and extending a review, and the pulses of the room."""

from datetime import timedelta

import pytest

from readiness.audit.kinds import Kind
from readiness.reviews.models import Pulse
from readiness.reviews.models.room import Signal
from readiness.reviews.services import clock, stage
from readiness.reviews.services.pulses import pulse
from tests import make
from tests.launches.given import count_told, refused, told
from tests.reviews.given import cast, meeting, now_of, row

pytestmark = pytest.mark.django_db
AT_10, AT_15, AT_20 = (make.NOW + timedelta(minutes=one) for one in (10, 15, 20))


def said(by, at) -> dict:
    return {"by": by, "key": make.key(), "now": at}


def test_nothing_passes_in_a_pause():
    here = cast()
    review = meeting(here)

    clock.pause(review, **said(here.ann, AT_10))
    paused = now_of(review).elapsed(AT_15)
    clock.resume(review, **said(here.ann, AT_15))
    item = make.item(here.launch, 2).pk
    stage.move(review, turn=1, item=item, **said(here.ann, AT_20))

    assert (paused, now_of(review).elapsed(AT_20)) == (
        timedelta(minutes=10),
        timedelta(minutes=15),
    )
    assert row(review, make.item(here.launch, 1)).seconds == 15 * 60


def test_who_drives_or_facilitates_steers_the_clock_and_nobody_else():
    here = cast()
    review = meeting(here)

    with refused("Only Ann Ash, who facilitates, and the driver may do this."):
        clock.pause(review, **said(here.bob, AT_10))
    with refused("This review goes on already."):
        clock.resume(review, **said(here.ann, AT_10))
    clock.pause(review, **said(here.ann, AT_10))
    with refused("This review is paused. Resume it first."):
        clock.pause(review, **said(here.ann, AT_10))


def test_a_review_is_given_more_time_within_reason():
    here = cast()
    review, before = meeting(here), count_told(here.launch)

    with refused("Say by how many minutes."):
        clock.extend(review, minutes=0, **said(here.ann, AT_10))
    with refused("A review lasts 8 hours at most. Finish it, and plan another."):
        clock.extend(review, minutes=421, **said(here.ann, AT_10))
    clock.extend(review, minutes=15, **said(here.ann, AT_10))

    assert now_of(review).length_minutes == 75
    payload = {"review": review.pk, "number": 1, "minutes": 75, "was": 60}
    assert told(here.launch, before) == [(Kind.REVIEW_EXTENDED, here.ann, AT_10, payload)]


def test_pulses_count_people_once_and_are_no_events():
    here = cast()
    review, item = meeting(here), make.item(here.launch, 1)
    before = count_told(here.launch)

    for by in (here.bob, here.cem, here.cem):
        pulse(review, item, Signal.AGREE, is_on=True, by=by, now=AT_10)
    pulse(review, item, Signal.QUESTION, is_on=True, by=here.bob, now=AT_10, text="Exports too?")
    pulse(review, item, Signal.AGREE, is_on=False, by=here.bob, now=AT_15)

    pulses = Pulse.objects.order_by("pk").values_list("person", "signal", "text")
    assert list(pulses) == [
        (here.cem.pk, "agree", ""),
        (here.bob.pk, "question", "Exports too?"),
    ]
    assert count_told(here.launch) == before


def test_who_is_not_in_it_gives_no_pulse_and_nobody_does_in_a_pause():
    here = cast()
    review, item = meeting(here, invited=(here.bob,)), make.item(here.launch, 1)

    with refused("You are not in this review yet. Join it first."):
        pulse(review, item, Signal.AGREE, is_on=True, by=here.cem, now=AT_10)
    clock.pause(review, **said(here.ann, AT_10))
    with refused("This review is paused. Resume it first."):
        pulse(review, item, Signal.AGREE, is_on=True, by=here.bob, now=AT_10)
