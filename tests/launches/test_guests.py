"""A guest finds the launch that lets them in, on every list, and no other."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import User
from readiness.accounts.permissions import Action, grants
from readiness.launches.models import Guest, Launch
from readiness.launches.queries import mentions
from readiness.launches.services import guests
from readiness.web.palette import palette
from tests import make
from tests.launches.given import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def launch():
    return make.launch(items=2, name="Zebra one", model="zebra")


@pytest.fixture
def gus(launch) -> User:
    """A guest of one of the two launches that the team has; and his team has one."""
    make.launch(items=2, team=launch.team, by=launch.lead, name="Zebra two", model="zebra")
    gus = make.user("Gus Gray", team=make.team())
    make.launch(items=2, team=gus.memberships.get().team, name="Giraffe", model="giraffe")
    make.let_in(launch, gus)
    return User.objects.get(pk=gus.pk)


def found(client, path: str) -> list[str]:
    text = re.sub("<[^>]+>", "", client.get(path).content.decode())
    return [name for name in ("Zebra one", "Zebra two", "Giraffe") if name in text]


@pytest.mark.parametrize("ends", [False, True], ids=["while it lasts", "once it is over"])
def test_a_guest_finds_this_launch_and_no_other_of_its_team(client, gus, launch, ends):
    client.force_login(gus)
    make.say(launch, "The zebra is here.", by=launch.lead)
    if ends:
        Guest.objects.update(until=clock.now())

    lists = {path: found(client, path) for path in ("/", "/?verdict=delay", "/search/?q=zebra")}
    shown = [entry.title for part in palette(gus, "zebra").sections for entry in part.options]
    pages = [
        client.get(f"/launches/{one.pk}/").status_code for one in Launch.objects.order_by("pk")
    ]

    theirs = [] if ends else ["Zebra one"]
    all_of_theirs = [*theirs, "Giraffe"]
    assert lists == {
        "/": all_of_theirs, "/?verdict=delay": all_of_theirs, "/search/?q=zebra": theirs,
    }  # fmt: skip
    assert shown[: len(theirs)] == ["<mark>Zebra</mark> one"] * len(theirs)
    assert not any("two" in title for title in shown)
    assert pages == [404 if ends else 200, 404, 200]
    assert found(client, "/history/") == all_of_theirs


def test_only_of_who_was_ever_a_guest_the_grants_are_looked_up(gus):
    statement = str(Launch.objects.visible_to(make.user()).query)
    of_guest = str(Launch.objects.filter(grants(gus, Action.LAUNCH_VIEW)).query)

    assert "launches_guest" not in statement
    assert "launches_guest" in of_guest


@pytest.mark.parametrize("path", ["/", "/launches/{}/", "/search/?q=zebra"])
def test_a_member_asks_as_many_statements_whether_there_are_guests_or_not(client, launch, path):
    client.force_login(launch.lead)
    path = path.format(launch.pk)
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        client.get(path)
    make.let_in(launch, make.user())

    with CaptureQueriesContext(connection) as after:
        client.get(path)

    assert [one["sql"].split("WHERE")[0] for one in after] == [
        one["sql"].split("WHERE")[0] for one in before
    ]


def test_a_guest_is_mentioned_like_everyone_who_reads_the_launch(gus, launch):
    other = Launch.objects.get(name="Zebra two")

    assert [*mentions.mentioned(launch, "@Gus, look").values()] == [gus]
    assert mentions.mentioned(other, "@Gus, look") == {}


def test_a_grant_is_one_row_that_is_taken_back_and_given_again(gus, launch):
    guest, now = Guest.objects.get(), clock.now()

    guests.let_go(guest, launch, by=launch.lead, now=now)
    make.let_in(launch, gus)

    assert Guest.objects.get().until > now + timedelta(hours=23)
    kinds = [kind for kind, *_ in told(launch) if kind.startswith("guest.")]
    assert kinds == ["guest.let_in", "guest.let_go", "guest.let_in"]


def test_the_database_refuses_a_second_grant_and_one_that_ends_before_it_begins(gus, launch):
    now = clock.now()
    said = {"granted_by": launch.lead, "since": now, "until": now}

    with pytest.raises(IntegrityError, match="one_grant_per_guest"):
        Guest.objects.create(launch=launch, person=gus, **said)


def test_the_database_refuses_a_guest_who_leaves_before_coming(launch):
    now = clock.now()
    said = {"granted_by": launch.lead, "since": now, "until": now - timedelta(seconds=1)}

    with pytest.raises(IntegrityError, match="a_guest_leaves_after_coming"):
        Guest.objects.create(launch=launch, person=make.user(), **said)
