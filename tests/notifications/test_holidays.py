"""On the holidays of their teams people get no digest, and work does not become later."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from readiness.accounts.models import Membership, Role, User
from readiness.audit.models import Event
from readiness.launches.queries.sentences import SENTENCES
from readiness.notifications.models import Delivery, Holiday
from readiness.notifications.queries.due import due_owners
from readiness.notifications.queries.escalating import due_between, workdays_late
from readiness.notifications.queries.hours import next_digest
from readiness.notifications.services.holidays import add_holiday, remove_holiday
from readiness.notifications.services.queueing import queue_weeks
from readiness.web.refusal import Refused
from tests import make
from tests.launches.deciding import Room, room
from tests.notifications.given import BEFORE, MONDAY, owner, owns
from tests.notifications.test_escalation import escalate, is_late

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = MONDAY.date()
DAY = timedelta(days=1)


@pytest.fixture
def here(time_machine) -> Room:
    time_machine.move_to(MONDAY + timedelta(days=300), tick=False)
    return room(items=5, signed_off=1, name="Ads ranking v14", at=BEFORE)


def rests(team, *days: date) -> None:
    Holiday.objects.bulk_create(Holiday(team=team, day=day, name="Founders' day") for day in days)


def joins(person: User, team, role: Role = Role.MEMBER) -> None:
    Membership.objects.create(person=person, team=team, role=role.value)


def test_on_a_holiday_comes_no_digest_and_no_week_but_the_next_day_they_do(here):
    priya = owner(here.launch)
    owns(priya, here.launch, None, -1)
    rests(here.team, TODAY)

    on_it = ([one.person for one in due_owners(MONDAY)], queue_weeks(now=MONDAY))
    after = ([one.person for one in due_owners(MONDAY + DAY)], queue_weeks(now=MONDAY + DAY))

    assert (on_it, after) == (([], 0), ([priya.pk], 2))
    assert next_digest(priya, MONDAY - DAY)[0] == TODAY + DAY


@pytest.mark.parametrize(
    ("teams", "is_reminded"),
    [("both name it", False), ("one names it", True), ("the other names another day", True)],
)
def test_who_is_in_several_teams_rests_where_all_of_them_do(here, teams, is_reminded):
    priya, other = owner(here.launch), make.team()
    owns(priya, here.launch, None, -1)
    joins(priya, other)
    joins(priya, other, Role.APPROVER)
    make.everywhere(priya, Role.AUDITOR)
    rests(here.team, TODAY)
    if teams != "one names it":
        rests(other, TODAY if teams == "both name it" else TODAY + DAY)

    found = [one.person for one in due_owners(MONDAY)]

    assert found == ([priya.pk] if is_reminded else [])
    assert (next_digest(priya, MONDAY - DAY)[0] == TODAY) == is_reminded


def test_who_is_in_no_team_has_no_holidays_but_their_own(here):
    olu = make.everywhere(make.user("Olu"), Role.MEMBER)
    owns(olu, here.launch, None, -1)
    rests(here.team, TODAY)

    assert [one.person for one in due_owners(MONDAY)] == [olu.pk]


def test_a_holiday_of_the_owner_makes_nothing_later(here):
    """Due on Wednesday, and Friday is none of its workdays: late for three on Tuesday."""
    is_late(here, date(2026, 11, 18))
    rests(here.team, date(2026, 11, 20))

    found = escalate(MONDAY, MONDAY + DAY)

    lead = here.lead.name.split()[0]
    assert found == [(lead, "2026-11-24", "sent")]
    assert "3 workdays late" in Delivery.objects.get().text


def test_of_owners_with_other_holidays_each_has_their_own(here):
    is_late(here, date(2026, 11, 18), position=2)
    elsewhere = is_late(here, date(2026, 11, 18), position=3)
    joins(elsewhere, make.team())
    rests(here.team, date(2026, 11, 20))

    escalate(MONDAY)

    mail = Delivery.objects.get()
    assert mail.subject == "1 item is late for days: Ads ranking v14"
    assert make.item(here.launch, 3).item.title in mail.text


@pytest.mark.parametrize("count", [1, 3, 7])
def test_with_holidays_too_what_is_queued_and_what_the_mail_counts_are_the_same(count):
    week, off = [1, 2, 3, 4, 5], {date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 26)}
    due = [date(2026, 10, 1) + timedelta(days=one) for one in range(80)]

    for number in range(14):
        day = date(2026, 11, 16) + timedelta(days=number)
        if day.isoweekday() not in week or day in off:
            continue
        low, high = due_between(day, count, week, off)
        counted = [one for one in due if workdays_late(one, day, week, off) == count]
        assert counted == [one for one in due if low <= one < high]


def test_the_lead_names_holidays_and_takes_them_back_and_the_log_says_so(client, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    team = make.team("Search")
    client.force_login(make.user("Lea", team=team, role=Role.LEAD))
    path, said = f"/teams/{team.pk}/holidays/", {"day": "2026-12-25", "name": "Christmas Day"}

    saved = [client.post(path, said).status_code for _ in range(2)]
    page = client.get(path).content.decode()
    client.post(f"{path}remove/", {"day": "2026-12-25"})
    again = client.post(f"{path}remove/", {"day": "2026-12-25"})

    assert saved == [302, 302]
    assert "Christmas Day" in page
    assert "Fri 25 Dec 2026" in page
    assert "No holidays yet" in client.get(path).content.decode()
    assert again.status_code == 409
    events = Event.objects.filter(kind__startswith="team.holiday").order_by("pk")
    assert [SENTENCES[one.kind](one.said, None).did for one in events] == [
        "made Fri 25 Dec, Christmas Day, a holiday of Search",
        "made Fri 25 Dec, Christmas Day, a workday of Search",
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "Christmas"}, "Write a date, like 2026-12-08."),
        ({"day": "2026-12-25"}, "Say what day it is, such as New Year."),
        ({"day": "2026-11-22", "name": "Past"}, "Choose a day from today on"),
        ({"day": "9999-12-31", "name": "Far"}, "within the next three years"),
        ({"day": "2026-12-24", "name": "Another"}, "This day is Christmas Eve already."),
    ],
)
def test_a_holiday_that_cannot_be_is_said_where_it_was_typed(client, time_machine, said, words):
    time_machine.move_to(MONDAY, tick=False)
    lead = make.user("Lea", team=make.team(), role=Role.LEAD)
    team = lead.memberships.get().team
    Holiday.objects.create(team=team, day=date(2026, 12, 24), name="Christmas Eve")
    client.force_login(lead)

    answer = client.post(f"/teams/{team.pk}/holidays/", said)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("act", [add_holiday, remove_holiday])
def test_who_does_not_manage_the_team_is_refused(act):
    team = make.team()
    rests(team, TODAY)
    said = {"name": "One more"} if act is add_holiday else {}

    with pytest.raises(Refused, match="no longer have the right"):
        act(team, day=TODAY, by=make.user(team=team), now=MONDAY, **said)


def test_a_team_has_so_many_holidays_to_come_and_no_more():
    lead = make.user(team=make.team(), role=Role.LEAD)
    team = lead.memberships.get().team
    rests(team, *(TODAY + DAY * number for number in range(1, 201)))

    with pytest.raises(Refused, match="Name at most 200 days"):
        add_holiday(team, day=TODAY, name="One more", by=lead, now=MONDAY)


def test_the_database_refuses_a_day_twice():
    team = make.team()
    rests(team, TODAY)

    with pytest.raises(IntegrityError, match="one_holiday_per_team_and_day"):
        rests(team, TODAY)
