"""What every answer says to the visitor."""

import pytest

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [
        ("GET", "/echoes/", 200),
        ("GET", "/closed/", 302),
        ("GET", "/healthz", 200),
        ("GET", "/denies/", 403),
        ("GET", "/nowhere/", 404),
        ("TRACE", "/echoes/", 405),
        ("GET", "/refuses/", 409),
        ("GET", "/echoes/?%00", 400),
        ("GET", "/fails/", 500),
        ("GET", "/static/favicon.svg", 200),
        ("GET", "/static/nothing.css", 404),
    ],
)
def test_every_answer_carries_the_policy(visitor, verb, path, status):
    response = visitor.generic(verb, path)

    assert response.status_code == status
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Request-Id"].startswith("r-")


@pytest.mark.parametrize("path", ["/echoes/", "/closed/", "/nowhere/", "/fails/"])
def test_pages_are_never_kept(visitor, path):
    response = visitor.get(path)

    assert response["Cache-Control"] == "no-store"


def test_static_files_may_be_kept(visitor):
    response = visitor.get("/static/favicon.svg")

    assert "no-store" not in response["Cache-Control"]


def test_every_request_has_an_id_of_its_own(visitor):
    names = {
        visitor.get("/echoes/", headers={"X-Request-Id": "mine"})["X-Request-Id"] for _ in "ab"
    }

    assert len(names) == 2
    assert "mine" not in names
