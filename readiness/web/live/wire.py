"""The connection of a reader, for what ASGI has no words for: all of it knows uvicorn."""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Wire:
    """What uvicorn writes an answer to; behind another server nothing can be done here."""

    def __init__(self, send: Send) -> None:
        answer: Any = getattr(send, "__self__", None)
        self.answer = answer if hasattr(answer, "transport") else None
        self.is_chunked = self.answer is not None and answer.scope["http_version"] == "1.1"

    def takes(self, said: bytes) -> bool:
        """Write a part of the answer's body, if it can leave now and somebody is there.

        Each part of a body is a chunk, whose bytes are the same for all who read them: the
        server would put them together anew for every reader, which takes as long as writing.
        """
        answer: Any = self.answer
        if not self.is_chunked or answer.flow.write_paused or answer.disconnected:
            return False
        answer.transport.write(chunk(said))
        return True

    def cut(self) -> None:
        """End the connection, also where its buffer is full."""
        if self.answer is not None:
            self.answer.transport.abort()


@lru_cache(maxsize=2)
def chunk(said: bytes) -> bytes:
    """Some bytes of a body, as HTTP/1.1 frames them."""
    return b"%x\r\n%b\r\n" % (len(said), said)
