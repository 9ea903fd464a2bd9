"""A calendar program reads what a person has ahead, under a link that they can revoke."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from readiness import clock
from readiness.accounts.models import Role, User
from readiness.audit.models import Event
from readiness.notifications.models import CalendarLink
from readiness.reviews.services.planning import Plan, plan
from tests import make
from tests.launches.exempting import agree, ask
from tests.notifications.given import MONDAY, owns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def launch():
    return make.launch(name="Ads ranking v14", items=5, launch_at=MONDAY + timedelta(days=9))


@pytest.fixture
def priya(launch, client) -> User:
    person = make.user("Priya Raman", team=launch.team)
    client.force_login(person)
    return person


def link(client) -> str:
    client.post("/me/calendar/make/", {"key": make.key()})
    return f"/calendar/{CalendarLink.objects.get(revoked_at=None).token}.ics"


def read(client, path: str) -> dict[str, object]:
    """What stands in the calendar, by its first words, and when."""
    client.logout()
    events = Calendar.from_ical(client.get(path).content).walk("VEVENT")
    return {str(event["summary"]): event.decoded("dtstart") for event in events}


def test_what_is_due_launches_reviews_and_ends_of_waivers_stand_in_it(client, launch, priya):
    owns(priya, launch, 2, None, 500)
    lead = make.user("Lea", team=launch.team, role=Role.LEAD)
    waived = make.item(launch, 1)
    agree(ask(waived, by=priya, until=date(2026, 12, 1), at=MONDAY), by=lead, at=MONDAY)
    at = MONDAY + timedelta(days=1)
    to_be = Plan(at, "UTC", 45, facilitator=lead, invited=(priya,))
    plan(launch, to_be, by=lead, key=make.key(), now=MONDAY)

    found = read(client, link(client))

    titles = [item.item.title for item in launch.items.select_related("item")[:3]]
    assert found == {
        f"Due: {titles[0]} (Ads ranking v14)": date(2026, 11, 25),
        f"Due: {titles[2]} (Ads ranking v14)": (MONDAY + timedelta(days=500)).date(),
        "Launch: Ads ranking v14": launch.launch_at,
        "Design review 1: Ads ranking v14": at,
        f"Waiver ends: {titles[0]} (Ads ranking v14)": date(2026, 12, 1),
    }


def test_what_is_done_is_gone_from_it(client, launch, priya):
    owns(priya, launch, 2)
    path = link(client)
    make.sign(make.item(launch, 1), by=priya, at=MONDAY)

    assert read(client, path) == {}


def test_what_the_person_may_not_see_any_more_is_not_in_it(client, launch, priya):
    owns(priya, launch, 2)
    path = link(client)
    priya.memberships.all().delete()

    assert read(client, path) == {}


def test_a_new_link_ends_the_one_before_and_so_does_revoking(client, priya):
    first, second = link(client), link(client)
    after_second = [client.get(path).status_code for path in (first, second)]
    client.post("/me/calendar/revoke/", {"key": make.key()})

    assert (after_second, client.get(second).status_code) == ([404, 200], 404)


def test_who_left_has_no_calendar(client, priya):
    path = link(client)
    User.objects.filter(pk=priya.pk).update(is_active=False)

    assert client.get(path).status_code == 404


def test_a_made_up_link_leads_nowhere(client):
    assert client.get("/calendar/nothing.ics").status_code == 404


def test_reading_it_changes_nothing_and_nobody_keeps_it(client, priya):
    path = link(client)
    before = Event.objects.count()

    answer = client.get(path)

    assert (answer["Cache-Control"], answer["Content-Type"]) == (
        "no-store", "text/calendar; charset=utf-8",
    )  # fmt: skip
    assert Event.objects.count() == before


def test_a_title_with_breaks_and_commas_stays_one_line(client, launch, priya):
    type(launch).objects.update(name="A\r\nX-EVIL:1, b; c", lead=priya)

    found = read(client, link(client))

    assert list(found) == ["Launch: A X-EVIL:1, b; c"]


def test_making_and_revoking_is_in_the_log_without_the_token(client, priya):
    path = link(client)
    client.post("/me/calendar/revoke/", {"key": make.key()})

    events = Event.objects.filter(by=priya).order_by("pk")
    assert [event.kind for event in events] == ["calendar_link.made", "calendar_link.revoked"]
    token = path.split("/")[2].removesuffix(".ics")
    assert token not in str([event.payload for event in events])


def test_the_page_shows_the_link_and_revoking_twice_says_so(client, priya):
    path = link(client)
    page = client.get("/me/calendar/").text
    client.post("/me/calendar/revoke/", {"key": make.key()})
    again = client.post("/me/calendar/revoke/", {"key": make.key()}, follow=True).text

    assert path in page
    assert "There is no link to your calendar any more." in again
    assert clock.now() == MONDAY
