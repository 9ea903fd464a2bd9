"""The room of a review as pages: following, deciding, moving on; with htmx and with plain forms."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readiness.accounts.models import Role, User
from readiness.launches.models import Exemption
from readiness.reviews.models import Attendance, Pulse, Review
from readiness.reviews.models.room import Device
from readiness.reviews.services import parking, presence
from readiness.reviews.services.clock import pause
from tests import make
from tests.launches.reading import form_to, offers, words
from tests.reviews.given import Cast, cast, meeting, now_of, row

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def here() -> Cast:
    return cast(name="Ads ranking v14", signed_off=1)


@pytest.fixture
def review(here) -> Review:
    """It runs since noon; Ann drives, at the second item: the first is checked."""
    return meeting(here)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: User, review: Review, name: str = "review", **query: object):
    return as_(person).get(reverse(f"reviews:{name}", args=[review.pk]), query)


def post(person: User, review: Review, name: str, *args: int, htmx: bool = False, **said: object):
    address = reverse(f"reviews:{name}", args=[review.pk, *args])
    sent = {"key": make.key(), "device": "laptop", "follows": "on"} | said
    return as_(person).post(address, sent, headers=HTMX if htmx else {})


def decide(person: User, review: Review, position: int, *, htmx: bool = False, **said: object):
    item = make.item(review.launch, position)
    return post(person, review, "decide", item.pk, htmx=htmx, **{"v": item.version} | said)


def stage(response) -> str:
    """The number of the item on the stage."""
    found = re.search(r'stage__where"><span class="mono">([\d.]+)<', response.content.decode())
    return found[1] if found else ""


def test_the_room_shows_the_item_at_hand_with_exactly_its_title(here, review):
    response = page(here.bob, review)

    item = make.item(here.launch, 2)
    assert words(response, "stage__item") == [item.item.title]
    assert stage(response) == "1.2"
    assert "Follow" in words(response, "follow-sw")[0]


def test_without_javascript_one_decides_and_is_led_to_the_next_item(here, review):
    first = page(here.ann, review)
    act = reverse("reviews:decide", args=[review.pk, review.item_id])
    tick = form_to(first, act)

    response = as_(here.ann).post(act, tick)

    assert (response.status_code, response.url) == (302, f"/reviews/{review.pk}/")
    assert stage(as_(here.ann).get(response.url)) == "1.3"
    assert row(review, make.item(here.launch, 2)).outcome == "done"


def test_htmx_gets_the_next_item_and_all_that_the_decision_touched(here, review):
    response = decide(here.ann, review, 2, htmx=True, outcome="done")

    item, text = make.item(here.launch, 2), response.content.decode()
    beside = {"bar", "seat-part", f"ag-{item.pk}", "dealt", "parked", "log"}
    found = set(re.findall(r'hx-swap-oob="true" id="([\w-]+)"', text))
    found |= set(re.findall(r'id="([\w-]+)" hx-swap-oob="true"', text))
    found |= set(re.findall(r'id="([\w-]+)" data-live-part data-v="\d+" hx-swap-oob', text))
    assert (response.status_code, stage(response)) == (200, "1.3")
    assert beside <= found
    assert "<html" not in text


def test_what_a_stream_missed_is_among_what_a_page_fetches_again(here, review):
    presence.join(review, by=here.bob, device=Device.PHONE, now=make.NOW)

    found = page(here.ann, review).content.decode()

    parts = {"agenda", "bar", "dealt", "people", "parked", "log", "seat-part", "finish-says"}
    assert set(re.findall(r'id="([\w-]+)"[^>]* data-live-part', found)) >= parts


def test_who_decides_from_their_own_place_stays_there(here, review):
    response = decide(here.bob, review, 4, outcome="done", follows="")

    item = make.item(here.launch, 4)
    assert response.url == f"/reviews/{review.pk}/?item={item.pk}"
    assert now_of(review).item_id == make.item(here.launch, 2).pk
    assert "You look at 1.4." in words(as_(here.bob).get(response.url), "stage__away")[0]


def test_a_form_to_correct_comes_back_with_all_that_was_typed(here, review):
    response = decide(
        here.ann, review, 2, htmx=True, outcome="not_done", note="", owner=here.bob.pk,
        due="2026-11-99", waive_reason="Typed before.",
    )  # fmt: skip

    text = response.content.decode()
    assert (response.status_code, stage(response)) == (422, "1.2")
    assert "Say what has to happen." in text
    assert "Give a date" in text
    assert "Typed before." in text
    assert row(review, make.item(here.launch, 2)).outcome == ""


def test_what_a_way_does_not_ask_for_is_not_looked_at(here, review):
    response = decide(here.ann, review, 2, outcome="done", due="never", note="Half typed")

    assert response.status_code == 302
    assert row(review, make.item(here.launch, 2)).note == ""


def test_not_done_leaves_a_follow_up_that_the_stage_shows(here, review):
    decide(
        here.ann, review, 2, outcome="not_done", note="Ship filter v2.", owner=here.bob.pk,
        due="2026-11-27",
    )  # fmt: skip

    shown = page(here.cem, review, item=make.item(here.launch, 2).pk)
    assert words(shown, "stage__note") == [
        "Not done: Ship filter v2. Bob Birk, by Fri 27 Nov. Decided by Ann Ash."
    ]


def test_who_comes_second_hears_who_and_when_and_keeps_their_words(here, review):
    late = make.item(here.launch, 2).version
    decide(here.bob, review, 2, outcome="done")

    response = decide(
        here.cem, review, 2, htmx=True, v=late, outcome="not_done", note="Mine.",
        owner=here.cem.pk, due="2026-11-27",
    )  # fmt: skip

    text = response.content.decode()
    assert response.status_code == 409
    assert "Bob Birk decided this just now. Nothing was lost." in text
    assert "See both" in text
    assert "Mine." in text
    assert f'name="v" value="{make.item(here.launch, 2).version}"' in text


def test_words_that_come_in_a_pause_are_kept(here, review):
    pause(review, by=here.ann, key=make.key(), now=make.NOW)

    response = decide(
        here.bob, review, 2, htmx=True, outcome="not_done", note="Mine.", owner=here.bob.pk,
        due="2026-11-27",
    )  # fmt: skip

    assert response.status_code == 409
    assert "This review is paused. Resume it first." in response.content.decode()
    assert "Mine." in response.content.decode()


def test_a_second_person_agrees_on_the_spot(here, review):
    decide(here.ann, review, 2, outcome="na", na_reason="No traffic to switch.")
    item = make.item(here.launch, 2)
    act = reverse("reviews:agree", args=[review.pk, item.pk])

    asked = page(here.amara, review, item=item.pk)
    response = as_(here.amara).post(act, form_to(asked, act))

    assert response.status_code == 302
    assert Exemption.objects.get(item=item).agreed_by == here.amara
    assert not offers(page(here.ann, review, item=item.pk), act)


def test_only_who_drives_takes_the_room_along(here, review):
    item = make.item(here.launch, 4)

    refused = post(here.bob, review, "move", item=item.pk, turn=review.turn, htmx=True)
    moved = post(here.ann, review, "move", item=item.pk, turn=review.turn)

    assert refused.status_code == 409
    assert "Ann Ash drives now" in refused.content.decode()
    assert (moved.status_code, now_of(review).item_id) == (302, item.pk)
    assert stage(page(here.bob, review)) == "1.4"
    assert stage(page(here.bob, review, item=make.item(here.launch, 3).pk)) == "1.3"


def test_the_wheel_is_handed_over_by_a_click_on_a_person(here, review):
    presence.join(review, by=here.bob, device=Device.LAPTOP, now=make.NOW)
    shown = page(here.ann, review)

    response = post(here.ann, review, "seat", to=here.bob.pk, turn=review.turn)

    assert f'name="to" value="{here.bob.pk}"' in shown.content.decode()
    assert response.status_code == 302
    assert now_of(review).driver == here.bob


def test_an_empty_seat_is_offered_and_taken(here, review):
    presence.join(review, by=here.bob, device=Device.PHONE, now=make.NOW)

    with time_machine.travel(make.NOW + timedelta(seconds=41), tick=False):
        shown = page(here.bob, review, "me")
        response = post(here.bob, review, "seat", take="1", turn=review.turn, device="phone")

    assert "Take the wheel" in shown.content.decode()
    assert response.url == f"/reviews/{review.pk}/me/"
    assert now_of(review).driver == here.bob


def test_what_is_parked_is_listed_and_put_back(here, review):
    item = make.item(here.launch, 2)
    decide(here.ann, review, 2, outcome="park", why="Storage cost unclear")
    listed = page(here.bob, review)

    refused = decide(here.ann, review, 3, outcome="park", why="")
    post(here.ann, review, "unpark", item.pk)

    assert words(listed, "parked") != []
    assert "Storage cost unclear" in words(listed, "parked")[0]
    assert refused.status_code == 422
    assert row(review, item).parked_at is None


def test_pulses_are_counted_and_taken_back(here, review):
    item = make.item(here.launch, 2)
    post(here.bob, review, "pulse", item=item.pk, signal="agree")
    post(here.cem, review, "pulse", item=item.pk, signal="question", text="All of it?")
    shown = words(page(here.ann, review), "pulse")

    post(here.bob, review, "pulse", item=item.pk, signal="no-agree")
    bad = post(here.bob, review, "pulse", item=item.pk, signal="shout")

    assert shown == ["1 agrees", "Cem All of it?"]
    assert [one.person for one in Pulse.objects.all()] == [here.cem]
    assert bad.status_code == 422


def test_a_heartbeat_says_where_one_looks(here, review):
    item = make.item(here.launch, 4)

    heard = post(here.bob, review, "here", device="phone", item=item.pk, follows="", htmx=True)
    bad = post(here.bob, review, "here", device="toaster", htmx=True)

    seat = Attendance.objects.get(person=here.bob)
    assert (heard.status_code, bad.status_code) == (200, 422)
    assert (seat.device, seat.item, seat.is_following) == ("phone", item, False)
    assert "on 1.4" in words(page(here.ann, review), "roomlist")[0]


def test_the_code_leads_in_only_who_may_see_the_launch(here, review):
    eve = make.user("Eve", team=make.team())
    typed = {"code": f" {review.code.lower()} "}

    lets_in = as_(here.bob).post(reverse("reviews:join-with-code"), typed)
    unknown = as_(eve).post(reverse("reviews:join-with-code"), typed)
    offers = as_(here.bob).get(lets_in.url)
    joined = as_(here.bob).post(reverse("reviews:join", args=[review.pk]), {"device": "phone"})

    assert offers.status_code == 200
    assert (unknown.status_code, as_(eve).get(lets_in.url).status_code) == (422, 404)
    assert joined.url == f"/reviews/{review.pk}/me/"


def test_who_was_not_invited_may_look_and_is_asked_to_join(here, review):
    dan = make.user("Dan", team=here.team)

    shown = page(dan, review)
    refused = decide(dan, review, 2, htmx=True, outcome="done")

    assert offers(shown, reverse("reviews:join", args=[review.pk]))
    assert not offers(shown, reverse("reviews:decide", args=[review.pk, review.item_id]))
    assert refused.status_code == 409
    assert "Join it first" in refused.content.decode()


def test_a_stranger_learns_nothing(here, review):
    eve = make.user("Eve", team=make.team())
    pages = [page(eve, review, name).status_code for name in ("review", "me", "wall")]

    acts = [
        decide(eve, review, 2, outcome="done"),
        post(eve, review, "move", item=review.item_id, turn=review.turn),
        post(eve, review, "pulse", item=review.item_id, signal="agree"),
        post(eve, review, "here", device="laptop"),
        post(eve, review, "join"),
    ]

    assert pages == [404, 404, 404]
    assert [one.status_code for one in acts] == [404] * 5


def test_an_item_of_another_launch_is_not_in_the_room(here, review):
    other = make.item(make.launch(team=here.team, items=2), 1)

    response = post(here.ann, review, "decide", other.pk, v=other.version, outcome="done")

    assert response.status_code == 404


def test_the_wall_has_no_controls(here, review):
    response = page(here.bob, review, "wall")

    text = response.content.decode()
    assert "<form" not in text
    assert review.code in text
    assert "Item" not in words(response, "wall__where")[0]
    assert words(response, "wall__where")[0].startswith("1.2")


def test_the_phone_shows_ones_own_items(here, review):
    response = page(here.ann, review, "me")

    own = here.launch.items.filter(owner=here.ann).count()
    assert len(words(response, "ag")) == own
    assert words(response, "ph__acts")[0].split() == ["Agree", "Question", "Evidence"]


@pytest.mark.parametrize(("name", "most"), [("review", 20), ("me", 19), ("wall", 17)])
def test_the_statements_of_the_room_grow_with_nothing(here, review, name, most):
    client = as_(here.ann)
    address = reverse(f"reviews:{name}", args=[review.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(6):
        person = make.user(f"Guest {number}", team=here.team, role=Role.MEMBER)
        presence.join(review, by=person, device=Device.LAPTOP, now=make.NOW)
        post(person, review, "pulse", item=review.item_id, signal="agree")
    parked = make.item(here.launch, 4)
    parking.park(review, parked, because="Later", by=here.ann, key=make.key(), now=make.NOW)

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few) <= most
