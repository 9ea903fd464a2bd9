"""The invitation that calendars take in: its series, its people, and names that mean no good."""

from datetime import timedelta

import icalendar
import pytest
from django.conf import settings

from readiness.reviews.queries.calendar import CANCEL, calendar_of
from readiness.reviews.services import planning
from tests import make
from tests.reviews.given import SOON, cast, plan, planned_for

pytestmark = pytest.mark.django_db


def read(content: bytes):
    calendar = icalendar.Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_an_invitation_says_when_who_and_where_and_rings_ten_minutes_before():
    here = cast(name="Ads ranking v14")
    review = plan(here, invited=(here.bob,))

    calendar, event = read(calendar_of(review, now=make.NOW))

    url = settings.BASE_URL + review.get_absolute_url()
    assert (calendar["method"], calendar["version"], event["status"], event["sequence"]) == (
        "REQUEST", "2.0", "CONFIRMED", 0,
    )  # fmt: skip
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (SOON, SOON + timedelta(hours=1))
    assert str(event["summary"]) == "Design review 1: Ads ranking v14"
    assert (str(event["url"]), review.code in event["description"]) == (url, True)
    assert str(event["organizer"]) == f"mailto:{here.ann.email}"
    assert {one.params["cn"]: str(one) for one in event["attendee"]} == {
        "Ann Ash": f"mailto:{here.ann.email}",
        "Bob Birk": f"mailto:{here.bob.email}",
    }
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(minutes=-10)


def test_an_update_and_a_cancellation_are_later_in_the_same_series():
    here = cast()
    review = plan(here)
    _, first = read(calendar_of(review, now=make.NOW))
    said = {"by": here.bob, "now": make.NOW}
    to_be = planned_for(here, facilitator=here.bob)
    review = planning.change(review, to_be, edition=1, key=make.key(), **said)
    _, second = read(calendar_of(review, now=make.NOW))
    review = planning.cancel(review, because="Late.", key=make.key(), **said)

    calendar, third = read(calendar_of(review, now=make.NOW))

    series = (first, second, third)
    assert len({(str(one["uid"]), str(one["organizer"])) for one in series}) == 1
    assert [one["sequence"] for one in series] == [0, 1, 2]
    assert (calendar["method"], third["status"], third.walk("VALARM")) == (
        "CANCEL", "CANCELLED", [],
    )  # fmt: skip


def test_who_is_left_out_later_gets_a_cancellation_of_what_stands():
    review = plan(cast())

    calendar, event = read(calendar_of(review, now=make.NOW, method=CANCEL))

    assert (calendar["method"], event["status"]) == ("CANCEL", "CANCELLED")


def test_no_name_adds_a_line_to_the_file():
    here = cast(name='Ranker\r\nATTENDEE:mailto:eve@example.test;x="')
    here.bob.name = 'Bob "B"\r\nEND:VEVENT;,:'
    here.bob.save()

    _, event = read(calendar_of(plan(here, invited=(here.bob,)), now=make.NOW))

    assert len(event["attendee"]) == 2
    assert {one.params["cn"] for one in event["attendee"]} == {
        "Ann Ash",
        "Bob 'B' END:VEVENT;,:",
    }
