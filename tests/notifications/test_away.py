"""While somebody is away they hear nothing; who stands in hears of late work and what waits."""

from datetime import timedelta

import pytest

from readiness.accounts.absences import absent_for
from readiness.accounts.models import Membership, Role, User
from readiness.demo.absences import AWAY, STANDS_IN, tell_absences
from readiness.launches.services import signoffs
from readiness.notifications.models import Delivery
from readiness.notifications.queries.due import due_owners
from readiness.notifications.queries.holidays import coming
from readiness.notifications.queries.hours import next_digest
from readiness.notifications.queries.standing_in import sections_for_absent
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_digests, queue_weeks
from tests import make
from tests.launches import signing
from tests.launches.deciding import Room, room
from tests.launches.exempting import ask
from tests.notifications.given import BEFORE, MONDAY, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
SUNDAY = MONDAY - DAY


@pytest.fixture
def here(time_machine) -> Room:
    """A launch with two approvers; what happens to it is told at once on its Monday alone."""
    time_machine.move_to(MONDAY + timedelta(days=300), tick=False)
    return room(items=5, signed_off=1, name="Ads ranking v14", at=BEFORE)


@pytest.fixture
def ravi(here) -> User:
    return owner(here.launch, "Ravi Shah")


def digests() -> list[tuple[str, str]]:
    """To whom digests went, and their subjects."""
    sent = Delivery.objects.filter(kind="digest", state="sent").order_by("recipient__name")
    return [(one.to_name, one.subject) for one in sent]


def text(person: User) -> str:
    return Delivery.objects.get(recipient=person, kind="digest", state="sent").text


def news() -> set[tuple[str, str]]:
    """Whom something goes to at once, and its subject."""
    deliver_due(now=MONDAY)
    sent = Delivery.objects.exclude(event=None).filter(state="sent")
    return {(one.to_name, one.subject) for one in sent}


def test_who_is_away_gets_no_digest_and_one_of_that_day_on_their_return(here):
    priya = owner(here.launch)
    owns(priya, here.launch, None, -1)
    make.away(priya, days=(0, 2), at=MONDAY)

    found = [[one.person for one in due_owners(MONDAY + DAY * day)] for day in range(4)]

    assert [priya.pk in people for people in found] == [False, False, False, True]
    assert next_digest(priya, MONDAY)[0] == (MONDAY + 3 * DAY).date()


def test_an_approver_who_is_away_gets_their_week_when_they_are_back(here):
    make.away(here.ann, days=(0, 1), at=MONDAY)

    queued = [queue_weeks(now=MONDAY + DAY * day) for day in range(3)]

    assert queued == [1, 0, 1]


def test_who_stands_in_hears_of_late_work_and_not_of_what_is_still_to_come(here, ravi):
    hannah = owner(here.launch, "Hannah Berg")
    owns(hannah, here.launch, None, -2, 1)
    make.away(hannah, stand_in=ravi, days=(0, 10), at=MONDAY)

    remind()

    assert digests() == [("Ravi Shah", "1 for Hannah Berg: Ads ranking v14")]
    assert "FOR HANNAH BERG, AWAY UNTIL THU 3 DEC" in text(ravi)
    assert "2 days late. Ads ranking v14" in text(ravi)
    assert make.item(here.launch, 2).item.title in text(ravi)
    assert make.item(here.launch, 3).item.title not in text(ravi)


def test_who_stands_in_hears_what_waits_for_the_word_of_who_went_and_once(here, ravi):
    ask(make.item(here.launch, 4), by=here.lead, at=MONDAY - timedelta(days=20))
    here.ask(at=MONDAY - timedelta(days=12))
    make.away(here.ann, stand_in=ravi, days=(-1, 10), at=MONDAY)

    remind()
    again = [one.person for one in due_owners(MONDAY + DAY)]

    [subject] = [subject for name, subject in digests() if name == "Ravi Shah"]
    assert subject == "2 for Ann Ash: Ads ranking v14"
    assert "Waiver until" in text(ravi)
    assert f"Asked by {here.lead.name}" in text(ravi)
    assert ravi.pk not in again


def test_a_second_signature_that_waits_for_who_is_away_is_a_reason_for_who_stands_in(here, ravi):
    launch = signing.launch("two_persons", team=here.team, name="Fraud scores v2", at=BEFORE)
    hannah = owner(launch, "Hannah Berg")
    Membership.objects.filter(person=ravi).update(role=Role.APPROVER.value)
    make.sign(make.item(launch), by=launch.lead, at=SUNDAY)
    make.away(hannah, stand_in=ravi, at=MONDAY)

    remind()

    assert ("Ravi Shah", "1 for Hannah Berg: Fraud scores v2") in digests()
    assert "1 of 2 signatures" in text(ravi)


def test_who_was_mentioned_while_away_reads_it_on_their_return(here, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    priya = owner(here.launch)
    make.away(priya, days=(0, 2), at=MONDAY)
    make.say(here.launch, "@Priya look at this", by=here.lead, at=MONDAY)

    remind(now=MONDAY)
    remind(now=MONDAY + 3 * DAY)
    remind(now=MONDAY + 4 * DAY)

    assert digests() == [("Priya Raman", "1 mention: Ads ranking v14")]
    assert "look at this" in text(priya)


def test_what_waits_for_both_is_named_once(here):
    ask(make.item(here.launch, 4), by=here.lead, at=SUNDAY)
    make.away(here.ann, stand_in=here.bob, at=MONDAY)

    remind()

    assert digests() == [("Bob Oz", "1 waits for your word: Ads ranking v14")]


@pytest.mark.parametrize("why", ["nobody stands in", "a circle", "may not read", "asked for it"])
def test_of_what_nobody_hears_the_lead_of_the_launch_does(here, ravi, why):
    other = owner(here.launch, "Olu Adeyemi")
    stand_in = {"nobody stands in": None, "a circle": ravi, "may not read": other}.get(why, ravi)
    if why == "a circle":
        make.away(ravi, stand_in=here.ann, at=MONDAY)
    make.away(here.ann, stand_in=stand_in, at=MONDAY)
    if why == "may not read":
        Membership.objects.filter(person=other).delete()
    asker = here.lead
    if why == "asked for it":
        Membership.objects.create(person=ravi, team=here.team, role=Role.LEAD.value)
        asker = ravi
    else:
        owns(here.ann, here.launch, None, -1)
        Membership.objects.create(person=here.lead, team=here.team, role=Role.VIEWER.value)
    here.ask(by=asker, at=MONDAY - timedelta(hours=1))

    remind()

    told = {name for name, subject in digests() if "for Ann Ash" in subject}
    assert told == {here.lead.name}
    assert "FOR ANN ASH, AWAY UNTIL THU 3 DEC: NOBODY ELSE HEARS" in text(here.lead)


@pytest.mark.parametrize("further", [0, 5])
def test_of_how_many_launches_somebody_leads_the_statements_are_the_same(
    here, ravi, django_assert_num_queries, further
):
    for _ in range(further):
        make.launch(items=1, by=here.lead, team=here.team, at=MONDAY)
    make.away(here.ann, stand_in=ravi, at=MONDAY)

    with django_assert_num_queries(11):
        found = sections_for_absent(here.lead, today=MONDAY.date(), told=(), now=MONDAY)

    assert found == ()


def test_news_reaches_who_stands_in_at_once_and_says_for_whom(here, ravi, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    make.away(here.ann, stand_in=ravi, at=MONDAY)

    here.ask(at=MONDAY)
    make.say(here.launch, "@Ann look", by=here.lead, at=MONDAY)

    assert news() == {
        ("Bob Oz", "Decision: Ads ranking v14"),
        ("Ravi Shah", "Decision, for Ann Ash: Ads ranking v14"),
    }
    mail = Delivery.objects.get(recipient=ravi)
    assert f"{here.lead.name} waits for Ann Ash" in mail.text
    assert "Decision. For Ann Ash, away until Thu 3 Dec." in mail.text
    assert "Ann Ash is away, and you stand in" in mail.text


@pytest.mark.parametrize(
    ("signed_off", "subject"),
    [
        (5, "Fraud scores v2 fell from Ready to Extra monitoring"),
        (1, "A must-have is open again: Fraud scores v2"),
    ],
)
def test_what_happens_to_a_launch_reaches_who_stands_in_for_its_lead(
    here, ravi, time_machine, signed_off, subject
):
    time_machine.move_to(MONDAY, tick=False)
    about = {"team": here.team, "items": 5, "name": "Fraud scores v2", "at": SUNDAY}
    launch = make.launch(signed_off=signed_off, **about)
    make.away(launch.lead, stand_in=ravi, at=MONDAY)

    item = make.item(launch)
    said = {"version": item.version, "key": make.key(), "now": MONDAY}
    signoffs.withdraw(item.signoffs.get(), by=launch.lead, **said)

    assert news() == {("Ravi Shah", subject)}
    mail = Delivery.objects.get(recipient=ravi)
    assert f"For {launch.lead.name}, away until Thu 3 Dec." in mail.text
    assert f"{launch.lead.name} is away, and you stand in" in mail.html


def test_what_somebody_asks_never_comes_back_to_them_as_who_stands_in(here, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    ravi = make.user("Ravi Shah", team=here.team, role=Role.LEAD)
    make.away(here.ann, stand_in=ravi, at=MONDAY)

    here.ask(by=ravi, at=MONDAY)

    assert news() == {
        ("Bob Oz", "Decision: Ads ranking v14"),
        (here.lead.name, "Decision, for Ann Ash: Ads ranking v14"),
    }


def test_who_goes_away_or_comes_back_before_a_mail_is_sent_counts_as_where_they_are(
    here, ravi, time_machine
):
    time_machine.move_to(MONDAY, tick=False)
    here.ask(at=MONDAY)
    make.away(here.bob, at=MONDAY)
    make.away(here.ann, stand_in=ravi, days=(1, 3), at=MONDAY)

    sent = news()

    assert sent == {("Ann Ash", "Decision: Ads ranking v14")}
    skipped = Delivery.objects.get(recipient=here.bob)
    assert (skipped.state, skipped.because) == (
        "skipped",
        "They are away: the digest of their return says what still waits for them.",
    )


def test_what_is_done_between_queueing_and_sending_is_not_told_to_who_stands_in(here, ravi):
    hannah = owner(here.launch, "Hannah Berg")
    owns(hannah, here.launch, None, -2)
    make.away(hannah, stand_in=ravi, at=MONDAY)
    queue_digests(now=MONDAY)
    make.sign(make.item(here.launch, 2), by=ravi, at=MONDAY)

    deliver_due(now=MONDAY)

    assert Delivery.objects.get(recipient=ravi).state == "skipped"


def test_a_person_says_it_where_they_say_what_they_hear_and_takes_it_back(client, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    team = make.team()
    hannah, ravi = (make.user(name, team=team) for name in ("Hannah Berg", "Ravi Shah"))
    client.force_login(hannah)
    said = {"first_on": "2026-11-24", "last_on": "2026-12-03", "stand_in": ravi.pk}

    saved = client.post("/me/messages/away/", said)
    page = client.get(saved.url).content.decode()
    time_machine.move_to(MONDAY + DAY, tick=False)
    client.force_login(ravi)
    of_ravi = client.get("/me/messages/").content.decode()
    client.force_login(hannah)
    client.post("/me/messages/back/")

    assert (saved.status_code, saved.url) == (302, "/me/messages/?saved")
    assert "You are away from Tue 24 Nov until Thu 3 Dec." in page
    assert 'value="2026-12-03"' in page
    assert "You stand in for <bdi>Hannah Berg, away until Thu 3 Dec</bdi>." in of_ravi
    assert "You are away" not in client.get("/me/messages/").content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Write a date, like 2026-12-08."),
        ({"first_on": "2026-11-24", "last_on": "soon"}, "Write a date, like 2026-12-08."),
        ({"first_on": "2026-11-24", "last_on": "2026-11-23"}, "not before the first"),
        ({"first_on": "2026-11-20", "last_on": "2026-11-22"}, "These days are over."),
        ({"first_on": "0001-01-01", "last_on": "2026-11-24"}, "at most a year away."),
        ({"first_on": "9999-12-31", "last_on": "9999-12-31"}, "at most a year away."),
        ({"first_on": "2026-11-24", "last_on": "2026-11-24", "stand_in": "9"}, "not in the team"),
    ],
)
@pytest.mark.parametrize("path", ["/me/messages/away/", "/people/{}/away/"])
def test_days_that_cannot_be_are_said_where_they_were_typed(
    client, said, words, path, time_machine
):
    time_machine.move_to(MONDAY, tick=False)
    lead = make.user("Lea", team=make.team(), role=Role.LEAD)
    client.force_login(lead)

    answer = client.post(path.format(lead.pk), said)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_who_leads_a_team_says_it_for_somebody_who_is_ill(client, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    team = make.team()
    hannah, lead = make.user("Hannah Berg", team=team), make.user("Lea", team=team, role=Role.LEAD)
    path, said = f"/people/{hannah.pk}/away/", {"first_on": "2026-11-23", "last_on": "2026-11-27"}
    client.force_login(lead)

    saved = client.post(path, said)
    page = client.get(saved.url).content.decode()
    client.post(f"/people/{hannah.pk}/back/")
    after = client.get(path).content.decode()

    assert "Hannah is away from Mon 23 Nov until Fri 27 Nov." in page
    assert "Nobody stands in: the leads of the launches hear of what waits." in page
    assert "Hannah is away" not in after


@pytest.mark.parametrize("today", [MONDAY, MONDAY.replace(month=12, day=25), MONDAY + 40 * DAY])
def test_the_demo_shows_somebody_away_and_holidays_to_come_on_any_day(today):
    team = make.team("Ads ranking")
    people = {name: make.user(name, team=team) for name in (AWAY, STANDS_IN)}
    make.user("Hannah Cohen", team=team, role=Role.LEAD)

    tell_absences(people, today)

    [absent] = absent_for(people[STANDS_IN], today)
    rest = [one.day for one in coming(team, today.date())]
    assert absent.name == AWAY
    assert [(one.month, one.day) for one in sorted(rest, key=lambda one: -one.month)] == [
        (12, 25),
        (1, 1),
    ]
    assert all(timedelta(0) <= one - today.date() <= 366 * DAY for one in rest)
