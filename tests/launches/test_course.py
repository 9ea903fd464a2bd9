"""The course of a launch's readiness, and whose work it was, beside its history."""

from datetime import date, timedelta
from urllib.parse import quote

import pytest

from readiness.accounts.models import Role
from readiness.launches.queries.course import BOTTOM, LEFT, RIGHT, TOP, course_of, hands_of
from tests import make
from tests.launches.deciding import SEND_BACK, room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
A_DAY = timedelta(days=1)


def worked_on(*places_by_day):
    """A launch of ten items opened six days ago, and the items checked on the days since."""
    launch = make.launch(items=10, at=make.NOW - 6 * A_DAY)
    for days, places in enumerate(places_by_day, start=1):
        for place in places:
            make.sign(make.item(launch, place), by=launch.lead, at=make.NOW - (6 - days) * A_DAY)
    return launch


def test_the_course_runs_through_the_end_of_each_day_and_marks_where_the_verdict_changed():
    launch = worked_on([1, 2, 3, 4], [5, 6, 7, 8], [], [9, 10])

    course = course_of(launch, launch.lead, make.NOW)

    step = (RIGHT - LEFT) / 6
    assert [x for x, _ in course.line] == [round(LEFT + step * day, 1) for day in range(7)]
    heights = [y for _, y in course.line]
    assert (heights[0], heights[3], heights[-1]) == (BOTTOM, heights[2], TOP)
    assert [(one.day, one.says, one.shape) for one in course.turns] == [
        (date(2026, 11, 19), "Thu 19 Nov: Extra monitoring, 80%", "monitor"),
        (date(2026, 11, 21), "Sat 21 Nov: Ready, 100%", "ready"),
    ]
    assert course.says == "Readiness rose from 0% on 17 Nov to 100% today."
    assert [words for _, words in course.ticks] == ["17 Nov", "18 Nov", "19 Nov", "20 Nov",
        "21 Nov", "22 Nov", "Today"]  # fmt: skip


def test_a_launch_that_is_new_today_has_no_course_yet():
    launch = make.launch(items=3, signed_off=2)

    assert course_of(launch, launch.lead, make.NOW) is None


def test_the_page_shows_the_course_and_leads_from_a_turn_to_its_day(client):
    launch = worked_on([1, 2, 3, 4, 5, 6, 7, 8])
    client.force_login(launch.lead)
    address = f"/launches/{launch.pk}/history/"

    page = client.get(address).content.decode()
    day = client.get(f"{address}?since=2026-11-18&until=2026-11-18")

    assert "Readiness since 17 Nov" in page
    assert f'href="{address}?since=2026-11-18&amp;until=2026-11-18"' in page
    assert [one.title for one in day.context["history"].days] == ["Wed 18 Nov"]


def test_beside_the_history_stand_those_who_did_most_and_lead_to_what_they_did(client):
    launch = make.launch(items=5, signed_off=1)
    ann = make.user("Änne & Co", team=launch.team, role=Role.MEMBER)
    for place in (2, 3, 4, 5):
        make.sign(make.item(launch, place), by=ann)
    client.force_login(ann)

    page = client.get(f"/launches/{launch.pk}/history/").content.decode()

    assert [hand.person.name for hand in hands_of(launch)] == [ann.name, launch.lead.name]
    assert f'?person={quote(ann.name, safe="")}"' in page


def test_what_htmx_asks_for_costs_no_course(client, django_assert_num_queries):
    launch = worked_on([1])
    client.force_login(launch.lead)
    address = f"/launches/{launch.pk}/history/"
    client.get(address)

    answer = client.get(address, headers={"HX-Request": "true"})

    assert "hchart" not in answer.content.decode()
    with django_assert_num_queries(9):  # of them the course, decisions, hands, tabs one each
        client.get(address)


def test_the_history_of_a_launch_says_beside_it_what_was_decided_and_who_is_waited_for(client):
    here = room(items=5, signed_off=5)
    here.ask(make.NOW - A_DAY)
    here.say(here.bob, SEND_BACK, at=make.NOW - A_DAY)
    here.ask(make.NOW - timedelta(hours=2))
    here.say(here.bob, at=make.NOW)
    client.force_login(here.ann)

    shown = client.get(f"/launches/{here.launch.pk}/history/").context["decisions"]

    decision = f"/launches/{here.launch.pk}/decision/"
    assert [(one.says, one.ago, one.url) for one in shown] == [
        ("Waiting for Ann Ash", "asked 2 h ago", decision),
        ("Sent back at 100%", "yesterday", f"/launches/{here.launch.pk}/decisions/1/"),
    ]
