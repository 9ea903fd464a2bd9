"""Short bodies are read before a thread is taken.

A thread that reads one asks the loop for each piece and sleeps until it is woken; for a form
that takes as long as two statements, and a slow sender would keep the thread.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from io import BytesIO
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

SHORT = 65_536
BODY = "readiness.body"


def with_short_bodies(application: Asgi) -> Asgi:
    """Hand requests on with their body at hand, where they say that it is short."""

    async def read(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and 0 < _length(scope) <= SHORT:
            scope[BODY] = await _body(receive)
        await application(scope, receive, send)

    return read


def at_hand(environ: dict[str, Any]) -> BytesIO | None:
    """The body of a WSGI request that came this way, if it was short."""
    body = environ.get("asgi.scope", {}).get(BODY)
    return None if body is None else BytesIO(body)


def _length(scope: Message) -> int:
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() else 0


async def _body(receive: Receive) -> bytes:
    """What came of it: who hangs up has sent less."""
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
