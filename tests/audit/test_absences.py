"""People say when they are away and who stands in; who hears is found out whenever it is asked."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError

from readiness.accounts.absences import absent_for, is_away
from readiness.accounts.models import Absence, Role, User
from readiness.audit.absences import come_back, go_away
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.queries.sentences import SENTENCES
from readiness.web.refusal import Refused
from tests import make

pytestmark = pytest.mark.django_db
TODAY = make.NOW.date()
DAY = timedelta(days=1)


def people(*names: str) -> list[User]:
    team = make.team()
    return [make.user(name, team=team) for name in names]


def heard_by() -> dict[str, str]:
    """Who hears for whom now, by first names; "" is nobody."""
    everyone = [*User.objects.order_by("pk"), None]
    return {
        one.name: person.name if person else ""
        for person in everyone
        for one in absent_for(person, make.NOW)
    }


def said(kind: Kind) -> list[str]:
    events = Event.objects.filter(kind=kind.value).order_by("pk")
    return [f"{one.printed_name} {SENTENCES[kind](one.said, None).did}" for one in events]


@pytest.mark.parametrize(
    ("chain", "hears"),
    [
        ("AB", {"A": "B"}),
        ("ABC", {"A": "C", "B": "C"}),
        ("ABCD", {"A": "D", "B": "D", "C": "D"}),
        ("ABCDE", {"A": "", "B": "E", "C": "E", "D": "E"}),
        ("ABA", {"A": "", "B": ""}),
        ("ABCB", {"A": "", "B": "", "C": ""}),
    ],
)
def test_who_is_there_first_hears_at_most_three_steps_on_and_in_a_circle_nobody(chain, hears):
    known = {one.name: one for one in people(*sorted({*chain}))}

    for name, stand_in in pairwise(chain):
        make.away(known[name], stand_in=known[stand_in])

    assert heard_by() == hears


@pytest.mark.parametrize("change", ["left", "is back", "has not gone", "stands in no more"])
def test_who_hears_is_another_as_soon_as_anything_is(change):
    ann, bob, cem = people("Ann", "Bob", "Cem")
    make.away(ann, stand_in=bob)
    make.away(bob, stand_in=cem, days=(1, 3) if change == "has not gone" else (0, 3))

    if change == "left":
        User.objects.filter(pk=cem.pk).update(is_active=False)
    elif change == "is back":
        come_back(bob, by=bob, now=make.NOW)
    elif change == "stands in no more":
        make.away(ann)

    expected = {
        "left": {"Ann": "", "Bob": ""},
        "is back": {"Ann": "Bob"},
        "has not gone": {"Ann": "Bob"},
        "stands in no more": {"Ann": "", "Bob": "Cem"},
    }
    assert heard_by() == expected[change]


@pytest.mark.parametrize(
    ("zone", "begins", "ends"),
    [
        ("UTC", "2026-11-24T00:00", "2026-11-26T00:00"),
        ("Asia/Kolkata", "2026-11-23T18:30", "2026-11-25T18:30"),
        ("America/Los_Angeles", "2026-11-24T08:00", "2026-11-26T08:00"),
    ],
)
def test_the_days_are_whole_days_where_the_person_is(zone, begins, ends):
    ann = make.user("Ann", team=make.team(), zone=zone)
    days = {"first_on": date(2026, 11, 24), "last_on": date(2026, 11, 25)}

    go_away(ann, **days, stand_in=None, by=ann, now=make.NOW)

    first, after = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (begins, ends))
    just = timedelta(seconds=1)
    instants = (first - just, first, after - just, after)
    assert [is_away(ann, at) for at in instants] == [False, True, True, False]


def test_going_and_coming_back_are_in_the_history_with_both_names():
    hannah, ravi = people("Hannah Berg", "Ravi Shah")
    lead = make.user("Lea", team=hannah.memberships.get().team, role=Role.LEAD)
    days = {"first_on": TODAY, "last_on": date(2026, 12, 3)}

    go_away(hannah, **days, stand_in=ravi, by=hannah, now=make.NOW)
    go_away(hannah, **days, stand_in=ravi, by=hannah, now=make.NOW)
    go_away(hannah, first_on=TODAY, last_on=TODAY, stand_in=None, by=lead, now=make.NOW)
    come_back(hannah, by=lead, now=make.NOW)
    go_away(hannah, **days, stand_in=ravi, by=hannah, now=make.NOW)
    come_back(hannah, by=hannah, now=make.NOW)

    away = "from Mon 23 Nov until Thu 3 Dec: Ravi Shah stands in"
    assert said(Kind.PERSON_AWAY) == [
        f"Hannah Berg is away {away}",
        "Lea said that Hannah Berg is away on Mon 23 Nov: nobody stands in",
        f"Hannah Berg is away {away}",
    ]
    assert said(Kind.PERSON_BACK) == [
        "Lea said that Hannah Berg is back",
        "Hannah Berg is back: Ravi Shah stands in no more",
    ]
    assert not is_away(hannah, make.NOW)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((3, 2), "Choose a last day that is not before the first."),
        ((-5, -1), "These days are over. Choose a last day from today on."),
        ((0, 367), "Choose days that are at most a year away."),
        ((-367, 0), "Choose days that are at most a year away."),
    ],
)
def test_days_that_cannot_be_are_refused(days, words):
    [ann] = people("Ann")

    with pytest.raises(Refused, match=words):
        make.away(ann, days=days)

    assert not Absence.objects.exists()


@pytest.mark.parametrize("who", ["oneself", "a stranger", "who left"])
def test_who_stands_in_is_somebody_else_of_the_same_teams(who):
    ann, bob = people("Ann", "Bob")
    User.objects.filter(pk=bob.pk).update(is_active=False)
    stand_in = {"oneself": ann, "a stranger": people("Fay")[0], "who left": bob}[who]

    with pytest.raises(Refused, match="somebody else who is in one of the same teams"):
        make.away(ann, stand_in=stand_in)


def test_who_holds_a_role_in_every_team_is_beside_everybody():
    [ann] = people("Ann")
    amara = make.everywhere(make.user("Amara"), Role.APPROVER)

    make.away(ann, stand_in=amara)
    make.away(amara, stand_in=people("Bob")[0])

    assert heard_by() == {"Ann": "Bob", "Amara": "Bob"}


def test_of_others_only_who_leads_a_team_of_theirs_or_an_admin_says_it():
    ann, bob = people("Ann", "Bob")
    team = ann.memberships.get().team
    allowed = [make.user(team=team, role=Role.LEAD), make.user(is_site_admin=True)]
    days = {"first_on": TODAY, "last_on": TODAY, "stand_in": None, "now": make.NOW}

    for person in allowed:
        go_away(ann, by=person, **days)
    for person in (bob, make.user(team=make.team(), role=Role.LEAD)):
        with pytest.raises(Refused, match="who leads a team of theirs"):
            go_away(ann, by=person, **days)
        with pytest.raises(Refused, match="who leads a team of theirs"):
            come_back(ann, by=person, now=make.NOW)


def test_who_is_there_cannot_come_back():
    [ann] = people("Ann")

    with pytest.raises(Refused, match="ended already"):
        come_back(ann, by=ann, now=make.NOW)


def test_the_database_refuses_to_stand_in_for_oneself():
    [ann] = people("Ann")
    days = {"first_on": TODAY, "last_on": TODAY}
    there = {"begins_at": make.NOW, "ends_at": make.NOW + DAY}

    with pytest.raises(IntegrityError, match="nobody_stands_in_for_themselves"):
        Absence.objects.create(person=ann, stand_in=ann, **days, **there)


def test_the_database_refuses_to_come_back_before_one_went():
    [ann] = people("Ann")
    days = {"first_on": TODAY, "last_on": TODAY}

    with pytest.raises(IntegrityError, match="who_goes_away_comes_back"):
        Absence.objects.create(person=ann, begins_at=make.NOW, ends_at=make.NOW, **days)
