"""Short bodies are at hand before a thread is taken; all others are read as they come."""

import asyncio

import pytest

from readiness.web.bodies import SHORT, at_hand, with_short_bodies


def body(more, data):
    return {"type": "http.request", "body": data, "more_body": more}


def arrived(messages, *, kind="http", length=None):
    """What the application is handed of such messages: the body at hand, and how many are left."""
    headers = [] if length is None else [(b"content-length", length)]
    scope, coming, seen = {"type": kind, "headers": headers}, list(messages), []

    async def receive():
        return coming.pop(0)

    async def application(scope, receive, send):
        at = at_hand({"asgi.scope": scope})
        seen.append((at.read() if at else None, len(coming)))

    asyncio.run(with_short_bodies(application)(scope, receive, lambda message: None))
    return seen


def test_a_short_body_is_whole_when_the_application_is_asked():
    pieces = [body(True, b"v=1&"), body(True, b""), body(False, b"key=a")]

    assert arrived(pieces, length=b"9") == [(b"v=1&key=a", 0)]


def test_who_hangs_up_has_sent_less():
    assert arrived([body(True, b"v="), {"type": "http.disconnect"}], length=b"9") == [(b"v=", 0)]


@pytest.mark.parametrize(
    "length", [None, b"", b"0", b"-1", b"1e3", b"\xb2", str(SHORT + 1).encode()]
)
def test_what_is_not_said_to_be_short_is_read_as_it_comes(length):
    assert arrived([body(False, b"x")], length=length) == [(None, 1)]


def test_what_is_no_request_is_handed_on():
    assert arrived([{"type": "lifespan.startup"}], kind="lifespan", length=b"1") == [(None, 1)]


def test_a_request_that_came_another_way_has_its_body_elsewhere():
    assert at_hand({}) is None
