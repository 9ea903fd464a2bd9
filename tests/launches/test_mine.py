"""My items: what a person owns, by when it is due, and what doing it changes."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection

from readiness.accounts.models import Role
from readiness.launches.models import Progress
from readiness.launches.queries import mine as queries
from readiness.launches.queries.mine import Done, Workload
from readiness.launches.services import items as services
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
TODAY = date(2026, 11, 23)  # a Monday


def give(item, to, *, due=None, waits_for=""):
    """The item handed to a person, due on a day, perhaps blocked."""
    lead = item.launch.lead
    done = {"by": lead, "now": make.NOW}
    services.assign(item, to=to, version=fresh(item), key=make.key(), **done)
    services.set_due(item, on=due, version=fresh(item), key=make.key(), **done)
    if waits_for:
        services.set_progress(
            item,
            to=Progress.BLOCKED,
            because=waits_for,
            version=fresh(item),
            key=make.key(),
            **done,
        )


def fresh(item):
    item.refresh_from_db()
    return item.version


def given(items=40, signed_off=0, **said):
    """A launch in four weeks, and a member of its team."""
    team = make.team()
    lead = make.user(team=team, role=Role.LEAD)
    at = make.NOW + timedelta(days=28)
    launch = make.launch(
        items=items, signed_off=signed_off, team=team, by=lead, launch_at=at, **said
    )
    return launch, make.user("Ann Lee", team=team)


def shown(person, now=make.NOW):
    page = queries.mine(person, now)
    return {group.title: [(row.ref, row.due) for row in group.rows] for group in page.groups}


def test_items_stand_by_the_week_in_which_they_are_due():
    launch, ann = given()
    days = (-4, -1, 0, 6, 7, 13, 14)
    for position, after in enumerate(days, start=1):
        give(make.item(launch, position), ann, due=TODAY + timedelta(days=after))
    give(make.item(launch, 8), ann, due=TODAY, waits_for="a new cluster")

    page = queries.mine(ann, make.NOW)

    assert shown(ann) == {
        "Late": [("1.1", "4 days late"), ("1.2", "1 day late")],
        "This week": [("1.3", "Today"), ("1.4", "Sun 29 Nov")],
        "Next week": [("1.5", "Mon 30 Nov"), ("1.6", "Sun 6 Dec")],
        "Later": [("2.1", "Mon 7 Dec")],
        "Waiting for someone else": [("2.2", "Today")],
    }
    assert page.workload == Workload(late=2, this_week=2, next_week=2)
    assert page.workload == queries.workload(ann, make.NOW)
    assert page.groups[-1].rows[0].note == "a new cluster"
    assert page.opened == make.item(launch, 1).pk


def test_a_day_begins_where_the_person_is():
    launch, ann = given()
    give(make.item(launch, 1), ann, due=TODAY)
    late_evening = make.NOW.replace(hour=23)  # already Tuesday in Berlin

    ann.zone = "Europe/Berlin"
    in_berlin = shown(ann, late_evening)
    ann.zone = "America/New_York"
    in_new_york = shown(ann, late_evening)

    assert in_berlin == {"Late": [("1.1", "1 day late")]}
    assert in_new_york == {"This week": [("1.1", "Today")]}


def test_what_is_done_moves_to_the_done_and_comes_back_when_it_expires():
    launch, ann = given()
    item = make.item(launch, 1)
    give(item, ann, due=TODAY)
    make.sign(item, by=ann)
    expired = make.NOW + timedelta(days=90)

    done = Done(item.pk, launch.version.items.first().title, launch.name, "Mon 23 Nov")
    page, later = queries.mine(ann, make.NOW), queries.mine(ann, expired)

    assert (page.groups, page.done, page.workload.to_do) == ((), (done,), 0)
    assert [(g.title, [r.word for r in g.rows]) for g in later.groups] == [("Late", ["Expired"])]


@pytest.mark.parametrize(
    ("items", "signed_off", "effect"),
    [(40, 30, "77.5%"), (40, 31, "80%"), (20, 18, "95%"), (3, 0, "33.3%")],
)
def test_the_open_item_says_where_it_takes_the_launch(items, signed_off, effect):
    launch, ann = given(items=items, signed_off=signed_off)
    give(make.item(launch, items), ann, due=TODAY - timedelta(days=1))

    page = queries.mine(ann, make.NOW)

    assert page.effect == (launch.name, effect)


def test_the_lever_appears_when_ones_own_items_reach_the_next_band():
    launch, ann = given(items=40, signed_off=30)
    for position in (31, 33):
        give(make.item(launch, position), ann)

    lever = queries.mine(ann, make.NOW).lever

    assert (lever.count, lever.verb, lever.launch) == ("Two", "move", launch.name)
    assert (lever.was, lever.becomes) == ("Delay", "Extra monitoring")
    assert lever.first == make.item(launch, 31).pk


def test_there_is_no_lever_while_others_must_help():
    launch, ann = given(items=40, signed_off=30)
    give(make.item(launch, 31), ann)

    assert queries.mine(ann, make.NOW).lever is None


@pytest.mark.parametrize("number", [1, 40])
def test_the_page_takes_as_many_statements_for_one_item_as_for_forty(
    client, django_assert_num_queries, number
):
    launch, ann = given()
    for position in range(1, number + 1):
        give(make.item(launch, position), ann, due=TODAY)
    client.force_login(ann)
    client.get("/mine/")

    with django_assert_num_queries(6):  # one of them is the person, one their reviews
        page = client.get("/mine/")

    assert page.content.count(b'class="ib"') == number


@pytest.mark.parametrize("number", [1, 40])
def test_the_count_in_the_navigation_takes_one_statement(django_assert_num_queries, number):
    launch, ann = given()
    for position in range(1, number + 1):
        give(make.item(launch, position), ann, due=TODAY)
    queries.badge(ann)

    with django_assert_num_queries(1):
        assert queries.badge(ann) == number


def test_the_page_shows_the_count_and_forms_that_work_without_javascript(client):
    launch, ann = given(items=40, signed_off=30)
    item = make.item(launch, 40)
    give(item, ann, due=TODAY - timedelta(days=4))
    client.force_login(ann)

    page = client.get("/mine/").content.decode()

    assert "1 to do, 1 late." in page
    assert '<span class="badge">1<span class="vh"> to do</span></span>' in page
    assert f'action="/items/{item.pk}/sign-off/"' in page
    assert f'value="sign-off-{item.pk}-{fresh(item)}"' in page
    assert f'action="/items/{item.pk}/evidence/"' in page
    assert 'to <b class="num">77.5%</b>' in page


def test_someone_without_items_is_told_so(client):
    client.force_login(make.user())

    page = client.get("/mine/").content.decode()

    assert "Nothing of yours is due" in page
    assert "You own no open items." in page


def test_someone_whose_items_are_far_off_is_told_when_the_next_is_due(client):
    launch, ann = given()
    for position in (1, 2):
        give(make.item(launch, position), ann, due=TODAY + timedelta(days=20 + position))
    client.force_login(ann)

    page = client.get("/mine/").content.decode()

    assert "You own 2 open items in 1 launch. The next one is due Mon 14 Dec." in page


def test_items_of_a_team_one_has_left_are_gone(client):
    launch, ann = given()
    give(make.item(launch, 1), ann, due=TODAY)
    ann.memberships.all().delete()

    assert (shown(ann), queries.badge(ann)) == ({}, 0)


@pytest.mark.parametrize("is_site_admin", [True, False])
def test_what_somebody_owes_is_counted_along_the_index_of_what_they_own(is_site_admin):
    owed = queries._owed(is_site_admin)
    values = {queries.PERSON: 1, queries.DAY: TODAY}

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {owed.sql}", [values[one] for one in owed.stand_ins])
        plan = "\n".join(line for (line,) in cursor)

    walked = r"Index Scan using item_by_owner on launches_launchitem.*\n *Index Cond: (.*)"
    [condition] = re.findall(walked, plan)
    assert "owner_id = " in condition
    assert "due_on <= " in condition
    assert "Presorted Key: launches_launchitem.due_on" in plan
