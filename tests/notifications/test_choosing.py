"""A person chooses what to hear, sees their next digest, and the log keeps what they chose."""

import re
from datetime import UTC, datetime

import pytest

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.notifications.models import Delivery, Preference
from readiness.notifications.queries.hours import next_digest
from readiness.notifications.queries.preferences import ways
from tests import make
from tests.notifications.given import MONDAY, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/me/messages/"


@pytest.fixture
def priya(client, time_machine) -> User:
    """Somebody who is signed in, and has one late item."""
    time_machine.move_to(MONDAY, tick=False)
    launch = make.launch(items=5)
    person = owner(launch)
    owns(person, launch, -1)
    client.force_login(person)
    return person


def all_but(*names: str) -> dict[str, str]:
    return {name: "on" for name in ways() if name not in names}


def test_what_is_not_ticked_is_not_heard_and_the_log_says_what_it_was(client, priya):
    answer = client.post(PAGE, all_but("digest-mail", "mentioned-mail"))

    page = client.get(answer.url).content.decode()
    priya.refresh_from_db()
    off = list(Preference.objects.values_list("person", "kind", "channel", "is_on"))
    assert (priya.mails_on, off) == (False, [(priya.pk, "mentioned", "mail", False)])
    assert 'name="mentioned-mail">' in page
    assert 'name="asked-mail" checked>' in page
    changes = Event.objects.get(kind="preferences.changed").payload["changes"]
    assert changes == {"mails_on": [True, False], "mentioned by mail": [True, False]}


def test_choosing_the_same_again_is_no_change_and_ticking_it_again_is_one(client, priya):
    client.post(PAGE, all_but("asked-mail"))
    client.post(PAGE, all_but("asked-mail"))
    client.post(PAGE, all_but())

    changes = Event.objects.filter(kind="preferences.changed").order_by("pk")
    assert [one.payload["changes"] for one in changes] == [
        {"asked by mail": [True, False]},
        {"asked by mail": [False, True]},
    ]
    assert list(Preference.objects.values_list("is_on", flat=True)) == [True]


def test_the_page_shows_the_next_digest_and_queues_nothing(client, priya):
    page = client.get(PAGE)
    frame = client.get(f"{PAGE}preview/")

    assert "Tue 24 Nov, 09:00, as things stand now." in page.content.decode()
    assert "1 late: " in page.content.decode()
    assert "2 days late" in frame.content.decode()
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert Delivery.objects.count() == 0


def test_the_preview_is_the_mail_that_comes(client, priya):
    text = client.get(f"{PAGE}preview/").content.decode()

    remind(MONDAY.replace(day=24))

    assert without_links(Delivery.objects.get().html) == without_links(text)


def without_links(html: str) -> str:
    """A mail but for what lets its reader act: that is signed anew each time."""
    return re.sub(r'href="[^"]*"', "", html)


def test_with_nothing_to_say_there_is_no_preview(client, priya):
    make.sign(priya.owned_items.get(), by=priya)

    page, frame = client.get(PAGE), client.get(f"{PAGE}preview/")

    assert "None on Tue 24 Nov" in page.content.decode()
    assert (frame.status_code, frame.headers["Location"]) == (302, PAGE)


@pytest.mark.parametrize(
    ("now", "zone", "workdays", "expected"),
    [
        ("2026-11-23T08:59", "UTC", [1, 2, 3, 4, 5], "2026-11-23T09:00"),
        ("2026-11-23T09:00", "UTC", [1, 2, 3, 4, 5], "2026-11-24T09:00"),
        ("2026-11-27T10:00", "UTC", [1, 2, 3, 4, 5], "2026-11-30T09:00"),
        ("2026-11-23T10:00", "UTC", [1], "2026-11-30T09:00"),
        ("2026-10-24T12:00", "Europe/Berlin", [7], "2026-10-25T08:00"),
        ("2026-03-28T12:00", "Europe/Berlin", [7], "2026-03-29T07:00"),
    ],
)
def test_the_next_digest_is_on_the_next_workday_whose_hour_has_not_come(
    now, zone, workdays, expected
):
    person = User(pk=1, zone=zone, workdays=workdays, digest_hour=9)

    _, at = next_digest(person, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert at == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_the_page_costs_few_statements(client, priya, django_assert_max_num_queries):
    client.get(PAGE)

    with django_assert_max_num_queries(16):
        client.get(PAGE)
