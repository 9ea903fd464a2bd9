"""Working on an item from its row, from the drawer, from its page, and without JavaScript."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role
from readiness.launches.models import Comment, LaunchItem, SignOff
from tests import make
from tests.launches import given
from tests.launches.reading import form_to, words

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def team():
    return make.team("Ads ranking")


@pytest.fixture
def ann(team, client):
    ann = make.user("Ann Ash", team=team, role=Role.LEAD)
    client.force_login(ann)
    return ann


@pytest.fixture
def launch(team, ann):
    return make.launch(team=team, by=ann, items=5, signed_off=3, name="Ads ranking v14")


@pytest.fixture
def item(launch):
    return make.item(launch, 4)


def send(client, item, act, htmx=True, v=None, key="", **said):
    version = given.version_of(item) if v is None else v
    fields = {"v": version, "key": key or make.key(), **said}
    headers = HTMX if htmx else {}
    return client.post(f"/items/{item.pk}/{act}/", fields, headers=headers)


def stands(item):
    return [(one.by, one.note) for one in item.signoffs.standing()]


def toast(response):
    return words(response, "toast")[0]


def test_a_tick_answers_with_the_row_and_all_it_touched(client, ann, item):
    response = send(client, item, "sign-off", note="Seen")

    assert response.status_code == 200
    change = response.context["change"]
    assert (change.row.look, change.row.note, change.card.counts) == (
        "done",
        "Seen",
        "4 of 5 items are checked.",
    )
    html = response.content.decode()
    assert html.lstrip().startswith(f'<li class="item" id="item-{item.pk}"')
    beside = ["verdict", "head-rollback-traffic-control", "tile-rollback-traffic-control"]
    for part in [*beside, "feed", "tally", "left"]:
        assert f'id="{part}"' in html
    title = item.item.title
    assert toast(response) == f"{title} is done. Ads ranking v14 is at 80%. UndoZ"
    assert stands(item) == [(ann, "Seen")]


def test_without_javascript_a_tick_leads_back_to_its_row(client, ann, launch, item):
    response = send(client, item, "sign-off", htmx=False)

    assert response.status_code == 302
    assert response["Location"] == f"/launches/{launch.pk}/#item-{item.pk}"
    assert stands(item) == [(ann, "")]


def test_from_the_items_page_a_tick_leads_back_to_it(client, launch, item):
    response = send(client, item, "sign-off", htmx=False, at="item")

    assert response["Location"] == f"/items/{item.pk}/"


@pytest.mark.parametrize(
    ("then", "leads_to"),
    [("/mine/", "/mine/"), ("https://evil.example/", ""), ("//evil.example", "")],
)
def test_a_form_may_name_a_page_of_ours_to_come_back_to(client, launch, item, then, leads_to):
    response = send(client, item, "sign-off", htmx=False, next=then)

    assert response["Location"] == (leads_to or f"/launches/{launch.pk}/#item-{item.pk}")


def test_a_tick_in_the_drawer_brings_the_panel_and_the_row(client, item):
    response = send(client, item, "sign-off", at="drawer")

    html = response.content.decode()
    assert html.lstrip().startswith('<div class="panel')
    assert f'<li hx-swap-oob="true" class="item" id="item-{item.pk}"' in html
    assert response.context["page"].word == "Done"


def test_on_the_items_page_a_tick_brings_the_panel_alone(client, item):
    response = send(client, item, "sign-off", at="item")

    html = response.content.decode()
    assert html.lstrip().startswith('<div class="panel')
    assert 'id="verdict"' not in html


def test_a_stranger_finds_nothing_to_sign(client, item):
    client.force_login(make.user("Zoe", team=make.team(), role=Role.LEAD))

    response = send(client, item, "sign-off", v=1)

    assert (response.status_code, stands(item)) == (404, [])


def test_a_viewer_may_not_sign(client, team, item):
    client.force_login(make.user("Vera", team=team, role=Role.VIEWER))

    response = send(client, item, "sign-off", v=1)

    assert (response.status_code, stands(item)) == (403, [])


def test_who_comes_late_sees_the_fresh_row_and_who_was_first(client, team, ann, item):
    priya = make.user("Priya Raman", team=team)
    seen = given.version_of(item)
    make.sign(item, by=priya, at=make.NOW - timedelta(seconds=5))

    response = send(client, item, "sign-off", v=seen)

    assert response.status_code == 409
    assert response.context["change"].row.look == "done"
    notes = words(response, "item__note")
    assert notes == ["Priya Raman changed this 5 seconds ago. Nothing was lost. See both"]
    assert stands(item) == [(priya, "")]


def test_who_comes_late_without_javascript_is_told_on_a_page(client, team, item):
    seen = given.version_of(item)
    make.sign(item, by=make.user("Priya Raman", team=team))

    response = send(client, item, "sign-off", htmx=False, v=seen)

    assert response.status_code == 409
    assert "Priya Raman changed this just now. Nothing was lost." in response.content.decode()


def test_in_the_drawer_the_panel_says_who_was_first(client, team, item):
    seen = given.version_of(item)
    make.sign(item, by=make.user("Priya Raman", team=team))

    response = send(client, item, "sign-off", v=seen, at="drawer")

    assert response.status_code == 409
    assert words(response, "callout")[0] == ("Priya Raman changed this just now. Nothing was lost.")
    assert response.context["page"].word == "Done"


def test_a_replay_is_answered_like_the_success(client, item):
    seen, key = given.version_of(item), make.key()

    first = send(client, item, "sign-off", v=seen, key=key)
    second = send(client, item, "sign-off", v=seen, key=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert SignOff.objects.filter(item=item).count() == 1


def test_a_key_with_other_contents_is_refused(client, item):
    seen, key = given.version_of(item), make.key()
    send(client, item, "sign-off", v=seen, key=key)

    response = send(client, item, "sign-off", v=seen, key=key, note="Other")

    assert response.status_code == 422
    assert words(response, "item__note")[-1] == (
        "This form was sent before with other contents. Load the page again."
    )


def test_an_answer_that_does_not_exist_is_refused(client, item):
    response = send(client, item, "sign-off", answer="perhaps")

    assert (response.status_code, stands(item)) == (409, [])
    assert words(response, "item__note") == ["This checklist has no such answer."]


@pytest.mark.parametrize("v", ["", "x", "-1", str(2**31), "9" * 40])
def test_a_version_that_is_none_is_not_carried_out(client, item, v):
    response = send(client, item, "sign-off", v=v)

    assert (response.status_code, stands(item)) == (422, [])


def test_undo_takes_the_tick_back(client, item):
    ticked = send(client, item, "sign-off")
    [signoff] = item.signoffs.all()
    address = f"/sign-offs/{signoff.pk}/withdraw/"

    response = client.post(address, form_to(ticked, address), headers=HTMX)

    assert response.status_code == 200
    assert response.context["change"].card.counts == "3 of 5 items are checked."
    assert stands(item) == []


def test_undo_of_taking_back_signs_again_with_the_same_words(client, ann, item):
    make.sign(item, by=ann, note="Saw run 3")
    [signoff] = item.signoffs.all()
    address = f"/sign-offs/{signoff.pk}/withdraw/"
    fields = {"v": given.version_of(item), "key": make.key(), "because": "Oops"}
    taken_back = client.post(address, fields, headers=HTMX)
    again = f"/items/{item.pk}/sign-off/"

    response = client.post(again, form_to(taken_back, again), headers=HTMX)

    assert response.status_code == 200
    assert stands(item) == [(ann, "Saw run 3")]


def test_taking_back_may_say_how_the_work_goes_instead(client, ann, item):
    make.sign(item, by=ann)
    [signoff] = item.signoffs.all()
    fields = {"v": given.version_of(item), "key": make.key(), "to": "in_progress"}

    response = client.post(f"/sign-offs/{signoff.pk}/withdraw/", fields, headers=HTMX)

    assert response.context["change"].row.look == "in_progress"


def test_nobody_takes_back_what_another_said(client, team, ann, item):
    make.sign(item, by=ann)
    [signoff] = item.signoffs.all()
    client.force_login(make.user("Priya Raman", team=team))
    fields = {"v": given.version_of(item), "key": make.key()}

    response = client.post(f"/sign-offs/{signoff.pk}/withdraw/", fields, headers=HTMX)

    assert response.status_code == 409
    assert words(response, "item__note") == ["Only Ann Ash or the lead can take this back."]
    assert stands(item) == [(ann, "")]


def test_a_stranger_finds_no_sign_off(client, ann, item):
    make.sign(item, by=ann)
    [signoff] = item.signoffs.all()
    client.force_login(make.user("Zoe", team=make.team(), role=Role.LEAD))

    response = client.post(f"/sign-offs/{signoff.pk}/withdraw/", {"v": 1, "key": "k"})

    assert response.status_code == 404


def test_what_is_blocked_says_why(client, item):
    response = send(client, item, "progress", to="blocked", because="Waits for DP-771")

    row = response.context["change"].row
    assert (row.look, row.note) == ("blocked", "Waits for DP-771")
    assert response.context["change"].section.is_blocked


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

    assert response.context["change"].row.look == "blocked"


def test_without_javascript_a_faulty_form_comes_back_on_the_items_page(client, item):
    response = send(client, item, "progress", htmx=False, to="blocked", because="x" * 301)

    assert response.status_code == 422
    html = response.content.decode()
    assert html.lstrip().startswith("<!doctype html>")
    assert f'value="{"x" * 301}"' in html


def test_an_item_is_handed_over_and_back(client, team, ann, item):
    priya = make.user("Priya Raman", team=team)

    response = send(client, item, "assign", to=priya.pk)

    assert response.context["change"].row.owner == "Priya Raman"
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

    row = response.context["change"].row
    assert (row.link_title, row.link_url) == ("runs.example", "https://runs.example/7?a=1")
    [link] = item.evidence_links.all()
    fields = {"v": given.version_of(item), "key": make.key()}
    removed = client.post(f"/evidence/{link.pk}/remove/", fields, headers=HTMX)
    assert removed.context["change"].row.link_title == ""


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
    assert response.context["change"].row.comments == 1


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


def test_a_tick_costs_the_same_however_long_the_launch_is(client, team, ann):
    found = []
    for items in (5, 40):
        launch = make.launch(team=team, by=ann, items=items)
        client.get(launch.get_absolute_url())
        with CaptureQueriesContext(connection) as counted:
            send(client, make.item(launch, 2), "sign-off", v=1, key=make.key())
        found.append(len(counted))

    assert found[0] == found[1]
