"""A session brings its person along, and nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import auth
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Session
from readiness.accounts.sessions import SessionStore
from readiness.accounts.tasks import forget_expired_sessions
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    ann = make.user("Ann Ash")
    client.force_login(ann)
    return ann


def is_signed_in(client) -> bool:
    return client.get("/me/").status_code == 200


def test_session_and_person_are_one_statement(client, ann):
    with CaptureQueriesContext(connection) as asked:
        assert is_signed_in(client)

    about = [one["sql"] for one in asked if "accounts_session" in one["sql"]]
    assert len(about) == 1
    assert not any("FROM accounts_user" in one["sql"] for one in asked)


def test_a_session_knows_whose_it_is(client, ann):
    [session] = Session.objects.all()

    assert session.person == ann


def test_who_left_is_out_at_once(client, ann):
    assert is_signed_in(client)
    ann.is_active = False
    ann.save()

    assert not is_signed_in(client)


def test_a_changed_password_ends_the_sessions_made_with_the_old_one(client, ann):
    ann.set_password("another long enough one")
    ann.save()

    assert not is_signed_in(client)
    assert not Session.objects.exists()


def test_a_session_that_ran_out_lets_nobody_in_and_is_forgotten(client, ann):
    with time_machine.travel(Session.objects.get().expire_date + timedelta(seconds=1)):
        assert not is_signed_in(client)
        forget_expired_sessions()

    assert not Session.objects.exists()


def test_a_row_that_names_another_person_lets_neither_in_as_the_other(client, ann):
    eve = make.user("Eve")
    Session.objects.update(person=eve)

    page = client.get("/me/")

    assert page.context["user"] == ann


def test_what_was_tampered_with_is_no_session(client, ann):
    session = Session.objects.get()
    session.session_data = session.session_data[::-1]
    session.save()

    assert not is_signed_in(client)


def test_a_session_of_nobody_has_no_person():
    session = SessionStore()
    session["seen"] = "yes"
    session.save()

    again = SessionStore(session.session_key)

    assert (again["seen"], again.person, again.get(auth.SESSION_KEY)) == ("yes", None, None)
