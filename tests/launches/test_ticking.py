"""Ticking an item from its row, from the drawer, from its page, and without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role
from readiness.launches.models import SignOff
from tests import make
from tests.launches import given
from tests.launches.reading import form_to, look, toast, words
from tests.launches.sending import HTMX, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def stands(item):
    return [(one.by, one.note) for one in item.signoffs.standing()]


def test_a_tick_answers_with_the_row_and_all_it_touched(client, ann, item):
    response = send(client, item, "sign-off", note="Seen")

    assert response.status_code == 200
    assert (look(response), words(response, "item__note")) == ("done", ["Seen"])
    assert "4 of 5 items are checked." in words(response, "vcard__say")[0]
    html = response.content.decode()
    assert html.lstrip().startswith(f"<li class=item id=item-{item.pk} ")
    beside = ["verdict", "head-rollback-traffic-control", "tile-rollback-traffic-control"]
    for part in [*beside, "feed", "tally", "left"]:
        assert re.search(f'id="?{part}[" >]', html)
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
    assert f'<li hx-swap-oob="true" class=item id=item-{item.pk} ' in html
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
    assert look(response) == "done"
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
    assert "3 of 5 items are checked." in words(response, "vcard__say")[0]
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

    assert look(response) == "in_progress"


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


def test_a_tick_costs_the_same_however_long_the_launch_is(client, team, ann):
    found = []
    for items in (5, 40):
        launch = make.launch(team=team, by=ann, items=items)
        client.get(launch.get_absolute_url())
        with CaptureQueriesContext(connection) as counted:
            send(client, make.item(launch, 2), "sign-off", v=1, key=make.key())
        found.append(len(counted))

    assert found[0] == found[1]
