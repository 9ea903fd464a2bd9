"""Answers cross from their thread to the loop whole where they are there, else as they come."""

import asyncio
from itertools import groupby

import pytest

from readiness.web.bodies import SHORT
from readiness.web.threads import Threads

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "headers": [],
}


class Application:
    """Answers in parts, and notes in which order it went on and what it said arrived."""

    def __init__(self, *parts, headers=(), fails=False):
        self.parts, self.headers, self.fails = parts, headers, fails
        self.noted = []

    def __call__(self, environ, start_response):
        start_response("200 OK", [("X-Of", " the thread "), *self.headers])
        return self

    def __iter__(self):
        for number, part in enumerate(self.parts):
            self.noted.append(f"part {number}")
            yield part
        if self.fails:
            raise LookupError("No more of it.")

    def close(self):
        self.noted.append("closed")


def answered(application):
    """What such an application sends, noted with it as it arrives."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        application.noted.append("arrived")
        sent.append(message)

    asyncio.run(Threads(application, workers=1)(SCOPE, receive, send))
    return sent


def test_a_short_answer_arrives_whole_once_its_thread_is_done():
    application = Application(b"a row", b" and a card")

    start, *parts = answered(application)

    assert (start["status"], start["headers"]) == (200, [(b"x-of", b"the thread")])
    assert b"".join(part["body"] for part in parts) == b"a row and a card"
    assert [part.get("more_body", False) for part in parts] == [True, True, False]
    assert [note for note, _ in groupby(application.noted)] == [
        "part 0", "part 1", "closed", "arrived",
    ]  # fmt: skip


def test_a_long_answer_arrives_as_it_comes():
    application = Application(b"a" * SHORT, b"b", b"c" * SHORT)

    _, *parts = answered(application)

    assert b"".join(part["body"] for part in parts) == b"a" * SHORT + b"b" + b"c" * SHORT
    assert application.noted.index("arrived") < application.noted.index("part 2")


@pytest.mark.parametrize(("said", "waits"), [(SHORT + 2, True), (SHORT + 3, False)])
def test_a_long_answer_that_is_all_there_arrives_whole(said, waits):
    headers = [("Content-Length", str(said))]
    application = Application(b"a" * SHORT, b"bc", headers=headers)

    _, *parts = answered(application)

    assert b"".join(part["body"] for part in parts) == b"a" * SHORT + b"bc"
    noted = [note for note, _ in groupby(application.noted)]
    assert (noted == ["part 0", "part 1", "closed", "arrived"]) is waits


def test_nothing_arrives_of_a_short_answer_that_fails():
    application = Application(b"a row", fails=True)

    with pytest.raises(LookupError):
        answered(application)

    assert application.noted == ["part 0", "closed"]
