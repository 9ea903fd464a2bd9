"""Messages go to public addresses only, in one time, whatever the other side does."""

import socket
import threading
import time
from ipaddress import ip_address, ip_network
from threading import Event

import pytest

from readiness.web import outgoing
from readiness.web.outgoing import Answer, Refused, Unreached, may_reach, post
from tests import tls
from tests.receiving import OK, receiver

BODY = b"{}"
SECONDS = 0.5


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.HOOKS_MAY_REACH = [ip_network("127.0.0.0/8")]


def send(url: str) -> Answer:
    return post(url, BODY, {"Content-Type": "application/json"}, seconds=SECONDS)


def test_what_is_sent_arrives_and_what_is_said_comes_back():
    with receiver(OK) as there:
        answer = send(there.url)

    assert answer == Answer(200, "ok")
    assert there.heard[0].startswith(b"POST /in?team=ads HTTP/1.1\r\nHost: 127.0.0.1:")


def test_a_redirect_is_an_answer_like_others_and_is_not_followed():
    with receiver(OK) as other:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
        with receiver(moved.encode()) as there:
            answer = send(there.url)

    assert (answer, other.heard) == (Answer(307, ""), [])


def test_a_busy_server_says_when_to_come_again():
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
    with receiver(busy) as there:
        assert send(there.url) == Answer(503, "", "120")


def test_of_a_long_answer_only_its_beginning_is_read():
    with receiver(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_000_000) as there:
        assert len(send(there.url).words) == outgoing.LONGEST_ANSWER


@pytest.mark.parametrize(
    ("pieces", "pause"),
    [
        ((), 0),
        ((b"HTTP/1.1 200 OK\r\n",), 5),
        ([OK[place : place + 1] for place in range(len(OK))], 0.1),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok", b"more"), 0.3),
        ((b"no such words\r\n\r\n",), 0),
    ],
    ids=["cuts the line", "says nothing", "a byte at a time", "stops half way", "no http"],
)
def test_who_gives_no_whole_answer_in_time_was_not_reached(pieces, pause):
    began = time.monotonic()

    with receiver(*pieces, pause=pause) as there, pytest.raises(Unreached):
        send(there.url)

    assert time.monotonic() - began < SECONDS + 1


def test_a_name_that_is_long_in_coming_leaves_so_much_less_for_the_connection(monkeypatch):
    real = socket.getaddrinfo

    def resolve(host, port, *more, **others):
        if host == "slow.example":
            time.sleep(0.8 * SECONDS)
        return real("127.0.0.1", port, *more, **others)

    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = socket.create_connection(("127.0.0.1", port))
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        began = time.monotonic()

        with waiting, pytest.raises(Unreached):
            send(f"http://slow.example:{port}/")

    assert time.monotonic() - began < 1.4 * SECONDS


def test_nobody_is_there():
    with receiver() as there:
        url = there.url

    with pytest.raises(Unreached):
        send(url)


@pytest.fixture
def names(monkeypatch) -> list[str]:
    """Every name leads to this machine when it is asked for first, and into a network then."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, port, *more, **others):
        if not str(host).endswith(".example"):
            return real(host, port, *more, **others)
        asked.append(host)
        return [(0, 0, 0, "", ("10.0.0.1" if len(asked) > 1 else "127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize(
    ("trusted", "name", "said"),
    [
        (True, "hooks.example", "200"),
        (True, "other.example", "certificate is not valid for 'other.example'"),
        (False, "hooks.example", "self-signed certificate"),
    ],
)
def test_a_message_goes_only_to_whom_the_certificate_names(
    trusted, name, said, names, tmp_path, monkeypatch
):
    certificate = tls.certificate("hooks.example", tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with receiver(OK, certificate=certificate) as there:
        url = there.url.replace("http:", "https:").replace("127.0.0.1", name)
        try:
            found = str(send(url).status)
        except Unreached as problem:
            found = str(problem)

    assert (said in found, names) == (True, [name])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
        "2002:7f00:1::", "2001:0:4136:e378::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1",
    ],
)  # fmt: skip
def test_no_address_inside_a_network_is_reached(address, settings):
    settings.HOOKS_MAY_REACH = []

    assert may_reach(ip_address(address)) is False


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_reached(address, settings):
    settings.HOOKS_MAY_REACH = []

    assert may_reach(ip_address(address)) is True


def test_a_name_with_one_address_inside_is_refused_whatever_the_others_are(settings, monkeypatch):
    settings.HOOKS_MAY_REACH = []
    said = [(0, 0, 0, "", (where, 443)) for where in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: said)

    with pytest.raises(Refused, match="inside a network"):
        send("https://two-faced.example/")


def test_a_name_is_asked_for_once_and_what_was_said_then_is_reached(names):
    with receiver(OK) as there:
        answer = send(there.url.replace("127.0.0.1", "rebinding.example"))

    assert (answer.status, names) == (200, ["rebinding.example"])


@pytest.mark.parametrize(
    "url",
    [
        "", "nothing", "https://", "https:///path", "ftp://example.com/", "file:///etc/passwd",
        "https://user:word@example.com/", "https://example.com:99999/", "https://exa mple.com/",
        "https://example.com/\r\nHost: other", "https://exämple.com/", "http://example.com/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_before_anything_is_asked(url, settings):
    settings.HOOKS_MAY_REACH = []

    with pytest.raises(Refused, match="https://"):
        send(url)


def test_a_name_that_nobody_answers_for_holds_up_the_end_of_no_process(monkeypatch):
    answered, before = Event(), {*threading.enumerate()}
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: answered.wait(30) and [])

    with pytest.raises(TimeoutError):
        outgoing.resolved("nobody.example", 443, 0.05)
    left = [one.daemon for one in {*threading.enumerate()} - before]
    answered.set()

    assert left == [True]
