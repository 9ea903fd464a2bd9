"""The broker wiped, beat down for a day, two beats, and a clock that jumps: each owner once."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import redis
from django.db import connections

from readiness.notifications.models import Delivery, State
from tests.prove.findings import Finding, scaled, tally
from tests.prove.postman import Postman
from tests.prove.season import SMTP_SECONDS, Season

REMIND_SECONDS = 60
RETURN_SECONDS = 120
ASKING = 1  # seconds in which nothing comes of what nobody asks for


def broker_and_clock(season: Season, first: int) -> Finding:
    """Each time the mail server is well: from the return on, all must go out in time."""
    postman = Postman(every=0, seconds=SMTP_SECONDS)
    season.choose(
        SMTP_PORT=postman.port, AFTER_SILENCE="hold",
        REMIND_SECONDS=scaled(REMIND_SECONDS, least=1),
    )  # fmt: skip
    took = {}
    for day, (name, comes_back) in enumerate(outages(season), start=first):
        window = comes_back(day)
        took[name] = season.wait_for(
            lambda window=window: season.is_settled(window, postman), RETURN_SECONDS
        )
    windows = [season.window(day) for day in range(first, first + len(took))]
    connections.close_all()
    wrong = books(season, postman, windows)
    postman.close()
    return Finding(
        "broker_and_clock",
        f"{len(season.owners)} owners, after "
        + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items())
        + f": {tally(**wrong)}",
        f"each due owner once, at most {RETURN_SECONDS} s after the return",
        max(took.values()) <= RETURN_SECONDS and not any(wrong.values()),
    )  # fmt: skip


def outages(season: Season) -> Iterator[tuple[str, Callable[[int], str]]]:
    """What goes wrong each day: a function brings it about, and ends it."""
    tree = season.tree

    def wiped(day: int) -> str:
        window = season.dawn(day)  # there is no worker yet
        time.sleep(ASKING)
        with redis.Redis.from_url(tree.env["READINESS_REDIS_URL"]) as valkey:
            valkey.flushall()
        season.start("worker")
        return window

    def without_beat(day: int) -> str:
        season.stop("beat")
        window = season.dawn(day)
        time.sleep(ASKING)
        season.start("beat")
        return window

    def two_beats(day: int) -> str:
        command = [*tree.commands["beat"][0]]
        command[-1] += "-2"
        tree.run_python("beat-2", command)
        return season.dawn(day)

    def a_jump(day: int) -> str:
        season.stop("beat-2")
        ahead = season.now() + timedelta(hours=25)
        season.set_clock(ahead)
        time.sleep(ASKING)
        season.set_clock(ahead - timedelta(hours=25))
        time.sleep(ASKING)
        season.set_clock(ahead)
        return season.window(day)

    yield "the broker wiped", wiped
    yield "a day without beat", without_beat
    yield "two beats", two_beats
    yield "a jump of 25 hours, back, and again", a_jump


def books(season: Season, postman: Postman, windows: list[str]) -> dict[str, int]:
    """One mail for each owner and day, and each of them arrived once."""
    rows = Delivery.objects.filter(
        kind="digest", window__in=windows, recipient__in=season.people, state=State.SENT.value
    )
    names = set(rows.values_list("message_id", flat=True))
    arrived = Counter(one.message_id for one in postman.taken)
    return {
        "lost": len(season.owners) * len(windows) - len(names & arrived.keys()),
        "doubled": sum(count > 1 for count in arrived.values()),
    }
