"""Working on an item: how it goes, whose it is, when it is due, what supports it."""

from datetime import date, timedelta

import pytest

from readiness.accounts.models import Role
from readiness.launches.models import Comment, LaunchItem
from tests import make
from tests.launches import given
from tests.launches.reading import form_to, look, marks, toast, words
from tests.launches.sending import HTMX, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def test_what_is_blocked_says_why(client, item):
    response = send(client, item, "progress", to="blocked", because="Waits for DP-771")

    assert (look(response), words(response, "item__note")) == ("blocked", ["Waits for DP-771"])
    assert "data-blocked" in marks(response, "tile")[0]


@pytest.mark.parametrize("because", ["", "   ", "x" * 301])
def test_a_reason_that_will_not_do_comes_back_as_typed(client, item, because):
    response = send(client, item, "progress", to="blocked", because=because)

    assert response.status_code == 422
    form = form_to(response, f"/items/{item.pk}/progress/")
    assert (form["to"], form["because"]) == ("blocked", because)
    assert len(words(response, "error")) == 1
    assert LaunchItem.objects.get(pk=item.pk).progress == "not_started"


def test_the_corrected_form_is_carried_out(client, item):
    faulty = send(client, item, "progress", to="blocked", because="")
    address = f"/items/{item.pk}/progress/"

    response = client.post(address, form_to(faulty, address) | {"because": "DP-771"}, headers=HTMX)

    assert look(response) == "blocked"


def test_without_javascript_a_faulty_form_comes_back_on_the_items_page(client, item):
    response = send(client, item, "progress", htmx=False, to="blocked", because="x" * 301)

    assert response.status_code == 422
    html = response.content.decode()
    assert html.lstrip().startswith("<!doctype html>")
    assert f'value="{"x" * 301}"' in html


def test_an_item_is_handed_over_and_back(client, team, ann, item):
    priya = make.user("Priya Raman", team=team)

    response = send(client, item, "assign", to=priya.pk)

    [row] = [one for one in marks(response, "avatar") if one.get("role")][:1]
    assert row["aria-label"] == "Priya Raman"
    assert toast(response) == f"{item.item.title} is Priya Raman’s now. UndoZ"
    address = f"/items/{item.pk}/assign/"
    client.post(address, form_to(response, address), headers=HTMX)
    assert LaunchItem.objects.get(pk=item.pk).owner is None


def test_an_item_is_not_handed_to_who_may_not_do_it(client, team, item):
    vera = make.user("Vera Viewer", team=team, role=Role.VIEWER)

    response = send(client, item, "assign", to=vera.pk)

    assert response.status_code == 409
    assert words(response, "item__note") == ["Vera Viewer is not a member of Ads ranking."]


def test_a_due_date_is_set_by_hand_and_let_go(client, launch, item):
    on = launch.launch_on - timedelta(days=3)

    send(client, item, "due", on=on.isoformat())
    by_hand = LaunchItem.objects.get(pk=item.pk)
    send(client, item, "due", on="")
    following = LaunchItem.objects.get(pk=item.pk)

    assert (by_hand.due_on, by_hand.due_set_by_hand) == (on, True)
    assert (following.due_on, following.due_set_by_hand) == (item.due_on, False)


def test_a_date_that_is_none_comes_back(client, item):
    response = send(client, item, "due", on="soon", at="item")

    assert response.status_code == 422
    assert words(response, "error") == ["Give a date, as 2026-11-27."]
    assert LaunchItem.objects.get(pk=item.pk).due_on == item.due_on


def test_nothing_is_due_after_the_launch(client, item):
    response = send(client, item, "due", on=date(2030, 1, 1).isoformat())

    assert response.status_code == 409
    assert words(response, "item__note") == ["An item cannot be due after the launch."]


def test_evidence_is_added_under_its_host_and_removed(client, ann, item):
    response = send(client, item, "evidence", url="https://runs.example/7?a=1")

    assert words(response, "item__end") == ["runs.example"]
    assert '<a href="https://runs.example/7?a=1">' in response.content.decode()
    [link] = item.evidence_links.all()
    fields = {"v": given.version_of(item), "key": make.key()}
    removed = client.post(f"/evidence/{link.pk}/remove/", fields, headers=HTMX)
    assert words(removed, "item__end") == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "//x.example", "x", ""]
)
def test_only_pages_of_the_web_are_evidence(client, item, url):
    response = send(client, item, "evidence", url=url, title="Run 7", at="drawer")

    assert response.status_code == 422
    assert not item.evidence_links.exists()
    form = form_to(response, f"/items/{item.pk}/evidence/")
    assert (form["url"], form["title"]) == (url, "Run 7")


def test_a_comment_is_shown_and_its_form_is_fresh(client, item):
    response = client.post(
        f"/items/{item.pk}/comment/",
        {"key": "k-1", "text": "مرحبا 🚀", "at": "drawer"},
        headers=HTMX,
    )

    assert response.status_code == 200
    assert words(response, "comment__text") == ["مرحبا 🚀"]
    form = form_to(response, f"/items/{item.pk}/comment/")
    assert form["key"] != "k-1"
    assert words(response, "item__com") == ["1 comment"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_a_comment_that_will_not_do_is_not_lost(client, item, text):
    response = client.post(
        f"/items/{item.pk}/comment/", {"key": "k", "text": text, "at": "item"}, headers=HTMX
    )

    assert response.status_code == 422
    assert text in response.content.decode()
    assert not Comment.objects.exists()


def test_a_viewer_comments(client, team, item):
    client.force_login(make.user("Vera", team=team, role=Role.VIEWER))

    response = client.post(f"/items/{item.pk}/comment/", {"key": "k", "text": "Why?"})

    assert response.status_code == 302
    assert [one.text for one in Comment.objects.all()] == ["Why?"]
