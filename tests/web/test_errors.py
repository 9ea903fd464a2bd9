"""Errors have a page that says what happened, in the look of the house."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/echoes/?%00", 400, "This request cannot be read"),
        ("/denies/", 403, "This is not yours to do"),
        ("/nowhere/", 404, "This page is not here"),
        ("/fails/", 500, "We failed to load this page"),
    ],
)
def test_an_error_says_what_happened(visitor, path, status, title):
    response = visitor.get(path)

    page = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert f'<p class="solo__code num">{status}</p>' in page
    assert 'href="/"' in page


def test_a_failure_shows_the_code_of_its_request_and_nothing_else(visitor):
    response = visitor.get("/fails/")

    page = response.content.decode()
    assert f'<p class="mono errcode">{response["X-Request-Id"]}</p>' in page
    assert "ZeroDivisionError" not in page


def test_an_error_needs_no_database_and_keeps_the_theme(visitor):
    visitor.cookies["theme"] = "dark"

    response = visitor.get("/nowhere/")

    assert '<html lang="en" data-theme="dark">' in response.content.decode()


def test_an_address_is_shown_as_text(visitor):
    response = visitor.get('/fails/?"><script>alert(1)</script>')

    assert "<script>alert" not in response.content.decode()


def test_a_form_that_was_open_too_long_is_explained(settings, visitor):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/theme/", {"theme": "dark"})

    assert response.status_code == 403
    assert "<h1>This page was open too long</h1>" in response.content.decode()
