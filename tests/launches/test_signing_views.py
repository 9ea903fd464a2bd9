"""Signing alone, confirming it, saying "still true": with htmx, without, badly, by others."""

import pytest
from django.urls import reverse

from readiness.accounts.models import Role
from readiness.launches.models import SignOff
from readiness.rules.states import State
from tests import make
from tests.launches import signing
from tests.launches.given import placed, version_of
from tests.launches.intakes import another, edited

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def form(item, **said: object) -> dict[str, object]:
    return {"v": version_of(item), "key": make.key(), "at": "item", **said}


def test_one_breaks_the_glass_on_the_item_s_page_and_another_confirms(client):
    launch = signing.launch("owner")
    ann, eve = (
        make.user("Ann", team=launch.team),
        make.user("Eve", team=launch.team, role=Role.APPROVER),
    )
    item = make.item(launch)

    client.force_login(ann)
    broken = client.post(
        reverse("launches:break-glass", args=[item.pk]), form(item, because="Nobody is here.")
    )
    mine = client.get(item.get_absolute_url()).content.decode()
    client.force_login(eve)
    theirs = client.get(item.get_absolute_url()).content.decode()
    signoff = SignOff.objects.get()
    confirmed = client.post(
        reverse("launches:confirm", args=[signoff.pk]), form(item, note="True."), **HTMX
    )

    assert (broken.status_code, confirmed.status_code) == (302, 200)
    assert "you cannot confirm what you signed alone" in mine
    assert "Confirm that Ann had to sign alone" in theirs
    assert "Confirmed by Eve" in confirmed.content.decode()
    assert placed(launch, State.MET) == [1]


def test_the_mark_stays_on_the_launch_after_the_sign_off_is_taken_back(client):
    launch = signing.launch("owner")
    ann = make.user("Ann", team=launch.team)
    item = make.item(launch)
    signing.break_glass(item, by=ann)
    signing.confirm(item, by=launch.lead)
    client.force_login(ann)
    client.post(reverse("launches:withdraw", args=[SignOff.objects.get().pk]), form(item))

    pages = [
        client.get(address).content.decode()
        for address in (
            launch.get_absolute_url(),
            reverse("launches:markdown", args=[launch.pk]),
            reverse("launches:print", args=[launch.pk]),
        )
    ]

    said = "Glass was broken once: one person signed alone, past the signing policy."
    assert [said in page for page in pages] == [True] * 3
    assert "Glass broken" in client.get(item.get_absolute_url()).content.decode()


def test_without_a_reason_the_form_comes_back(client):
    launch = signing.launch("owner")
    ann = make.user("Ann", team=launch.team)
    item = make.item(launch)
    client.force_login(ann)

    page = client.post(
        reverse("launches:break-glass", args=[item.pk]), form(item, because=""), **HTMX
    )

    assert page.status_code == 422
    assert "Say why this cannot wait for those who should sign." in page.content.decode()
    assert not SignOff.objects.exists()


def test_a_stranger_finds_nothing_and_a_viewer_may_not(client):
    launch = signing.launch("owner")
    item = make.item(launch)
    vic = make.user("Vic", team=launch.team, role=Role.VIEWER)
    address = reverse("launches:break-glass", args=[item.pk])
    said = form(item, because="Now.")

    client.force_login(make.user("Eve"))
    stranger = client.post(address, said)
    client.force_login(vic)
    viewer = client.post(address, said)

    assert (stranger.status_code, viewer.status_code) == (404, 403)


def test_the_launch_asks_whether_what_one_signed_is_still_true(client):
    launch = signing.launch("anyone", signed_off=2)
    edited(launch, candidate=another(launch, version="15"))
    client.force_login(launch.lead)

    page = client.get(launch.get_absolute_url()).content.decode()
    pairs = [f"{one.pk}.{one.version}" for one in launch.items.all()[:2]]
    asked = client.get(
        reverse("launches:bulk", args=[launch.pk]), {"act": "reaffirm", "items": pairs}
    )
    done = client.post(
        reverse("launches:bulk", args=[launch.pk]),
        {"act": "reaffirm", "items": pairs, "key": make.key()},
        follow=True,
    )

    assert "2 things you signed no longer count." in page
    assert "Re-affirm what you signed" in asked.content.decode()
    assert "2 items re-affirmed." in done.content.decode()
    assert placed(launch, State.MET) == [1, 2]


def test_one_item_is_re_affirmed_where_it_stands(client):
    launch = signing.launch("anyone", signed_off=1)
    edited(launch, candidate=another(launch, version="15"))
    item = make.item(launch)
    client.force_login(launch.lead)

    page = client.get(item.get_absolute_url()).content.decode()
    done = client.post(reverse("launches:reaffirm", args=[item.pk]), form(item), **HTMX)

    assert "You signed this, and it no longer counts." in page
    assert (done.status_code, "Re-affirmed" in done.content.decode()) == (200, True)
    assert placed(launch, State.MET) == [1]


def test_the_item_says_who_could_still_sign(client):
    launch = signing.launch("two_persons")
    ann, bob = make.user("Ann", team=launch.team), make.user("Bob", team=launch.team)
    make.sign(make.item(launch), by=ann)
    client.force_login(bob)

    page = client.get(make.item(launch).get_absolute_url()).content.decode()
    rows = client.get(launch.get_absolute_url()).content.decode()

    assert "Two people sign off." in page
    assert f"Bob and {launch.lead.name} could sign." in page
    assert f"1 of 2 signatures. Bob and {launch.lead.name} could sign." in rows
