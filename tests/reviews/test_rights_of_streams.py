"""A stream ends with the right to read it, at once where somebody said so, and soon where not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest

from readiness import clock
from readiness.accounts.models import Membership, Role, Session, Team, User
from readiness.accounts.sessions import SessionStore, person_of
from readiness.accounts.watching import people_behind
from readiness.audit import people
from readiness.launches.models import Launch
from readiness.launches.queries.handing_over import print_of, shares_of
from readiness.launches.services import guests
from readiness.launches.services.handing_over import Plan, deactivate
from readiness.reviews.streams import portfolio, rights
from readiness.web.live import Asked, Person
from tests import make, stage
from tests.reviews import streaming
from tests.reviews.streaming import Server, reader, until

SOON = 0.3
NEVER = 3_600


@pytest.fixture
def watchful(transactional_db, settings) -> Iterator[Server]:
    """Looks rights up again all the time."""
    settings.RIGHTS_SECONDS = 0.2
    with streaming.server() as server:
        yield server


@pytest.fixture
def team() -> Team:
    return make.team()


@pytest.fixture
def ann(team) -> User:
    return make.user("Ann Ash", team=team, role=Role.LEAD)


@pytest.fixture
def ben(team) -> User:
    return make.user("Ben Ode", team=team)


@pytest.fixture
def launch(team, ann) -> Launch:
    return make.launch(team=team, by=ann, items=5, at=clock.now())


def signs_out(ben, ann, team) -> None:
    [session] = ben.sessions.all()
    SessionStore(session.pk).flush()


def is_let_go(ben, ann, team) -> None:
    seen = print_of(shares_of(ben))
    deactivate(ben, Plan({}, None), seen=seen, by=ann, key=make.key(), now=clock.now())


def loses_the_role(ben, ann, team) -> None:
    people.set_roles(ben, [], team=team, by=ann, now=clock.now())


def ends_all_sessions(ben, ann, team) -> None:
    people.end_sessions(ben, current=None, which="all", by=ben, now=clock.now())


def has_a_new_password(ben, ann, team) -> None:
    people.password_changed(ben, current=None, now=clock.now())


SAID = [signs_out, is_let_go, loses_the_role, ends_all_sessions, has_a_new_password]


@pytest.mark.parametrize("happens", SAID, ids=[one.__name__ for one in SAID])
def test_a_stream_ends_at_once(streams, settings, ann, ben, team, launch, happens):
    settings.RIGHTS_SECONDS = NEVER
    others = reader(streams, ann, f"/live/launches/{launch.pk}/")
    page = reader(streams, ben, f"/live/launches/{launch.pk}/")
    until(lambda: streams.readers == 2)
    page.events(SOON)

    happens(ben, ann, team)
    make.sign(make.item(launch), by=ann, at=clock.now())

    assert [one.name for one in page.events(2)] == ["end"]
    assert page.is_over
    assert others.events(SOON) != []
    until(lambda: streams.readers == 1)


def expires(ben) -> None:
    Session.objects.filter(person=ben).update(expire_date=clock.now() - timedelta(seconds=1))


def is_switched_off(ben) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)


def is_no_member(ben) -> None:
    Membership.objects.filter(person=ben).delete()


def has_another_password(ben) -> None:
    ben.set_password("another one, long enough")
    ben.save()


UNSAID = [expires, is_switched_off, is_no_member, has_another_password]


@pytest.mark.parametrize("happens", UNSAID, ids=[one.__name__ for one in UNSAID])
def test_a_stream_ends_soon_where_nobody_said_anything(watchful, ben, launch, happens):
    page = reader(watchful, ben, f"/live/launches/{launch.pk}/")
    page.events(SOON)

    happens(ben)

    assert [one.name for one in page.events(3)] == ["end"]
    assert page.is_over
    until(lambda: watchful.readers == 0)


def test_a_guests_stream_ends_at_once_when_they_are_let_go(streams, settings, ann, launch):
    settings.RIGHTS_SECONDS = NEVER
    gus = make.let_in(launch, make.user("Gus Gray"))
    page = reader(streams, gus, f"/live/launches/{launch.pk}/")
    page.events(SOON)

    with transaction.atomic():
        guests.let_go(launch.guests.get(), launch, by=ann, now=clock.now())

    assert [one.name for one in page.events(2)] == ["end"]
    assert page.is_over


def test_a_guests_stream_ends_soon_when_their_time_is_over(watchful, launch):
    gus = make.let_in(launch, make.user("Gus Gray"))
    page = reader(watchful, gus, f"/live/launches/{launch.pk}/")
    page.events(SOON)

    launch.guests.update(until=clock.now())

    assert [one.name for one in page.events(3)] == ["end"]
    assert page.is_over


@pytest.mark.django_db
def test_who_reads_a_stream_is_who_may_see_the_launch(team, ann, launch):
    kinds = [make.user(team=team, role=role) for role in Role]
    kinds += [make.everywhere(make.user(), role) for role in Role]
    kinds += [make.user(team=make.team()), make.user(is_site_admin=True), launch.lead]
    kinds += [make.let_in(launch, make.user()), make.let_in(launch, make.user(), until=clock.now())]
    theirs = make.launch(items=1)
    asked = [Asked(known(one), each.pk) for one in kinds for each in (launch, theirs)]

    seats = rights.of_launches(asked)
    lists = portfolio.authorise(asked)

    sees = [
        Launch.objects.visible_to(User.objects.get(pk=one.person.pk)).filter(pk=one.pk).exists()
        for one in asked
    ]
    assert [seat is not None for seat in seats] == sees
    of = {one.pk: portfolio.Audience(one.team_id, one.lead_id, one.pk) for one in (launch, theirs)}
    assert [seat.sees(of[one.pk]) for seat, one in zip(lists, asked, strict=True)] == sees


def known(person: User) -> Person:
    return Person(person.pk, person.is_site_admin, person.locale)


@pytest.mark.django_db
def test_behind_a_session_is_whom_pages_find_there(ann, ben):
    keys = [stage.session_of(ann), stage.session_of(ben), "nobody" * 5]
    User.objects.filter(pk=ben.pk).update(is_active=False)

    found = people_behind(keys)

    assert found == {keys[0]: known(ann)}
    assert [asked_of(key) for key in keys] == [ann, AnonymousUser(), AnonymousUser()]


def asked_of(key: str) -> User | AnonymousUser:
    request = HttpRequest()
    request.session = SessionStore(key)
    return person_of(request)
