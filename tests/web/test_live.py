"""Notices and streams of whatever it is: who does not read, and a Valkey that goes away."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings as configured

from readiness.embedded.processes import Child
from readiness.embedded.valkey import Valkey
from readiness.web.live import Frame, Seat, following, publish, publishing, registry
from readiness.web.live.publishing import Publisher, channel, now
from readiness.web.live.registry import find, people_behind
from tests import make
from tests.reviews import streaming
from tests.reviews.streaming import PATIENCE, Server, reader, until

WEIGHT = {7: "x" * 200_000, 8: ""}
HEAVY, LIGHT = "/live/things/7/", "/live/things/8/"


@pytest.fixture
def things() -> Iterator[None]:
    """Streams that everybody may read, of something heavy and of something light."""
    before = list(registry._topics)
    registry.stream_of(
        "things",
        "/live/things/<id>/",
        lambda asked: [Seat(frozenset({f"things/{one.pk}"})) for one in asked],
        lambda pk, notices, known: [Frame(f"{len(notices)} {WEIGHT[pk]}")],
    )
    yield
    registry._topics[:] = before


@pytest.fixture
def streams(transactional_db, things) -> Iterator[Server]:
    with streaming.server() as server:
        yield server


@pytest.fixture
def valkey(settings, monkeypatch, tmp_path_factory) -> Iterator["Mortal"]:
    """A Valkey of one's own, to be killed; who published before knows another one."""
    monkeypatch.setattr(publishing, "_publisher", Publisher())
    mortal = Mortal(tmp_path_factory.mktemp("v"))
    mortal.rise()
    settings.REDIS_URL = f"unix://{mortal.server.socket}?db=0"
    yield mortal
    mortal.die()


class Mortal:
    """A Valkey that is killed without a warning, and comes back."""

    child: Child

    def __init__(self, folder: Path) -> None:
        self.server = Valkey(folder / "home", folder, folder, durable=False)

    def rise(self) -> None:
        self.child = self.server.start()

    def freeze(self) -> None:
        """Stand still: what is sent to it waits, and dies with it."""
        os.kill(self.child.process.pid, signal.SIGSTOP)

    def die(self) -> None:
        if not self.child.is_dead:
            os.kill(self.child.process.pid, signal.SIGKILL)
            self.child.process.wait()
        self.server.socket.unlink(missing_ok=True)


def test_who_does_not_read_is_cut_off_and_nobody_else(streams):
    ann, ben = make.user(), make.user()
    idle, busy = reader(streams, ann, HEAVY), reader(streams, ben, HEAVY)
    until(streams.knows_all)

    for _ in range(80):
        publish("things/7")
        busy.event()
    until(lambda: streams.readers == 1)

    [(_, left)] = streams.hub.streams
    assert left.person.pk == ben.pk
    assert idle.events(0.2)[-1:] != []


def test_who_speaks_the_older_http_reads_the_same_without_chunks(streams):
    ann = make.user()
    page = reader(streams, ann, LIGHT, since=now()).current()
    old = socket.create_connection(("127.0.0.1", streams.port), timeout=PATIENCE)
    asked = f"GET {LIGHT}?since={now()} HTTP/1.0\r\nHost: localhost\r\n"
    old.sendall(f"{asked}Cookie: readiness-session={page.session}\r\n\r\n".encode())
    until(lambda: streams.readers == 2 and streams.knows_all())

    publish("things/8")
    event, said = page.event(), b""
    while b"event: html" not in said or not said.endswith(b"\n\n"):
        said += old.recv(65_536)
    old.close()

    head, _, body = said.partition(b"\r\n\r\n")
    assert b"chunked" not in head
    first = body.partition(b"\n\n")[0]
    assert body == first + f"\n\nid: {event.id}\nevent: html\ndata: {event.data}\n\n".encode()


def test_many_changes_in_a_second_are_drawn_together(streams):
    page = reader(streams, make.user(), LIGHT)
    until(streams.knows_all)

    for _ in range(200):
        publish("things/8")
        time.sleep(0.002)
    events = [one for one in page.events(0.4) if one.name == "html"]

    told = [int(one.data) for one in events]
    assert sum(told) == 200
    assert len(told) < 100


def test_pages_ask_for_themselves_while_valkey_is_gone_and_once_when_it_is_back(
    transactional_db, things, valkey
):
    with streaming.server() as server:
        page = reader(server, make.user(), LIGHT, since=now()).current()
        until(server.knows_all)

        valkey.die()
        gone = page.event()
        late = reader(server, make.user(), LIGHT, since=now())
        publish("things/8")
        valkey.rise()
        until(lambda: server.hub.hears_since)
        back = page.events(0.5)
        publish("things/8")

        assert gone.name == "poll"
        assert [one.name for one in late.events(0.3)][:2] == ["refresh", "poll"]
        assert [one.name for one in back] == ["refresh"]
        assert page.event() is not None


def test_a_dead_valkey_is_asked_once_and_then_left_alone(valkey):
    publisher = Publisher()
    publisher.publish("things/7", {})
    valkey.die()

    publisher.publish("things/7", {})
    rests_until = publisher.rests_until
    publisher.publish("things/7", {})

    assert time.monotonic() < rests_until == publisher.rests_until


def test_what_was_lost_is_said_as_soon_as_there_is_somebody_to_say_it_to(valkey):
    publisher = Publisher()
    valkey.die()
    publisher.publish("things/7", {})
    valkey.rise()
    publisher.rests_until = 0
    with redis.Redis.from_url(configured.REDIS_URL).pubsub() as hearing:
        hearing.subscribe(channel())
        assert hearing.get_message(timeout=2)["type"] == "subscribe"

        publisher.publish("things/8", {"person": 3})
        heard = [json.loads(hearing.get_message(timeout=2)["data"]) for _ in range(2)]

    assert [one["k"] for one in heard] == ["*", "things/8"]
    assert heard[1]["person"] == 3


def test_a_notice_that_valkey_died_with_is_made_good_by_the_next(valkey):
    publisher = Publisher()
    publisher.publish("things/6", {})
    until(lambda: publisher.connection.can_read())  # it has said that it has it
    valkey.freeze()
    publisher.publish("things/7", {})
    valkey.die()
    valkey.rise()
    with redis.Redis.from_url(configured.REDIS_URL).pubsub() as hearing:
        hearing.subscribe(channel())
        assert hearing.get_message(timeout=2)["type"] == "subscribe"

        publisher.publish("things/8", {})
        heard = [json.loads(hearing.get_message(timeout=2)["data"]) for _ in range(2)]

    assert [one["k"] for one in heard] == ["*", "things/8"]


def test_a_connection_that_valkey_closed_meanwhile_is_opened_again(valkey):
    publisher = Publisher()
    publisher.publish("things/7", {})
    with redis.Redis.from_url(configured.REDIS_URL) as client:
        client.client_kill_filter(_type="normal", skipme=True)

    publisher.publish("things/7", {})

    assert not publisher.has_lost


@pytest.mark.parametrize(
    ("path", "pk"),
    [
        (HEAVY, 7),
        ("/live/things/0/", None),
        ("/live/things/07/", None),
        ("/live/things/7", None),
        ("/live/things/٧/", None),
        (f"/live/things/{'9' * 19}/", None),
    ],
)
def test_an_address_is_one_of_a_stream_or_not(things, path, pk):
    found = find(path)

    assert (found and found[1]) == pk


def test_a_page_says_which_stream_it_follows_and_since_when():
    before = now()

    said = following("/live/things/7/")

    path, since = said.split(" data-live-since=")
    assert path == ' data-live="/live/things/7/"'
    assert before <= int(since.strip('"')) <= now()


@pytest.mark.django_db
def test_nobody_is_behind_no_session():
    assert people_behind([]) == {}
