"""The door of streams: a small ASGI application beside the pages.

It asks who comes and what they may read in a thread, lets the database go, and from then on
holds nothing for them but an open connection.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from readiness.web.live.channels import END, Stream, told
from readiness.web.live.hub import Hub
from readiness.web.live.registry import Asked, Person, Seat, Topic, find, people_behind
from readiness.web.live.wire import Send
from readiness.web.metrics import REQUESTS
from readiness.web.middleware.headers import HEADERS

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]

PREFIX = "/live/"
SESSION = re.compile(r"[a-z0-9]{8,40}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,17}", re.ASCII)
OURS = ("", "same-origin", "none")
SIGNED_OUT, UNSEEN, UNABLE = 401, 404, 503
WORDS = {
    400: "This address is not ours.",
    403: "Only our own pages may read this.",
    405: "Only GET is answered here.",
    UNSEEN: "This is not here.",
    UNABLE: "No stream can be opened now. Try again later.",
}


class Door:
    """Lets readers in to the streams of this process."""

    def __init__(self) -> None:
        self.hub = Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._enter(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Hear notices from the first moment of this process to its last."""
        await receive()
        self.hub.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.hub.start()
        headers = {
            name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]
        }
        if status := refusal(scope["method"], headers):
            await refuse(send, status)
            return
        session = session_in(headers.get("cookie", ""))
        found, looks = find(scope["path"]), self.hub.looks
        try:
            person, seat = await self.hub.in_thread(_looked_up, session, found)
        except DatabaseError:
            await refuse(send, UNABLE)
            return
        if person is None:
            await start(send, SIGNED_OUT)
            await send({"type": "http.response.body", "body": told(END)})
        elif found is None or seat is None:
            await refuse(send, UNSEEN)
        elif self.hub.is_full_for(person):
            await refuse(send, UNABLE)
        else:
            await start(send, 200, page=f"live:{found[0].name}")
            stream = Stream(send, session, person, seat)
            one = self.hub.join(*found, stream, since_in(headers, scope["query_string"]))
            if self.hub.looks != looks:
                await self.hub.look_at(person.pk)  # their right may have gone meanwhile
            try:
                while (await receive())["type"] != "http.disconnect":
                    pass
            except asyncio.CancelledError:
                stream.write(b"", is_last=True)  # the server stops, and waits for nobody
            finally:
                self.hub.leave(one, stream)


def _looked_up(session: str, found: tuple[Topic, int] | None) -> tuple[Person | None, Seat | None]:
    """Who it is, and their right to read what is there, if it is."""
    person = people_behind([session]).get(session) if session else None
    if person is None or found is None:
        return person, None
    topic, pk = found
    [seat] = topic.authorise([Asked(person, pk)])
    return person, seat


def refusal(method: str, headers: dict[str, str]) -> int:
    """What pages refuse as well, and requests that another site's page makes."""
    if method != "GET":
        return 405
    host, _ = split_domain_port(headers.get("host", "").lower())
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        return 400
    if headers.get("sec-fetch-site", "") not in OURS or not is_ours(headers):
        return 403
    return 0


def is_ours(headers: dict[str, str]) -> bool:
    """Whether the page that asks is one of ours, if it says which."""
    origin = headers.get("origin", "")
    own = {headers.get("host", ""), urlsplit(settings.BASE_URL).netloc}
    return not origin or urlsplit(origin).netloc in own


def session_in(cookies: str) -> str:
    """The session that a browser sends along, if it looks like one."""
    found = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return found if SESSION.fullmatch(found) else ""


def since_in(headers: dict[str, str], query: bytes) -> int | None:
    """When what the page shows was current: its last frame, or else the page itself."""
    asked = parse_qs(query.decode("latin1"))
    said = headers.get("last-event-id") or asked.get("since", [""])[-1]
    return int(said) if NUMBER.fullmatch(said) else None


async def refuse(send: Send, status: int) -> None:
    await start(send, status, kind=b"text/plain; charset=utf-8")
    await send({"type": "http.response.body", "body": WORDS[status].encode()})


async def start(
    send: Send, status: int, *, page: str = "live", kind: bytes = b"text/event-stream"
) -> None:
    REQUESTS.labels(page, "GET", str(status)).inc()
    await send(
        {"type": "http.response.start", "status": status, "headers": [*_headers(kind, status)]}
    )


def _headers(kind: bytes, status: int) -> Iterable[tuple[bytes, bytes]]:
    """Those of every page; proxies are asked to pass on what comes as it comes."""
    for name, value in HEADERS.items():
        yield name.lower().encode(), value.encode()
    if settings.SECURE_HSTS_SECONDS:
        yield b"strict-transport-security", b"max-age=%d" % settings.SECURE_HSTS_SECONDS
    yield b"content-type", kind
    yield b"cache-control", b"no-store, no-transform"
    yield b"x-accel-buffering", b"no"
    yield b"x-request-id", f"r-{uuid4().hex[:12]}".encode()
    if status == 405:
        yield b"allow", b"GET"
    if status == UNABLE:
        yield b"retry-after", b"30"
