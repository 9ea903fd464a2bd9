"""In their quiet hours people hear nothing at once, and on their days off no digest comes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from readiness.audit.models import Event
from readiness.notifications.models import Delivery, Hours
from readiness.notifications.queries.due import due_owners
from readiness.notifications.queries.hours import next_digest, quiet_until
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_weeks
from tests import make
from tests.launches.deciding import room
from tests.notifications.given import BEFORE, MONDAY, owner, owns

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        ((None, None), "2026-11-23T03:00", None),
        ((20, 7), "2026-11-23T18:59", None),
        ((20, 7), "2026-11-23T19:00", "2026-11-24T06:00"),
        ((20, 7), "2026-11-24T05:59", "2026-11-24T06:00"),
        ((20, 7), "2026-11-24T06:00", None),
        ((12, 14), "2026-11-24T12:30", "2026-11-24T13:00"),
        ((22, 2), "2026-03-28T23:30", "2026-03-29T01:00"),  # there is no 02:00 that night
        ((22, 3), "2026-10-24T23:30", "2026-10-25T02:00"),  # 02:00 comes twice that night
    ],
)
def test_quiet_ends_at_its_hour_through_every_change_of_clocks(hours, now, ends):
    begins, until = hours

    found = quiet_until(Hours(quiet_from=begins, quiet_until=until), BERLIN, utc(now))

    assert found == (utc(ends) if ends else None)


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_news_waits_for_the_end_of_quiet_and_the_outbox_says_so(time_machine):
    night = MONDAY.replace(hour=22, minute=0)
    time_machine.move_to(night, tick=False)
    launch = make.launch(items=3)
    priya = owner(launch)
    Hours.objects.create(person=priya, quiet_from=20, quiet_until=7)
    make.say(launch, "@Priya look", by=launch.lead, at=night)

    deliver_due(now=night)
    waiting = Delivery.objects.values_list("state", "because", "attempts").get()
    deliver_due(now=night + timedelta(hours=8, minutes=59))
    early = Delivery.objects.get().state
    deliver_due(now=night + timedelta(hours=9))

    assert waiting == ("queued", "It waits for the end of their quiet hours.", 0)
    assert (early, Delivery.objects.get().state) == ("queued", "sent")


@pytest.mark.django_db(transaction=True)
def test_on_a_day_off_comes_no_digest_and_no_week_but_the_next_day_they_do(time_machine):
    time_machine.move_to(MONDAY + timedelta(days=300), tick=False)
    here = room(items=5, signed_off=1, at=BEFORE, launch_at=MONDAY + timedelta(days=5))
    owns(here.ann, here.launch, None, -1)
    Hours.objects.create(person=here.ann, days_off=[MONDAY.date()])

    found = [
        (
            [one.person for one in due_owners(now)],
            queue_weeks(now=now),
            next_digest(here.ann, now)[0],
        )
        for now in (MONDAY - timedelta(hours=3), MONDAY, MONDAY + timedelta(days=1))
    ]

    tuesday = date(2026, 11, 24)
    assert found[0] == ([], 0, tuesday)
    assert (found[1][0], found[1][2]) == ([], tuesday)
    assert found[2][0] == [here.ann.pk]
    assert Delivery.objects.get(recipient=here.ann).due_at.date() == tuesday


@pytest.mark.django_db(transaction=True)
def test_a_person_says_when_to_be_left_alone_and_the_log_what_it_was(client, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    priya = make.user("Priya")
    client.force_login(priya)
    said = {"quiet_from": "20", "quiet_until": "7", "days_off": "2026-12-25, 2026-12-24"}

    saved = client.post("/me/messages/hours/", said)
    client.post("/me/messages/hours/", said)

    page = client.get(saved.url).content.decode()
    kept = Hours.objects.values_list("quiet_from", "quiet_until", "days_off").get()
    assert kept == (20, 7, [date(2026, 12, 24), date(2026, 12, 25)])
    assert "2026-12-24\n2026-12-25" in page
    changes = Event.objects.get(kind="preferences.changed").payload["changes"]
    assert changes == {
        "quiet from": [None, 20],
        "quiet until": [None, 7],
        "days off": [[], ["2026-12-24", "2026-12-25"]],
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"quiet_from": "20"}, "Say both when quiet begins and when it ends."),
        ({"quiet_from": "7", "quiet_until": "7"}, "Quiet ends at another hour than it begins."),
        ({"quiet_from": "25", "quiet_until": "7"}, "Select a valid choice."),
        ({"days_off": "Christmas"}, "Write each date as 2026-12-24."),
        ({"days_off": " ".join(["2026-12-24"] * 61)}, "Name at most 60 days."),
    ],
)
def test_what_cannot_be_is_said_where_it_was_typed(client, said, words):
    client.force_login(make.user("Priya"))

    answer = client.post("/me/messages/hours/", said)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)


@pytest.mark.django_db
def test_the_database_refuses_quiet_without_an_end():
    with pytest.raises(IntegrityError, match="quiet_has_a_beginning_and_an_end"):
        Hours.objects.create(person=make.user("Priya"), quiet_from=20)
