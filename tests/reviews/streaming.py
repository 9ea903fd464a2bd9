"""The door of streams behind a real uvicorn, and readers who take what it sends apart."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn

from readiness.accounts.models import User
from readiness.web.live.channels import UNSURE
from readiness.web.live.door import Door
from readiness.web.live.hub import Hub
from readiness.web.live.publishing import now
from tests import stage

PATIENCE = 10.0


@dataclass
class Server:
    """A process's streams, in a thread."""

    port: int
    door: Door
    loop: asyncio.AbstractEventLoop

    @property
    def hub(self) -> Hub:
        return self.door.hub

    @property
    def readers(self) -> int:
        return len(self.hub.streams)

    def knows_all(self) -> bool:
        """Whether what changes from now on is told apart from what there was."""
        since = [one.known_since for one in self.hub.channels.values()]
        return bool(since) and all(one and now() > one + UNSURE for one in since)


@contextmanager
def server() -> Iterator[Server]:
    """Serve from now on; it hears notices before anybody comes."""
    door, found = Door(), []

    async def application(scope, receive, send) -> None:
        found.append(asyncio.get_running_loop())
        await door(scope, receive, send)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        config = uvicorn.Config(
            application, lifespan="on", log_level="warning", timeout_graceful_shutdown=1
        )
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: door.hub.hears_since)
            yield Server(listening.getsockname()[1], door, found[0])
        finally:
            running.should_exit = True
            thread.join()
            door.hub.threads.shutdown()


def until(happened, seconds: float = PATIENCE) -> None:
    """Wait for something that happens in another thread."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.005)


@dataclass(frozen=True)
class Event:
    """One event as a browser would be told of it."""

    name: str
    data: str
    id: str


@dataclass
class Reader:
    """A page that reads a stream; `status` and `headers` are what the door answered."""

    server: Server
    path: str
    session: str = ""
    since: int | None = None
    verb: str = "GET"
    more: dict[str, str] = field(default_factory=dict)
    last: str = ""
    raw: bytes = b""
    text: bytes = b""
    is_over: bool = False

    def __post_init__(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
        headers = {"Host": "localhost"}
        if self.session:
            headers["Cookie"] = f"readiness-session={self.session}"
        if self.since is not None:
            headers["Last-Event-ID"] = str(self.since)
        said = "".join(f"{name}: {value}\r\n" for name, value in (headers | self.more).items())
        self.socket.sendall(f"{self.verb} {self.path} HTTP/1.1\r\n{said}\r\n".encode())
        while b"\r\n\r\n" not in self.raw:
            assert self._receive(PATIENCE), "The door does not answer."
        head, _, self.raw = self.raw.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        self.status = int(status.split()[1])
        pairs = (line.split(": ", 1) for line in lines)
        self.headers = {name.lower(): value for name, value in pairs}

    def event(self, seconds: float = PATIENCE) -> Event | None:
        """The next event; None when none comes in time, or when the stream has ended."""
        deadline = time.monotonic() + seconds
        while True:
            if (block := self._block()) is not None:
                if event := self._read(block):
                    return event
            elif self.is_over or not self._receive(deadline - time.monotonic()):
                return None

    def current(self) -> "Reader":
        """The reader, once the stream said that what it has is current."""
        while not self.last:
            block = self._block()
            if block is None:
                assert self._receive(PATIENCE), "The stream says nothing."
            else:
                assert self._read(block) is None, f"There is something to say: {block}"
        return self

    def events(self, seconds: float) -> list[Event]:
        """All that come until it is quiet for so long."""
        found = []
        while event := self.event(seconds):
            found.append(event)
        return found

    def close(self) -> None:
        self.socket.close()

    def _block(self) -> str | None:
        """What stands before the next empty line."""
        while found := re.match(rb"([0-9a-f]+)\r\n", self.raw):
            start, size = found.end(), int(found[1], 16)
            if len(self.raw) < start + size + 2:
                break
            self.text += self.raw[start : start + size]
            self.raw = self.raw[start + size + 2 :]
            self.is_over = self.is_over or size == 0
        block, found_one, rest = self.text.partition(b"\n\n")
        if not found_one:
            return None
        self.text = rest
        return block.decode()

    def _read(self, block: str) -> Event | None:
        said: dict[str, list[str]] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            said.setdefault(name, []).append(value.removeprefix(" "))
        self.last = (said.get("id") or [self.last])[-1]
        if "event" not in said:
            return None
        return Event(said["event"][0], "\n".join(said.get("data", [])), self.last)

    def _receive(self, seconds: float) -> bool:
        self.socket.settimeout(max(seconds, 0.001))
        try:
            found = self.socket.recv(65_536)
        except TimeoutError:
            return False
        self.raw += found
        self.is_over = not found
        return bool(found)


def reader(server: Server, person: User, path: str, since: int | None = None) -> Reader:
    """A signed-in person's page."""
    return Reader(server, path, stage.session_of(person), since)
