"""Dates and numbers as their reader writes them, and nobody else."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from readiness.accounts.models import Role
from readiness.launches.services import items
from readiness.notifications.models import Delivery
from readiness.notifications.services.letters import letter_of
from readiness.notifications.services.queueing import queue_digests
from readiness.web import locales
from tests import make
from tests.launches import facts

DAY = date(2026, 12, 8)
A_WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("en-GB", ("Tue 8 Dec", "8 Dec", "8 Dec 2026", "Tue 8 Dec 2026", "77.5%")),
        ("en-US", ("Tue, Dec 8", "Dec 8", "Dec 8, 2026", "Tue, Dec 8, 2026", "77.5%")),
        ("en-DE", ("Tue 8 Dec", "8 Dec", "8 Dec 2026", "Tue 8 Dec 2026", "77,5%")),
        ("en-CA", ("2026-12-08", "2026-12-08", "2026-12-08", "2026-12-08", "77.5%")),
        ("en-SE", ("2026-12-08", "2026-12-08", "2026-12-08", "2026-12-08", "77,5%")),
    ],
)
def test_a_locale_writes_a_day_four_ways_and_a_percentage(key, written):
    one = locales.LOCALES[key]

    said = (one.weekday(DAY), one.day(DAY), one.dated(DAY), one.in_full(DAY), one.number("77.5%"))

    assert said == written


@pytest.mark.parametrize(
    ("key", "written"),
    [("en-GB", "1,234,567.5"), ("en-US", "1,234,567.5"), ("en-DE", "1\u202f234\u202f567,5")],
)
def test_thousands_never_look_like_a_fraction(key, written):
    assert locales.LOCALES[key].number("1,234,567.5") == written


@pytest.mark.parametrize(
    ("key", "today", "last"),
    [
        ("en-GB", date(2026, 12, 6), date(2026, 12, 6)),
        ("en-GB", date(2026, 12, 7), date(2026, 12, 13)),
        ("en-US", date(2026, 12, 5), date(2026, 12, 5)),
        ("en-US", date(2026, 12, 6), date(2026, 12, 12)),
    ],
)
def test_a_week_ends_before_the_day_on_which_weeks_begin(key, today, last):
    assert locales.LOCALES[key].end_of_week(today) == last


def test_what_is_written_for_somebody_ends_with_them_and_an_unknown_locale_is_plain():
    with locales.written_for("en-US"):
        inside = locales.weekday(DAY)
        with locales.written_for("xx-XX"):
            unknown = locales.weekday(DAY)

    assert (inside, unknown, locales.weekday(DAY)) == ("Tue, Dec 8", "Tue 8 Dec", "Tue 8 Dec")


@pytest.fixture
def _at_noon():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("_at_noon")
def test_pages_are_written_for_who_asks_though_rows_are_kept_for_all(client):
    launch = make.launch(items=39, signed_off=33, name="Ranker", launch_at=make.NOW)
    version = make.item(launch, 39).version
    said = {"version": version, "by": launch.lead, "key": make.key(), "now": make.NOW}
    items.set_due(make.item(launch, 39), on=date(2026, 11, 20), **said | {"key": make.key()})
    items.set_due(make.item(launch, 38), on=make.NOW.date(), **said | {"version": 1})
    tom = make.user("Tom", team=launch.team, role=Role.MEMBER, locale="en-US")
    eva = make.user("Eva", team=launch.team, role=Role.MEMBER, locale="en-SE")
    seen = {}
    for person in (launch.lead, tom, eva, launch.lead):
        client.force_login(person)
        pages = [client.get(path) for path in ("/", f"/launches/{launch.pk}/", "/history/")]
        seen[person] = "".join(page.content.decode() for page in pages)

    ways = {"Mon 23 Nov", "Mon, Nov 23", "2026-11-23<", "84.6%", "84,6%"}
    assert {way for way in ways if way in seen[launch.lead]} == {"Mon 23 Nov", "84.6%"}
    assert {way for way in ways if way in seen[tom]} == {"Mon, Nov 23", "84.6%"}
    assert {way for way in ways if way in seen[eva]} == {"2026-11-23<", "84,6%"}


@pytest.mark.django_db
@pytest.mark.usefixtures("_at_noon")
def test_numbers_in_facts_are_written_for_who_reads_them(client):
    launch = facts.a_launch(facts.LOAD)
    tested = facts.load_test(achieved_rps=Decimal("150.5"), p99_ms=Decimal("99.5"))
    item = facts.save(launch, facts.LOAD, **tested)
    eva = make.user("Eva", team=launch.team, role=Role.MEMBER, locale="en-SE")
    ways = {"150.5 requests", "150,5 requests", "reached 150.5", "reached 150,5", "99.5", "99,5"}
    seen = {}
    for person in (launch.lead, eva):
        client.force_login(person)
        said = client.get(f"/items/{item.pk}/").text
        seen[person] = {way for way in ways if way in said}

    assert seen[launch.lead] == {"150.5 requests", "reached 150.5", "99.5"}
    assert seen[eva] == {"150,5 requests", "reached 150,5", "99,5"}


@pytest.mark.django_db
@pytest.mark.usefixtures("_at_noon")
@pytest.mark.parametrize("name", ["launches:markdown", "launches:history-table"])
def test_a_launch_that_is_taken_along_is_written_the_same_whoever_takes_it(client, name):
    launch = make.launch(items=39, signed_off=33)
    said = {"by": launch.lead, "key": make.key(), "now": make.NOW}
    items.set_due(make.item(launch, 39), on=make.NOW.date(), version=1, **said)
    eva = make.user("Eva", team=launch.team, role=Role.MEMBER, locale="en-SE")
    taken = []
    for person in (launch.lead, eva):
        client.force_login(person)
        taken.append(client.get(reverse(name, args=[launch.pk])).getvalue().decode())

    assert taken[0] == taken[1]
    assert "Mon 23 Nov" in taken[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("_at_noon")
def test_a_mail_is_written_for_its_recipient():
    tom = make.user("Tom", team=(team := make.team()), role=Role.LEAD, locale="en-US")
    launch = make.launch(items=39, signed_off=33, team=team, by=tom, launch_at=make.NOW + A_WEEK)
    last = make.item(launch, 39)
    yesterday = make.NOW - timedelta(days=1)
    items.assign(last, to=tom, version=1, by=tom, key=make.key(), now=yesterday)
    said = {"version": 2, "by": tom, "key": make.key(), "now": yesterday}
    items.set_due(last, on=date(2026, 11, 24), **said)

    queue_digests(now=make.NOW)
    letter = letter_of(Delivery.objects.get(recipient=tom), make.NOW)

    assert "Due Tue, Nov 24" in letter.text
    assert "Launches Mon, Nov 30, in 7 days" in letter.text
    assert locales.current() is locales.PLAIN


@pytest.mark.django_db
def test_the_days_of_ones_week_come_in_ones_order(client):
    tom = make.user("Tom", locale="en-US")
    client.force_login(tom)

    page = client.get("/me/").content.decode()

    assert re.findall(r'name="workdays" value="(\d)"', page) == ["7", "1", "2", "3", "4", "5", "6"]
    assert '<option value="en-US" selected>Tue, Dec 8 · 77.5% · Sunday first' in page
