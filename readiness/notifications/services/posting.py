"""One message by HTTP, and what came of it: taken, for later, for ever not, or nobody knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from readiness.notifications.models import State, Way
from readiness.notifications.queries.told import Told
from readiness.notifications.ways import KNOWS_REPEATS, WRITERS
from readiness.web import outgoing

WAITS = [timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 18_000, 36_000)]
LONGEST_WAIT = timedelta(hours=12)
LATER = {408, 425, 429}  # with 5xx: not now
GONE = 410
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: what stands there, its address, and what calls are signed with."""

    way: Way
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the end it came to, or none where it is worth another try."""

    state: State | None
    because: str = ""
    status: int | None = None
    retry_after: str = ""

    @property
    def is_gone(self) -> bool:
        """The other side says that nothing is there any more, and never will be."""
        return self.status == GONE

    def wait(self, attempts: int) -> timedelta:
        """How long until the next try: longer each time, or as long as the other side asks."""
        wait = WAITS[min(attempts, len(WAITS)) - 1]
        if self.retry_after.isascii() and self.retry_after.isdigit():
            wait = max(wait, min(timedelta(seconds=int(self.retry_after[:6])), LONGEST_WAIT))
        return wait


def posted(told: Told, place: Place, name: str, now: datetime, *, seconds: float) -> Outcome:
    """Post it, under a name that stays through all tries. No transaction is open meanwhile."""
    body, headers = WRITERS[place.way](told, place.secret, name, now)
    try:
        answer = outgoing.post(place.url, body, headers, seconds=seconds)
    except outgoing.Refused as fault:
        return Outcome(State.FAILED, _cut(str(fault)))
    except outgoing.Unreached as silence:
        is_unknown = silence.was_sent and not may_repeat(place.way)
        return Outcome(State.UNKNOWN if is_unknown else None, _cut(str(silence)))
    return _answered(answer)


def may_repeat(way: Way) -> bool:
    """Whether to post again what may have arrived: who tells repeats by their name is fine."""
    return way in KNOWS_REPEATS or settings.RESENDS_AFTER_SILENCE


def _answered(answer: outgoing.Answer) -> Outcome:
    """2xx is taken, 5xx and a few more are for later, all else is for ever."""
    if 200 <= answer.status < 300:
        return Outcome(State.SENT, status=answer.status)
    is_later = answer.status in LATER or answer.status >= 500
    return Outcome(
        None if is_later else State.FAILED,
        _cut(f"{answer.status} {answer.words}".strip()),
        answer.status,
        answer.retry_after,
    )


def _cut(words: str) -> str:
    return words[:LONGEST_REASON]
