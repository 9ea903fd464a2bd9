"""One stream that several read: drawn once for all of them, written to each."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from readiness.web.live.publishing import now
from readiness.web.live.registry import Frame, Known, Notice, Person, Seat, Topic
from readiness.web.live.wire import Send, Wire
from readiness.web.metrics import DROPPED

log = logging.getLogger(__name__)

Draw = Callable[["Channel", Sequence[Notice]], Awaitable[list[Frame]]]

MOST_WAITING, MOST_BYTES_WAITING = 32, 256 * 1024
KEPT, KEPT_BYTES = 64, 512 * 1024
BUSY_CHANGES, BUSY_SECONDS, PAUSE_SECONDS = 20, 1.0, 0.025
UNSURE = 500_000  # a notice may be published this many microseconds after its commit
REFRESH, POLL, END = b"event: refresh\n", b"event: poll\n", b"event: end\n"
CURRENT, BEAT = b"", b":\n\n"


class Batch(NamedTuple):
    """What one drawing changed: everything committed before `began` was seen by it."""

    began: int
    ended: int
    frames: tuple[tuple[Frame, bytes], ...]

    @property
    def size(self) -> int:
        return sum(len(encoded) for _, encoded in self.frames)

    def seen_by(self, seat: Seat) -> bytes:
        """The bytes for one reader; nothing where nothing is for them."""
        sees = seat.sees
        parts = [
            encoded
            for frame, encoded in self.frames
            if frame.audience is None or sees is None or sees(frame.audience)
        ]
        return b"".join([b"id: %d\n" % self.began, *parts]) if parts else b""


def encoded(frame: Frame) -> bytes:
    """A frame as it travels; every line of its data is one of the stream's."""
    data = frame.data.replace("\r", "").replace("\n", "\ndata: ")
    return f"event: {frame.event}\ndata: {data}\n\n".encode()


class Stream:
    """One reader. Written to at once; what they are too slow for waits, and not for long."""

    def __init__(self, send: Send, session: str, person: Person, seat: Seat) -> None:
        self.send = send
        self.wire = Wire(send)
        self.session = session
        self.person = person
        self.seat = seat
        self.is_over = False
        self.waiting: deque[bytes] = deque()
        self.catching_up: asyncio.Task[None] | None = None

    def write(self, said: bytes, *, is_last: bool = False) -> None:
        """Hand bytes to the server, which writes without waiting unless its buffer is full.

        A task and a queue for each reader would cost more than the writing: so the sending is
        carried out here as far as it goes, which is to its end, or to where it waits before it
        wrote anything. What is not the end goes past the server's own framing, where it can.
        """
        if self.is_over:
            return
        self.is_over = is_last
        if self.catching_up is None:
            if not is_last and self.wire.takes(said):
                return
            sending = self.send(body(said, is_last=is_last))
            try:
                sending.send(None)  # type: ignore[attr-defined]
            except StopIteration:
                return
            sending.close()  # type: ignore[attr-defined]
            self.catching_up = asyncio.create_task(self._catch_up())
        self.waiting.append(said)
        if len(self.waiting) > MOST_WAITING or sum(map(len, self.waiting)) > MOST_BYTES_WAITING:
            self.drop()

    async def _catch_up(self) -> None:
        while self.waiting:
            is_last = self.is_over and len(self.waiting) == 1
            await self.send(body(self.waiting[0], is_last=is_last))
            self.waiting.popleft()
        self.catching_up = None

    def drop(self) -> None:
        """Cut off who does not read. They come again, and get what they missed."""
        self.is_over = True
        self.waiting.clear()
        DROPPED.inc()
        if self.catching_up:
            self.catching_up.cancel()
        self.wire.cut()


def body(said: bytes, *, is_last: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": said, "more_body": not is_last}


class Channel:
    """What all readers of one stream with one locale share; there while somebody reads."""

    def __init__(self, topic: Topic, pk: int, locale: str, draw: Draw) -> None:
        self.topic = topic
        self.pk = pk
        self.locale = locale
        self.draw = draw
        self.readers: set[Stream] = set()
        self.known: Known = {}
        self.known_since = 0  # until it was drawn once, only to know what there is
        self.since, self.forgotten_until = now(), 0
        self.ring: deque[Batch] = deque()
        self.pending: list[Notice] = []
        self.drawing: asyncio.Task[None] | None = None
        self.draws_at = 0.0
        self.drawn_at: deque[float] = deque(maxlen=BUSY_CHANGES)

    def hear(self, notice: Notice) -> None:
        self.pending.append(notice)
        self.start()

    def start(self, *, anyway: bool = False) -> None:
        """Draw what is pending, unless that is going on; after it, what came meanwhile."""
        if self.drawing is None:
            self.drawing = asyncio.create_task(self._draw(anyway=anyway))
            self.drawing.add_done_callback(self._drawn)

    async def _draw(self, *, anyway: bool) -> None:
        while (self.pending or anyway) and self.readers:
            await self._pause()
            notices, self.pending, anyway = self.pending, [], False
            began = now()
            is_sure = self.known_since and all(
                one.at > self.known_since + UNSURE for one in notices
            )
            frames = await self.draw(self, notices)
            if is_sure:
                self.deliver(began, frames)
            elif notices:
                self.refresh()  # what they tell of may be known already, and was shown to nobody
            self.known_since = self.known_since or now()

    async def _pause(self) -> None:
        """Above 20 changes a second several are drawn at once."""
        clock = asyncio.get_running_loop().time()
        if len(self.drawn_at) == BUSY_CHANGES and clock - self.drawn_at[0] < BUSY_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS)
        self.drawn_at.append(clock)

    def _drawn(self, drawing: asyncio.Task[None]) -> None:
        """A drawing that failed is made good by the pages themselves."""
        self.drawing = None
        if not drawing.cancelled() and (error := drawing.exception()):
            log.error("%s %s was not drawn", self.topic.name, self.pk, exc_info=error)
            self.start_anew()
        if self.pending and self.readers:
            self.start()

    def deliver(self, began: int, frames: Sequence[Frame]) -> None:
        if not frames:
            return
        batch = Batch(began, now(), tuple((one, encoded(one)) for one in frames))
        self.ring.append(batch)
        while len(self.ring) > KEPT or sum(one.size for one in self.ring) > KEPT_BYTES:
            self.forgotten_until = self.ring.popleft().ended
        is_for_all = all(one.audience is None for one in frames)
        same = batch.seen_by(Seat(frozenset())) if is_for_all else b""
        for reader in list(self.readers):
            if said := same or batch.seen_by(reader.seat):
                reader.write(said)

    def missed_since(self, since: int, seat: Seat) -> list[bytes] | None:
        """What was written to others since then; None where that is no longer known."""
        if since < self.forgotten_until:
            return None
        missed = (one for one in self.ring if one.ended > since and one.began != since)
        return [said for said in (one.seen_by(seat) for one in missed) if said]

    def start_anew(self) -> None:
        """Nothing is known for sure any more."""
        self.known.clear()
        self.known_since = 0
        self.refresh()

    def refresh(self) -> None:
        """Let pages load themselves again."""
        self.forgotten_until = now()
        self.ring.clear()
        for reader in list(self.readers):
            reader.write(told(REFRESH))


def told(event: bytes) -> bytes:
    """One of the stream's own events, or none; what the page has counts as current from now."""
    return b"id: %d\n%b%b\n" % (now(), event, b"data:\n" if event else b"")
