"""Pages are answered in threads; what is short, or all there, crosses over to the loop at once.

A thread that hands over each part of an answer sleeps until the loop has taken it: three times
for a page, which is as much work as three statements.
"""

from typing import Any

from a2wsgi.wsgi import WSGIMiddleware, WSGIResponder

from readiness.web.bodies import SHORT


class Threads(WSGIMiddleware):
    """A WSGI application behind ASGI, in so many threads."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            answering = Answering(self.app, self.executor, self.send_queue_size)
            await answering(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class Answering(WSGIResponder):
    """One answer: kept until the thread is done, or until it is long and more is to come."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.kept: list[Any] = []
        self.weight = 0
        self.length = -1

    def send(self, message: Any) -> None:
        """Called in the thread; what says how long it is begins the answer."""
        self.kept.append(message)
        if "headers" in message:
            self.length = int(dict(message["headers"]).get(b"content-length", -1))
        self.weight += len(message.get("body", b""))
        if self.weight > SHORT and self.weight != self.length:
            waiting, self.kept = self.kept, []
            for one in waiting:
                super().send(one)

    async def sender(self, send: Any) -> None:
        """Called in the loop, and done once the thread is."""
        await super().sender(send)
        for message in self.kept:
            await send(message)
