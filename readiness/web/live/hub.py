"""The streams of one process: one subscription for all, and rights that are looked up again.

Everything here runs in the server's loop; what asks the database runs in a thread, which lets
its connection go before anything is written.
"""

import asyncio
import json
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import redis.asyncio
from django.conf import settings
from django.db import DatabaseError, connections
from redis.asyncio.client import PubSub

from readiness.web import locales
from readiness.web.live.channels import (
    BEAT,
    CURRENT,
    END,
    POLL,
    REFRESH,
    Channel,
    Stream,
    told,
)
from readiness.web.live.publishing import EVERYTHING, PAUSE_SECONDS, RIGHTS, channel, now
from readiness.web.live.registry import (
    Asked,
    Frame,
    Notice,
    Person,
    Seat,
    Topic,
    people_behind,
)
from readiness.web.metrics import STREAMS

log = logging.getLogger(__name__)
Given = ParamSpec("Given")
Found = TypeVar("Found")

REMEMBERED_SECONDS, REMEMBERED = 60, 10_000
LISTEN_SECONDS, SILENCE_SECONDS, AGAIN_SECONDS = 5.0, 15.0, 1.0
MICROSECONDS = 1_000_000
Place = tuple[str, int, str]
Chore = Callable[[], Coroutine[Any, Any, None]]


class Hub:
    """All streams that this process serves."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(2, thread_name_prefix="live")
        self.channels: dict[Place, Channel] = {}
        self.by_key: dict[str, set[Channel]] = {}
        self.of_person: Counter[int] = Counter()  # how many streams each reads
        self.notices: deque[Notice] = deque(maxlen=REMEMBERED)
        self.hears_since = 0  # 0 while Valkey is gone
        self.was_deaf = False
        self.tasks: set[asyncio.Task[None]] = set()
        self.looking = asyncio.Lock()
        self.looks = 0  # how often there was reason to look rights up again

    def start(self) -> None:
        if not self.tasks:
            for chore in (self._listen, self._beat, self._look_after_rights, self._draw_anyway):
                self._begin(chore)

    def _begin(self, chore: Chore) -> None:
        """A chore goes on for ever: one that failed is begun again."""
        task = asyncio.create_task(chore())
        self.tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self.tasks.discard(task)
            if not task.cancelled():
                log.error("%s failed", chore.__name__, exc_info=task.exception())
                asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._begin, chore)

        task.add_done_callback(ended)

    async def stop(self) -> None:
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def in_thread(
        self, asked: Callable[Given, Found], *given: Given.args, **more: Given.kwargs
    ) -> Found:
        """Ask the database, and let its connection go."""

        def ask() -> Found:
            try:
                return asked(*given, **more)
            finally:
                connections.close_all()

        return await asyncio.get_running_loop().run_in_executor(self.threads, ask)

    @property
    def streams(self) -> list[tuple[Channel, Stream]]:
        return [(one, reader) for one in self.channels.values() for reader in one.readers]

    def is_full_for(self, person: Person) -> bool:
        """Whether this process, or the person in it, reads as many streams as may be."""
        too_many = self.of_person.total() >= settings.STREAMS_PER_PROCESS
        return too_many or self.of_person[person.pk] >= settings.STREAMS_PER_PERSON

    # Readers

    def join(self, topic: Topic, pk: int, stream: Stream, since: int | None) -> Channel:
        """Let somebody read; `since` is when what they have was current."""
        place = (topic.name, pk, stream.person.locale)
        one = self.channels.get(place)
        if one is None:
            one = self.channels[place] = Channel(topic, pk, stream.person.locale, self.draw)
            for key in stream.seat.hears:
                self.by_key.setdefault(key, set()).add(one)
        one.readers.add(stream)
        self.of_person[stream.person.pk] += 1
        STREAMS.labels(topic.name).inc()
        missed = self._missed(one, stream.seat, since)
        for said in [told(REFRESH)] if missed is None else missed or [told(CURRENT)]:
            stream.write(said)
        if not self.hears_since:
            stream.write(told(POLL))
        if not one.known_since:
            one.start(anyway=True)
        return one

    def leave(self, one: Channel, stream: Stream) -> None:
        stream.is_over = True
        one.readers.discard(stream)
        self.of_person -= Counter([stream.person.pk])
        STREAMS.labels(one.topic.name).dec()
        if one.readers:
            return
        self.channels.pop((one.topic.name, one.pk, one.locale), None)
        for key in stream.seat.hears:
            self.by_key[key].discard(one)
            if not self.by_key[key]:
                del self.by_key[key]

    def _missed(self, one: Channel, seat: Seat, since: int | None) -> list[bytes] | None:
        """What happened since then; None where the page has to load itself again."""
        oldest = now() - REMEMBERED_SECONDS * MICROSECONDS
        if since is None or not self.hears_since or since < max(oldest, self.hears_since):
            return None
        if len(self.notices) == REMEMBERED and since < self.notices[0].at:
            return None
        before = (notice for notice in self.notices if since < notice.at and _heard(notice, seat))
        if any(notice.at < one.since for notice in before):
            return None
        return one.missed_since(since, seat)

    async def draw(self, one: Channel, notices: Sequence[Notice]) -> list[Frame]:
        return await self.in_thread(_drawn, one, notices)

    # Notices

    async def _listen(self) -> None:
        """Hear what is published. While Valkey is gone pages ask by themselves."""
        while True:
            try:
                await self._hear_all()
            except (redis.RedisError, OSError) as error:
                log.warning("Notices are not heard: %s", error)
            if self.hears_since:
                self.hears_since, self.was_deaf = 0, True
                self._tell_all(POLL)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _hear_all(self) -> None:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2)
        async with client, client.pubsub() as subscription:
            await subscription.subscribe(channel())
            heard_at = asyncio.get_running_loop().time()
            while True:
                said = await subscription.get_message(timeout=LISTEN_SECONDS)
                at = asyncio.get_running_loop().time()
                if said:
                    heard_at = at
                    await self._hear(said)
                else:
                    await _ask_for_a_sign(subscription, silent_for=at - heard_at)

    async def _hear(self, said: dict[str, object]) -> None:
        if said["type"] == "subscribe":
            if self.was_deaf:
                await asyncio.sleep(PAUSE_SECONDS)  # until then others may not publish again
            self.hears_since = now()
            self.notices.clear()
            for one in self.channels.values():
                one.start_anew()
        elif said["type"] == "message":
            notice = _read(said["data"])  # type: ignore[arg-type]
            if notice.key == EVERYTHING:
                for one in self.channels.values():
                    one.start_anew()
            elif notice.key == RIGHTS:
                await self.look_again(notice.said.get("person", 0))
            else:
                self._pass_on(notice)

    def _pass_on(self, notice: Notice) -> None:
        oldest = now() - REMEMBERED_SECONDS * MICROSECONDS
        while self.notices and self.notices[0].at < oldest:
            self.notices.popleft()
        self.notices.append(notice)
        for key in (notice.key, _noun(notice.key)):
            for one in self.by_key.get(key, ()):
                one.hear(notice)

    def _tell_all(self, event: bytes) -> None:
        said = told(event)
        for _, reader in self.streams:
            reader.write(said)

    # Chores

    async def _beat(self) -> None:
        """A sign of life, so that a page can tell silence from a lost connection."""
        while True:
            await asyncio.sleep(settings.HEARTBEAT_SECONDS)
            for _, reader in self.streams:
                reader.write(BEAT)

    async def _draw_anyway(self) -> None:
        """What changes with time alone."""
        while True:
            await asyncio.sleep(1)
            clock = asyncio.get_running_loop().time()
            for one in self.channels.values():
                if one.topic.every and clock - one.draws_at >= one.topic.every:
                    is_first, one.draws_at = not one.draws_at, clock
                    if not is_first:
                        one.start(anyway=True)

    async def _look_after_rights(self) -> None:
        while True:
            await asyncio.sleep(settings.RIGHTS_SECONDS)
            await self.look_again()

    async def look_again(self, person: int = 0) -> None:
        """Look up whether the readers, or those of one person, may read still; else it ends.

        No other notice is heard meanwhile: what happens after a right was taken away does not
        reach who had it.
        """
        self.looks += 1
        await self.look_at(person)

    async def look_at(self, person: int) -> None:
        """The same for who just came, which is no reason for others who come to be looked at."""
        async with self.looking:
            found = [
                (one, reader)
                for one, reader in self.streams
                if not person or reader.person.pk == person
            ]
            if not found:
                return
            try:
                seats = await self.in_thread(seats_of, [_asked_again(*both) for both in found])
            except DatabaseError as error:
                log.warning("Rights could not be looked up, so streams end: %s", error)
                for _, reader in found:
                    reader.write(b"", is_last=True)
                return
            for (_, reader), seat in zip(found, seats, strict=True):
                if seat is None:
                    reader.write(told(END), is_last=True)
                else:
                    reader.seat = seat


def _asked_again(one: Channel, reader: Stream) -> tuple[Topic, int, str]:
    return one.topic, one.pk, reader.session


def seats_of(asked: Iterable[tuple[Topic, int, str]]) -> list[Seat | None]:
    """Whether these sessions may read these streams now: a statement for all sessions, and one
    for each kind of stream."""
    asked = list(asked)
    people = people_behind({session for *_, session in asked})
    topics = {topic.name: topic for topic, *_ in asked}
    found: dict[tuple[str, Asked], Seat | None] = {}
    for name, topic in topics.items():
        wanted = {
            Asked(people[session], pk)
            for one, pk, session in asked
            if one.name == name and session in people
        }
        listed = sorted(wanted)
        for question, seat in zip(listed, topic.authorise(listed), strict=True):
            found[name, question] = seat
    return [
        found[topic.name, Asked(people[session], pk)] if session in people else None
        for topic, pk, session in asked
    ]


def _drawn(one: Channel, notices: Sequence[Notice]) -> list[Frame]:
    with locales.written_for(one.locale):
        return list(one.topic.render(one.pk, notices, one.known))


def _read(said: bytes) -> Notice:
    told = json.loads(said)
    return Notice(told.pop("k"), told.pop("t"), told)


def _noun(key: str) -> str:
    return key.partition("/")[0]


def _heard(notice: Notice, seat: Seat) -> bool:
    return notice.key in seat.hears or _noun(notice.key) in seat.hears


async def _ask_for_a_sign(subscription: PubSub, *, silent_for: float) -> None:
    """Tell a quiet Valkey from one that is gone without a word."""
    if silent_for > SILENCE_SECONDS:
        raise redis.ConnectionError("No sign of life from Valkey.")
    await subscription.ping()
