"""Late work is told to the lead after three workdays, to the approvers after seven, once a day."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from readiness.accounts.models import Role, User
from readiness.audit.models import Event
from readiness.launches.models import LaunchItem
from readiness.notifications.models import Delivery, EscalationPolicy, Preference
from readiness.notifications.queries.escalating import (
    LATE,
    due_between,
    parameters,
    workdays_late,
)
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.escalating import queue_escalations, set_escalation
from tests import make
from tests.launches.deciding import Room, room
from tests.notifications.given import BEFORE, MONDAY, owner

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = [1, 2, 3, 4, 5]
WEEKS = [WEEK, [1], [2, 3, 6], [1, 2, 3, 4, 5, 6, 7]]


@pytest.fixture(autouse=True)
def _long_after(time_machine) -> None:
    """Nothing of all this is told at once."""
    time_machine.move_to(MONDAY + timedelta(days=300), tick=False)


@pytest.fixture
def here() -> Room:
    return room(items=5, signed_off=0, name="Ads ranking v14", at=BEFORE)


def is_late(here: Room, due_on: date, position: int = 2) -> User:
    """Somebody whose item was due on a day."""
    person = owner(here.launch)
    item = make.item(here.launch, position)
    LaunchItem.objects.filter(pk=item.pk).update(owner=person, owned_since=BEFORE, due_on=due_on)
    return person


def escalate(*nows) -> list[tuple[str, str, str]]:
    """To whom mails went, for which day, and how they ended."""
    for now in nows:
        queue_escalations(now=now)
        deliver_due(now=now)
    found = Delivery.objects.filter(kind="escalation").order_by("window", "recipient__name")
    return [(one.to_name.split()[0], one.window, one.state) for one in found]


def days(first: int, last: int) -> list:
    return [MONDAY + timedelta(days=number) for number in range(first, last)]


def test_the_lead_hears_after_three_workdays_and_the_approvers_after_seven(here):
    lead = here.lead.name.split()[0]
    is_late(here, date(2026, 11, 18))

    found = escalate(*days(-5, 12))

    assert sorted(found) == sorted(
        [
            (lead, "2026-11-23", "sent"),
            ("Ann", "2026-11-27", "sent"),
            ("Bob", "2026-11-27", "sent"),
        ]
    )
    mail = Delivery.objects.get(window="2026-11-23")
    assert mail.subject == "1 item is late for days: Ads ranking v14"
    assert "3 workdays late. Priya Raman" in mail.text
    assert make.item(here.launch, 2).item.title in mail.html


def test_the_days_are_workdays_of_who_owns_the_item(here):
    person = is_late(here, date(2026, 11, 18))
    User.objects.filter(pk=person.pk).update(workdays=[3])

    found = escalate(*days(0, 16))

    assert found == []


def test_there_is_one_mail_a_day_with_all_that_is_late(here):
    is_late(here, date(2026, 11, 18), position=2)
    is_late(here, date(2026, 11, 17), position=3)

    found = escalate(MONDAY, MONDAY, MONDAY + timedelta(hours=3))

    assert len(found) == 1
    mail = Delivery.objects.get()
    assert mail.subject == "2 items are late for days: Ads ranking v14"
    assert mail.text.index("4 workdays late") < mail.text.index("3 workdays late")


def test_a_beat_that_was_down_on_the_day_tells_it_later_within_a_week(here):
    is_late(here, date(2026, 11, 18))

    found = escalate(MONDAY + timedelta(days=3))

    assert [window for _, window, _ in found] == ["2026-11-26"]


@pytest.mark.parametrize("change", ["done", "handed over", "foreign"])
def test_what_is_settled_between_queueing_and_sending_is_not_told(here, change):
    person = is_late(here, date(2026, 11, 18))
    queue_escalations(now=MONDAY)
    item = make.item(here.launch, 2)
    if change == "done":
        make.sign(item, by=person)
    elif change == "handed over":
        LaunchItem.objects.filter(pk=item.pk).update(owner=here.lead)
    else:
        launch = here.again()
        launch.lead = make.user(team=here.team, role=Role.LEAD)
        launch.save()

    deliver_due(now=MONDAY)

    assert [state for *_, state in escalate()] == ["skipped"]


def test_a_team_may_choose_other_days_or_none_and_the_log_says_so(here, client):
    is_late(here, date(2026, 11, 18))
    client.force_login(here.lead)
    path = f"/teams/{here.team.pk}/late/"

    refused = client.post(path, {"is_on": "on", "lead_after": 5, "approver_after": 2})
    saved = client.post(path, {"is_on": "on", "lead_after": 5, "approver_after": 9})
    on_monday = escalate(MONDAY)
    later = escalate(MONDAY + timedelta(days=2))
    said = {"is_on": False, "lead_after": 5, "approver_after": 9, "now": MONDAY}
    set_escalation(here.team, by=here.lead, **said)
    off = escalate(*days(3, 14))

    assert (refused.status_code, saved.status_code) == (422, 302)
    assert "Approvers hear after the lead" in refused.content.decode()
    assert (on_monday, [one[1] for one in later]) == ([], ["2026-11-25"])
    assert off == later
    kinds = Event.objects.filter(kind="team.escalation_set").order_by("pk")
    assert [one.payload["was"] for one in kinds] == [[True, 3, 7], [True, 5, 9]]


def test_only_who_manages_the_team_chooses(here, client):
    client.force_login(here.ann)

    assert client.get(f"/teams/{here.team.pk}/late/").status_code == 403


def test_who_wants_no_such_mails_gets_none(here):
    is_late(here, date(2026, 11, 18))
    Preference.objects.create(person=here.lead, kind="escalation", channel="mail", is_on=False)

    assert escalate(MONDAY) == []


def test_the_database_refuses_approvers_who_hear_before_the_lead(here):
    with pytest.raises(IntegrityError, match="approvers_hear_after_the_lead"):
        EscalationPolicy.objects.create(team=here.team, lead_after=5, approver_after=4)


@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.parametrize("count", [1, 3, 7])
def test_what_became_late_enough_on_a_day_was_a_workday_less_late_the_day_before(week, count):
    for number in range(14):
        day = date(2026, 11, 16) + timedelta(days=number)
        if day.isoweekday() not in week:
            continue
        low, high = due_between(day, count, week)
        due = [date(2026, 6, 1) + timedelta(days=one) for one in range(200)]
        counted = [one for one in due if workdays_late(one, day, week) == count]
        assert counted == [one for one in due if low <= one < high]


def test_late_work_is_told_to_who_stands_in_for_a_lead_who_is_away_and_for_whom(here):
    is_late(here, date(2026, 11, 18))
    ravi = owner(here.launch, "Ravi Shah")
    make.away(here.lead, stand_in=ravi, days=(0, 10), at=MONDAY)

    found = escalate(*days(0, 4))

    assert found == [("Ravi", "2026-11-23", "sent")]
    mail = Delivery.objects.get(recipient=ravi)
    assert f"For {here.lead.name}, away until Thu 3 Dec." in mail.text
    assert f"For {here.lead.name}, away until Thu 3 Dec" in mail.html
    assert "3 workdays late. Priya Raman" in mail.text


def test_who_stands_in_and_is_late_themselves_is_told_nothing_of_it(here):
    priya = is_late(here, date(2026, 11, 18))
    make.away(here.lead, stand_in=priya, days=(0, 10), at=MONDAY)

    assert escalate(*days(0, 4)) == []


def test_who_stands_in_for_both_seats_and_has_one_gets_one_mail(here):
    is_late(here, date(2026, 11, 18), position=2)
    make.away(here.lead, stand_in=here.ann, days=(0, 10), at=MONDAY)
    make.away(here.bob, stand_in=here.ann, days=(0, 10), at=MONDAY)

    found = escalate(*days(0, 5))

    assert found == [("Ann", "2026-11-23", "sent"), ("Ann", "2026-11-27", "sent")]
    assert "For " not in Delivery.objects.get(window="2026-11-27").text


def test_a_lead_who_comes_back_hears_what_became_late_long_ago_and_once(here):
    is_late(here, date(2026, 11, 4))
    make.away(here.lead, days=(0, 17), at=MONDAY - timedelta(days=18))
    for approver in (here.ann, here.bob):
        Preference.objects.create(person=approver, kind="escalation", channel="mail", is_on=False)

    found = escalate(*days(-10, 3))

    assert found == [(here.lead.name.split()[0], "2026-11-23", "sent")]


def test_work_is_looked_for_by_its_owner_and_day_and_no_more_of_it_is_read(here):
    is_late(here, date(2026, 11, 18))

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {LATE}", parameters(MONDAY))
        plan = "\n".join(line for (line,) in cursor)

    walked = r"using item_by_owner on launches_launchitem .*\n *Index Cond: (.*)"
    [condition] = re.findall(walked, plan)
    assert re.findall(r"due_on (>=|<) ", condition) == [">=", "<"]
