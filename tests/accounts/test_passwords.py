"""Passwords: kept with argon2, and a wrong one tells nothing about who has an account."""

import re

import pytest
from django.test import Client

from readiness.accounts import services
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def ann():
    return services.add_person("ann@example.test", name="Ann Ash", now=make.NOW, password=PASSWORD)


def answer_to(login, password):
    """The page as it reads once what was typed, and the token, are taken out."""
    response = Client().post("/sign-in/", {"login": login, "password": password})
    page = response.content.decode().replace(login, "LOGIN")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return response.status_code, re.sub(r"r-[0-9a-f]{12}", "", page)


def test_a_password_is_kept_with_argon2_and_never_in_words(ann):
    assert ann.password.startswith("argon2$argon2id$")
    assert PASSWORD not in ann.password


def test_the_right_password_opens_the_door(client, ann):
    response = client.post("/sign-in/", {"login": "Ann@Example.test", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/me/").status_code == 200


def test_a_wrong_password_and_an_unknown_mail_get_the_same_page(ann):
    wrong = answer_to("ann@example.test", "something else entirely")
    unknown = answer_to("eve@example.test", "something else entirely")

    assert wrong == unknown
    assert wrong[0] != 302


def test_who_was_added_without_a_password_cannot_sign_in_with_one():
    services.add_person("tom@example.test", name="Tom Sato", now=make.NOW)

    assert answer_to("tom@example.test", "") == answer_to("eve@example.test", "")
    assert answer_to("tom@example.test", PASSWORD) == answer_to("eve@example.test", PASSWORD)


def test_an_unknown_mail_is_slowed_down_like_a_known_one(ann):
    for login in ("ann@example.test", "eve@example.test"):
        for _ in range(5):
            answer_to(login, "something else entirely")

    known = answer_to("ann@example.test", PASSWORD)
    unknown = answer_to("eve@example.test", PASSWORD)

    assert known == unknown
    assert "Too many tries." in known[1]


def test_who_has_left_is_turned_away(client, ann):
    ann.is_active = False
    ann.save()

    response = client.post("/sign-in/", {"login": ann.email, "password": PASSWORD})

    assert client.get("/me/").status_code == 302
    assert response.get("Location", "") != "/"


def test_a_session_ends_for_who_leaves(client, ann):
    client.force_login(ann)
    ann.is_active = False
    ann.save()

    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"


def test_who_has_no_password_yet_is_led_to_the_mail_that_brings_one(client):
    client.force_login(make.user())

    response = client.get("/password/", follow=True)

    assert response.redirect_chain == [("/password/first/", 302), ("/password/forgotten/", 302)]
    assert response.status_code == 200


def test_who_forgot_a_password_is_sent_a_link_to_a_new_one(ann, client, settings, mailoutbox):
    settings.EMAIL_HOST = "mail.example.test"

    client.post("/password/forgotten/", {"email": "ann@example.test"})
    client.post("/password/forgotten/", {"email": "nobody@example.test"})

    assert [mail.to for mail in mailoutbox] == [["ann@example.test"]]
    assert "/password/new/" in mailoutbox[0].body


def test_without_a_mail_server_the_page_says_whom_to_ask(ann, client, mailoutbox):
    page = client.get("/password/forgotten/").content.decode()

    assert "Ask the person who runs Readiness at your company to set a new one." in page
    assert "Send the link" not in page


@pytest.mark.parametrize("host", ["", "127.0.0.1"])
def test_a_link_that_cannot_be_sent_tells_nothing_about_who_has_an_account(
    ann, client, settings, host
):
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, 9  # nobody listens there
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    answers = [
        client.post("/password/forgotten/", {"email": email})
        for email in ("ann@example.test", "nobody@example.test")
    ]

    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/password/sent/")] * 2
