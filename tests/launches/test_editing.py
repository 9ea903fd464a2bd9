"""Editing a launch: what it costs is shown first, and nobody overwrites unseen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readiness.accounts.models import Role
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.foreseeing import falling
from tests import make
from tests.launches import facts, typed
from tests.launches.reading import form_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def launch(team, ann):
    return make.launch(team=team, by=ann, items=5, signed_off=4, name="Ads ranking v14")


def page_of(launch):
    return reverse("launches:edit", args=[launch.pk])


def test_the_page_shows_what_the_launch_says(client, team, ann):
    priya = make.user("Priya Raman", team=team)
    launch = make.launch(
        team=team, by=ann, items=1, approvers=[ann], duties={"sre": priya}, zone="Asia/Tokyo"
    )

    page = client.get(page_of(launch)).content.decode()

    shown = [
        f'name="name" value="{launch.name}"',
        'name="launch_on" value="2026-12-07"',
        'name="launch_time" value="21:00"',
        '<option value="Asia/Tokyo" selected>',
        f'<option value="{priya.pk}" selected>Priya Raman</option>',
        'name="edition" value="1"',
    ]
    assert [words for words in shown if words not in page] == []
    assert page.count(" checked>") == 1


def test_what_a_launch_says_is_changed(client, ann, launch):
    form = typed.editing(launch, name="Ads ranking v15", purpose="Ranks ads.")

    response = client.post(page_of(launch), form)

    launch.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, launch.get_absolute_url())
    assert (launch.name, launch.purpose, launch.edition) == ("Ads ranking v15", "Ranks ads.", 2)


def test_what_the_clock_on_the_wall_cannot_say_stays_as_it_is(client, ann, team):
    second_half_past_two = datetime(2027, 10, 31, 1, 30, 17, tzinfo=UTC)
    launch = make.launch(
        team=team, by=ann, items=1, zone="Europe/Berlin", launch_at=second_half_past_two
    )

    client.post(page_of(launch), typed.editing(launch, purpose="Ranks ads."))

    launch.refresh_from_db()
    assert (launch.purpose, launch.launch_at) == ("Ranks ads.", second_half_past_two)


def test_a_past_date_is_fine_for_a_launch_that_was_opened(client, ann, launch):
    response = client.post(
        page_of(launch),
        typed.editing(launch, launch_on="2026-11-01", moved_because="It went out early."),
    )

    launch.refresh_from_db()
    assert (response.status_code, launch.launch_on.isoformat()) == (302, "2026-11-01")


def test_a_new_candidate_is_confirmed_before_sign_offs_fall(client, ann, launch):
    form = typed.editing(launch, candidate_version="14.3.0")

    asked = client.post(page_of(launch), form)
    launch.refresh_from_db()
    before = (launch.candidate.version, launch.checked)
    seal = falling(
        launch,
        candidate={"name": "ranker", "version": "14.3.0", "digest": ""},
        launch_on=launch.launch_on,
        now=make.NOW,
    ).seal
    confirmed = client.post(page_of(launch), form | {"confirmed": seal})

    page = asked.content.decode()
    launch.refresh_from_db()
    assert (asked.status_code, before) == (200, ("14.2.0", 4))
    assert "These 2 items stand on ranker@14.2.0 and will stop counting" in page
    assert "Shadow mode deployment tested" in page
    assert 'value="14.3.0"' in page
    assert f'name="confirmed" value="{seal}"' in page
    assert (confirmed.status_code, launch.candidate.version, launch.checked) == (302, "14.3.0", 2)


def test_what_is_confirmed_is_what_was_shown(client, ann, launch):
    form = typed.editing(launch, candidate_version="14.3.0", confirmed="shadow-deployment")

    response = client.post(page_of(launch), form)

    launch.refresh_from_db()
    assert (response.status_code, launch.candidate.version) == (200, "14.2.0")


def test_a_new_registry_link_costs_nothing(client, ann, launch):
    link = "https://registry.example/ranker"

    client.post(page_of(launch), typed.editing(launch, candidate_registry_url=link))

    launch.refresh_from_db()
    assert (launch.candidate.registry_url, launch.checked) == (link, 4)


def test_who_edits_second_sees_what_the_first_saved_and_keeps_their_words(client, ann, launch):
    mine = typed.editing(launch, name="Mine", purpose="Also mine.")
    client.post(page_of(launch), typed.editing(launch, name="Theirs"))

    response = client.post(page_of(launch), mine)
    again = client.post(page_of(launch), mine | {"key": make.key(), "edition": 2})

    page = response.content.decode()
    launch.refresh_from_db()
    assert response.status_code == 409
    assert "Someone edited this launch since you loaded the page. Look at it again." in page
    assert 'name="name" value="Mine"' in page
    assert '<dt>Name</dt><dd dir="auto">Theirs</dd>' in page
    assert '<dt>Purpose</dt><dd dir="auto">empty</dd>' in page
    assert 'name="edition" value="2"' in page
    assert (again.status_code, launch.name, launch.edition) == (302, "Mine", 3)


@pytest.mark.parametrize("edition", ["", "0", "-1", "two", "9" * 30])
def test_an_edition_that_never_was_is_stale(client, ann, launch, edition):
    form = typed.editing(launch, edition=edition, candidate_version="9")

    assert client.post(page_of(launch), form).status_code == 409


def test_a_form_sent_twice_edits_once(client, ann, launch):
    form = typed.editing(launch, name="Ads ranking v15")

    answers = [client.post(page_of(launch), form) for _ in range(2)]

    launch.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert launch.edition == 2


def test_bad_words_are_corrected_with_the_rest_kept(client, ann, launch):
    form = typed.editing(launch, name="n" * 10_240, model="Kept", edition="1")

    response = client.post(page_of(launch), form)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Use at most 120 characters. This has 10240." in page
    assert 'value="Kept"' in page
    assert 'name="edition" value="1"' in page


def test_who_holds_a_seat_is_offered_even_when_they_left(client, team, ann):
    priya = make.user("Priya Raman", team=team)
    launch = make.launch(team=team, by=ann, items=1, duties={"sre": priya})
    priya.is_active = False
    priya.save()

    page = client.get(page_of(launch)).content.decode()
    kept = client.post(page_of(launch), typed.editing(launch))
    changed = client.post(page_of(launch), typed.editing(launch, duty_sre=ann.pk))

    assert f'<option value="{priya.pk}" selected>Priya Raman</option>' in page
    assert kept.status_code == 409
    assert "Priya Raman has left and can own nothing." in kept.content.decode()
    assert changed.status_code == 302
    assert LaunchItem.objects.get(launch=launch).owner == ann


def test_a_launch_that_is_over_is_read_only(client, ann, launch):
    launch.stage = "archived"
    launch.save()

    page = client.get(page_of(launch)).content.decode()
    response = client.post(page_of(launch), typed.editing(launch, name="Late"))

    assert "This launch is over: its checklist is closed." in page
    assert '<button class="btn btn--primary btn--lg" disabled>Save</button>' in page
    assert response.status_code == 409


@pytest.mark.parametrize("name", ["launches:edit", "launches:facets"])
def test_strangers_find_nothing_and_readers_are_refused(client, team, launch, name):
    statuses = []
    people = [
        make.user("Stranger", team=make.team(), role=Role.LEAD),
        make.user("Viewer", team=team, role=Role.VIEWER),
        make.user("Member", team=team),
        make.user("Lead", team=team, role=Role.LEAD),
    ]
    for person in people:
        client.force_login(person)
        for ask in (client.get, client.post):
            statuses.append(ask(reverse(name, args=[launch.pk])).status_code)

    assert statuses[:6] == [404, 404, 403, 403, 403, 403]
    assert statuses[6] == 200


def test_the_lead_of_a_launch_edits_it_without_a_role(client, team, ann):
    member = make.user("Mei Tanaka", team=team)
    launch = make.launch(team=team, by=ann, items=1, lead=member)
    client.force_login(member)

    response = client.post(page_of(launch), typed.editing(launch, name="By its lead"))

    assert response.status_code == 302


def test_a_new_date_moves_the_due_dates(client, ann, launch):
    later = launch.launch_on + timedelta(days=7)
    was = launch.items.first().due_on

    form = typed.editing(launch, launch_on=later.isoformat())
    asked = client.post(page_of(launch), form)
    client.post(page_of(launch), form | {"moved_because": "The cluster comes late."})

    assert asked.status_code == 422
    assert "Say why the launch moves." in asked.content.decode()
    [event] = launch.subject.events.filter(kind="launch.rescheduled")
    assert event.payload["because"] == "The cluster comes late."
    assert launch.items.first().due_on == was + timedelta(days=7)


def test_the_page_costs_the_same_for_one_person_and_for_many(client, team, ann, launch):
    client.get(page_of(launch))

    with CaptureQueriesContext(connection) as few:
        client.get(page_of(launch))
    for _ in range(40):
        make.user(team=team)
    with CaptureQueriesContext(connection) as many:
        client.get(page_of(launch))

    assert len(many) == len(few)


def test_facts_that_break_a_rule_on_the_new_day_are_shown_first_with_the_way_there(client, ann):
    launch = facts.a_launch(team=ann.memberships.get().team, by=ann)
    bo = make.user("Bo Ray", team=launch.team)
    facts.own(launch, bo, may_act_alone=True)
    item = facts.item_of(launch, facts.OWNER)
    launch.refresh_from_db()
    later = (launch.launch_on + timedelta(days=20)).isoformat()
    form = typed.editing(launch, launch_on=later, moved_because="The data is late.")

    asked = client.post(page_of(launch), form)
    before = Launch.objects.get(pk=launch.pk).launch_on
    seal = form_to(asked, page_of(launch))
    saved = client.post(page_of(launch), form | {"confirmed": f"fact-{item.pk}"})

    assert (asked.status_code, before) == (200, launch.launch_on)
    assert "This fact breaks a rule then" in asked.text
    assert f'href="/items/{item.pk}/fact/" target="_blank"' in asked.text
    assert "The window closes before" in asked.text
    assert (seal["launch_on"], seal["moved_because"]) == (later, "The data is late.")
    assert (saved.status_code, Launch.objects.get(pk=launch.pk).launch_on.isoformat()) == (
        302,
        later,
    )


def test_a_day_on_which_the_facts_still_hold_asks_nothing(client, ann):
    launch = facts.a_launch(team=ann.memberships.get().team, by=ann)
    facts.own(launch, make.user("Bo Ray", team=launch.team), may_act_alone=True)
    launch.refresh_from_db()
    form = typed.editing(launch, purpose="Ranks ads.")

    assert client.post(page_of(launch), form).status_code == 302
