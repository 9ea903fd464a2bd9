"""One change told to many open pages: how long until each has it, and what that costs.

Pages of the product and of the floor are the same readers in this process, and take turns.
Times run from the commit, or for the floor from where its notice is sent.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import redis

from readiness.settings import ENVIRONMENT
from tests.bench import readers, stage
from tests.bench.changing import Changing
from tests.bench.client import Client, Shot, cpu_of
from tests.bench.fan_out_floor import CHANNEL

ENDS = b"\n\n\r\n"
MARKS = (b"data-status", b"event: refresh")  # a row, or word that there is one: to who just came
PATIENCE, WARM_UP, PER_PERSON = 20.0, 5, 20
ROUNDS = {10: 300, 200: 120, 1_000: 40}
KILOBYTE = 1_024
Change = Callable[[], Awaitable[float]]


class Page(asyncio.Protocol):
    """An open page: knows when the last frame was there as a whole."""

    def __init__(self, hello: bytes) -> None:
        self.hello = hello
        self.text = b""
        self.at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(self.hello)

    def data_received(self, data: bytes) -> None:
        self.text += data
        if self.text.endswith(ENDS):
            if any(mark in self.text for mark in MARKS):
                self.at = time.perf_counter()
            self.text = b""


@dataclass
class Crowd:
    """Open pages of one server, how long frames took to them, and how many never came."""

    pid: int
    change: Change
    pages: list[Page] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    missing: int = 0

    async def come(self, port: int, hellos: list[bytes]) -> None:
        loop = asyncio.get_running_loop()
        for hello in hellos:
            page = Page(hello)
            await loop.create_connection(lambda page=page: page, "127.0.0.1", port)
            self.pages.append(page)

    async def told(self) -> None:
        """Make a change, and wait until everybody has it."""
        for page in self.pages:
            page.at = 0.0
        before, began = cpu_of([self.pid]), await self.change()
        deadline = time.perf_counter() + PATIENCE
        while any(not page.at for page in self.pages) and time.perf_counter() < deadline:
            await asyncio.sleep(0.02)
        self.cpu.append(cpu_of([self.pid]) - before)
        self.times += [page.at - began for page in self.pages if page.at]
        self.missing += sum(not page.at for page in self.pages)

    def forget(self) -> None:
        self.times, self.cpu, self.missing = [], [], 0

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.times, n=100)[98]

    def leave(self) -> None:
        for page in self.pages:
            page.transport.abort()


@dataclass
class Outcome:
    """What a crowd of this size came to."""

    size: int
    ratio: float
    missing: int
    cpu_ms: float
    kilobytes: float


class FanOut:
    """The crowds, on one product server and one floor."""

    sizes = tuple(ROUNDS)

    def __init__(self, product: stage.Server, floor: stage.Server) -> None:
        self.product = product
        self.floor = floor
        self.changing = Changing()
        self.sessions = readers.sessions_of_readers(max(ROUNDS) // PER_PERSON)
        self.writer = ThreadPoolExecutor(1)
        self.valkey = redis.Redis.from_url(ENVIRONMENT.redis_url)

    def hellos(self, size: int) -> list[bytes]:
        asked = f"GET /live/launches/{self.changing.launch}/ HTTP/1.1\r\nHost: localhost\r\n"
        return [
            f"{asked}Cookie: readiness-session={self.sessions[n // PER_PERSON]}\r\n\r\n".encode()
            for n in range(size)
        ]

    def crowd(self) -> Crowd:
        return Crowd(self.product.pid, self.change)

    async def change(self) -> float:
        return await asyncio.get_running_loop().run_in_executor(self.writer, self.changing.change)

    async def tell(self) -> float:
        began = time.perf_counter()
        await asyncio.get_running_loop().run_in_executor(
            self.writer, self.valkey.publish, CHANNEL, "1"
        )
        return began

    async def measure(self, size: int) -> Outcome:
        """Both crowds in turn: the machine's drift hits both alike."""
        ours, bare = self.crowd(), Crowd(self.floor.pid, self.tell)
        before = stage.memory_of([self.product.pid])
        await ours.come(self.product.port, self.hellos(size))
        await asyncio.sleep(1.5)  # what there is, is known by now
        memory = stage.memory_of([self.product.pid]) - before
        await bare.come(self.floor.port, [b""] * size)
        for number in range(ROUNDS[size] + WARM_UP):
            if number == WARM_UP:
                ours.forget()
                bare.forget()
            await ours.told()
            await bare.told()
        ours.leave()
        bare.leave()
        print(
            f"fan_out_{size}: p50 {statistics.median(ours.times) * 1000:.1f} ms p99"
            f" {ours.p99 * 1000:.1f} ms, floor p50 {statistics.median(bare.times) * 1000:.1f} ms"
            f" p99 {bare.p99 * 1000:.1f} ms; {1000 * statistics.mean(ours.cpu):.1f} CPU ms a tick,"
            f" floor {1000 * statistics.mean(bare.cpu):.1f}; {memory / size / KILOBYTE:.1f} KB a"
            f" stream; {ours.missing} missing",
            flush=True,
        )
        cpu_ms = 1000 * statistics.mean(ours.cpu)
        ratio = ours.p99 / bare.p99
        return Outcome(size, ratio, ours.missing, cpu_ms, memory / size / KILOBYTE)

    async def beside(self, shots: list[Shot], size: int) -> float:
        """The p95 of other requests with so many streams open, as a multiple of that with none."""
        client = Client(self.product.port)
        crowd = self.crowd()
        alone: list[float] = []
        crowded: list[float] = []
        for _ in range(2):
            alone += [await asyncio.to_thread(client.time, shot) for shot in shots]
            await crowd.come(self.product.port, self.hellos(size))
            await asyncio.sleep(1.5)
            crowded += [await asyncio.to_thread(client.time, shot) for shot in shots]
            crowd.leave()
            crowd.pages.clear()
            await asyncio.sleep(0.5)
        return statistics.quantiles(crowded, n=20)[18] / statistics.quantiles(alone, n=20)[18]
