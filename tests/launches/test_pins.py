"""Pinned launches: at hand beside the list, for one person."""

import pytest

from readiness.accounts.models import Membership
from readiness.launches.models import Pin
from readiness.launches.services import pins
from tests import make
from tests.launches.given import refused
from tests.launches.reading import form_to, marks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def pinned(client):
    """What stands beside the list."""
    return [
        (one.name, one.title, one.shown, one.share) for one in client.get("/").context["board"].pins
    ]


def test_a_launch_is_pinned_on_its_page_and_stands_beside_the_list_until_it_is_unpinned(
    client, launch, ann
):
    address = launch.get_absolute_url()
    form_to(client.get(address), f"{address}pin/")

    answer = client.post(f"{address}pin/")
    client.post(f"{address}pin/")
    at_hand = pinned(client)
    back = client.post(f"{address}unpin/", form_to(client.get("/views/"), f"{address}unpin/"))

    assert (answer.status_code, answer.url, back.url) == (302, address, "/views/")
    assert at_hand == [("Ads ranking v14", "Delay", "60%", 60)]
    assert pinned(client) == []


def test_a_pin_says_whether_it_is_in_to_who_pinned_and_to_nobody_else(client, launch, ann, team):
    pins.pin(launch, by=ann, now=make.NOW)

    shown = {}
    for person in (ann, make.user("Bo", team=team)):
        client.force_login(person)
        page = client.get(launch.get_absolute_url())
        shown[person.name] = (
            [one["aria-pressed"] for one in marks(page, "btn--icon") if "aria-pressed" in one],
            len(pinned(client)),
        )

    assert shown == {"Ann Ash": (["true"], 1), "Bo": (["false"], 0)}


def test_what_a_person_may_no_longer_see_is_not_beside_their_list(client, launch, team):
    bo = make.user("Bo", team=team)
    client.force_login(bo)
    pins.pin(launch, by=bo, now=make.NOW)

    Membership.objects.filter(person=bo).delete()

    assert pinned(client) == []
    assert client.post(f"{launch.get_absolute_url()}unpin/").status_code == 404


def test_a_guest_finds_what_they_pinned_while_the_launch_lets_them_in(client, launch):
    eve = make.let_in(launch, make.user("Eve", team=make.team()))
    client.force_login(eve)

    pins.pin(launch, by=eve, now=make.NOW)

    assert [name for name, *_ in pinned(client)] == ["Ads ranking v14"]


def test_a_dozen_are_at_hand_and_not_one_more(ann, team):
    launches = [make.launch(team=team, by=ann, items=1) for _ in range(pins.MOST + 1)]
    for one in launches[:-1]:
        pins.pin(one, by=ann, now=make.NOW)

    with refused("You have 12 pinned launches already: unpin one first."):
        pins.pin(launches[-1], by=ann, now=make.NOW)

    assert Pin.objects.filter(person=ann).count() == pins.MOST
