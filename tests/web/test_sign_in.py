"""The pages in and out, in the look of the house."""

import re

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
PUBLIC = [
    ("account_login", "/sign-in/", "Sign in"),
    ("account_signup", "/sign-up/", "No sign-up here"),
    ("account_inactive", "/inactive/", "This account is off"),
    ("account_reset_password", "/password/forgotten/", "Forgot your password"),
    ("account_reset_password_done", "/password/sent/", "Look at your mail"),
    ("account_reset_password_from_key", "/password/new/a-set-password/", "This link is spent"),
    ("account_reset_password_from_key_done", "/password/changed/", "Your password is changed"),
]
SIGNED_IN = [
    ("account_logout", "/sign-out/", "Sign out"),
    ("account_change_password", "/password/", "Change your password"),
    ("account_reauthenticate", "/confirm/", "Is it you?"),
]


@pytest.fixture
def ann():
    person = make.user("Ann Ash")
    person.set_password("a long enough password")
    person.save()
    return person


@pytest.mark.parametrize(("name", "path", "title"), PUBLIC)
def test_a_visitor_sees_the_look_of_the_house(visitor, name, path, title):
    response = visitor.get(path)

    page = response.content.decode()
    assert response.status_code == 200
    assert f"<h1>{title}</h1>" in page
    assert '<main id="main" class="solo__card card"' in page
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page) == []


@pytest.mark.parametrize(("name", "path", "title"), SIGNED_IN)
def test_a_person_sees_the_look_of_the_house(visitor, ann, name, path, title):
    visitor.post("/sign-in/", {"login": ann.email, "password": "a long enough password"})

    response = visitor.get(path)

    assert response.status_code == 200
    assert f"<h1>{title}</h1>" in response.content.decode()


def test_a_person_signs_in_and_out(visitor, ann):
    answer = visitor.post(
        "/sign-in/", {"login": ann.email, "password": "a long enough password", "next": "/closed/"}
    )
    inside = visitor.get("/closed/")
    asked = visitor.get("/sign-out/")
    still_inside = visitor.get("/closed/")
    visitor.post("/sign-out/")
    outside = visitor.get("/closed/")

    assert (answer.status_code, answer["Location"]) == (302, "/closed/")
    assert (inside.status_code, asked.status_code, still_inside.status_code) == (200, 200, 200)
    assert outside.status_code == 302


@pytest.mark.parametrize("login", ["ann", "nobody@example.test"])
def test_a_wrong_password_and_a_wrong_person_look_the_same(visitor, ann, login):
    login = ann.email if login == "ann" else login

    response = visitor.post("/sign-in/", {"login": login, "password": "something else entirely"})

    page = response.content.decode()
    assert "Email and password do not match." in page
    assert page.count('aria-invalid="true"') == 1
    assert f'value="{login}"' in page


def test_guessing_is_slowed_down_even_for_the_right_password(visitor, ann):
    for _ in range(5):
        visitor.post("/sign-in/", {"login": ann.email, "password": "something else entirely"})

    response = visitor.post("/sign-in/", {"login": ann.email, "password": "a long enough password"})

    assert "Too many tries. Wait five minutes, then try again." in response.content.decode()


def test_signing_in_needs_the_token_of_the_form(ann):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/sign-in/", {"login": ann.email, "password": "a long enough password"})

    assert response.status_code == 403


@pytest.mark.parametrize(
    "after", ["https://elsewhere.example/", "//elsewhere.example/", "http://["]
)
def test_signing_in_leads_nowhere_else(visitor, ann, after):
    response = visitor.post(
        "/sign-in/", {"login": ann.email, "password": "a long enough password", "next": after}
    )

    assert response["Location"] == "/"


def test_a_forgotten_password_tells_nobody_who_has_an_account(visitor, ann, mailoutbox, settings):
    settings.EMAIL_HOST = "mail.example.test"

    known = visitor.post("/password/forgotten/", {"email": ann.email})
    unknown = visitor.post("/password/forgotten/", {"email": "nobody@example.test"})

    assert known["Location"] == unknown["Location"] == "/password/sent/"
    assert [mail.to for mail in mailoutbox] == [[ann.email]]
    assert "/password/new/" in mailoutbox[0].body
