"""The fan-out floor: a notice is heard, and one encoded frame is written to all sockets."""

import asyncio
import sys

import redis.asyncio

from readiness.settings import ENVIRONMENT

FRAME = b"event: html\ndata: data-status " + b"x" * 6_500 + b"\n\n"
CHUNK = b"%x\r\n%b\r\n" % (len(FRAME), FRAME)
CHANNEL = "readiness:floor"


class Page(asyncio.Protocol):
    """One open page."""

    everybody: set[asyncio.Transport] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.everybody.add(self.transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.everybody.discard(self.transport)


async def serve(port: int) -> None:
    client = redis.asyncio.Redis.from_url(ENVIRONMENT.redis_url)
    async with client.pubsub() as notices:
        await notices.subscribe(CHANNEL)
        await asyncio.get_running_loop().create_server(Page, "127.0.0.1", port, backlog=2048)
        async for notice in notices.listen():
            if notice["type"] == "message":
                for transport in Page.everybody:
                    transport.write(CHUNK)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
