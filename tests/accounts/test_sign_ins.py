"""The list of one's sessions, and the ways to end them."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from readiness import clock
from readiness.accounts.models import Session
from readiness.accounts.sessions import mark_of
from readiness.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "a password of her own"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"


@pytest.fixture
def ann():
    ann = make.user("Ann Ash")
    ann.set_password(PASSWORD)
    ann.save()
    return ann


def browser(person, agent: str = FIREFOX) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def session_in(client: Client) -> Session:
    return Session.objects.get(pk=client.session.session_key)


def test_the_list_names_browsers_and_marks_this_one(ann):
    here, phone = browser(ann), browser(ann, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/605")
    browser(make.user("Eve"), "Edg/1 Windows")

    page = here.get("/me/sessions/").content.decode()

    assert page.index("Firefox on Linux") < page.index("This browser")
    assert page.index("This browser") < page.index("Safari on iPhone")
    assert "Edge" not in page
    assert not any(one.session.session_key in page for one in (here, phone))


def test_being_seen_is_written_once_an_hour_at_most(ann):
    client = browser(ann)
    begun = session_in(client).last_seen_at
    found = []
    for minutes in (30, 59, 61, 90, 122):
        with time_machine.travel(begun + timedelta(minutes=minutes), tick=False):
            with CaptureQueriesContext(connection) as asked:
                client.get("/me/")
            found.append(sum("UPDATE" in one["sql"] for one in asked))

    assert found == [0, 0, 1, 0, 1]


def test_one_ends_one_all_others_or_all(ann):
    here, there, far = (browser(ann) for _ in range(3))

    here.post("/me/sessions/end/", {"which": mark_of(session_in(there))})
    after_one = [is_in(one) for one in (here, there, far)]
    here.post("/me/sessions/end/", {"which": "others"})
    after_others = [is_in(one) for one in (here, far)]
    answer = here.post("/me/sessions/end/", {"which": "all"})

    assert (after_one, after_others) == ([True, False, True], [True, False])
    assert (answer["Location"], is_in(here)) == ("/sign-in/", False)
    ended = Event.objects.filter(kind="sessions.ended").order_by("pk")
    assert [one.payload["count"] for one in ended] == [1, 1, 1]


@pytest.mark.parametrize("which", ["", "x" * 500, "🚀"])
def test_nobody_ends_what_is_not_theirs(ann, which):
    eve = make.user("Eve")
    eve.set_password(PASSWORD)
    eve.save()
    here, hers = browser(ann), browser(eve)

    here.post("/me/sessions/end/", {"which": which or mark_of(session_in(hers))})
    here.post("/me/sessions/end/", {"which": "others"})

    assert (is_in(here), is_in(hers)) == (True, True)


def test_a_new_password_ends_the_other_sessions_and_is_written_down(ann):
    here, there = browser(ann), browser(ann)
    new = "another long enough one"

    here.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert (is_in(here), is_in(there)) == (True, False)
    assert [one.person for one in Session.objects.filter(person=ann)] == [ann]
    assert [one.by for one in Event.objects.filter(kind="password.changed")] == [ann]


def test_a_session_of_before_is_listed_all_the_same(ann):
    client = browser(ann)
    Session.objects.update(agent="", signed_in_at=None, last_seen_at=None)

    page = client.get("/me/sessions/").content.decode()

    assert "Unknown browser" in page
    assert Session.objects.get().last_seen_at <= clock.now()
