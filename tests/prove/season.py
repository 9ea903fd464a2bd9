"""Owners with late work over many days, a clock that is set forward, and who watches both."""

import math
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from readiness.accounts.models import Role, User
from readiness.launches.models import LaunchItem
from tests import make
from tests.prove import given, moved
from tests.prove.killing import PAUSE, connect
from tests.prove.postman import Postman
from tests.prove.tree import Tree

HOUR, SMTP_SECONDS = 8, 1.0
DAY_SECONDS = 900
PACE = ("READINESS_REMIND_SECONDS", "READINESS_JUDGE_SECONDS")
STILL = 0.3  # nobody said anything for so long
STRIDE = timedelta(minutes=5)  # what waits for about the same time comes together
# While something waits, who asks reads only that: twenty times a second, beside who sends it.
PROGRESS = """
SELECT CASE WHEN number = 0 THEN (
           SELECT count(*) FROM notifications_delivery
           WHERE kind = 'digest' AND "window" = %(window)s AND recipient_id = ANY (%(owners)s)) END,
       number,
       least(at, (SELECT min(not_before) FROM notifications_call
                  WHERE state IN ('queued', 'sending')))
FROM (SELECT count(*) AS number, min(not_before) AS at FROM notifications_delivery
      WHERE state IN ('queued', 'sending')) waiting
"""
CALLS = "SELECT count(*) FROM notifications_call WHERE state = 'sent'"


class Season:
    """So many owners, each with an item that is late on every day to come.

    The clock of worker and beat is the real one, set forward to an hour of a day to come. It is
    set forward again whenever all that waits, waits for a later time: a lease to end, a next try.
    `events` have happened that a webhook is to hear of.
    """

    def __init__(self, tree: Tree, owners: int) -> None:
        self.tree = tree
        self.offset = tree.state / "offset"
        self.ahead, self.events = 0.0, 0
        self.line: psycopg.Connection | None = None  # kept: a new one each time is work, too
        self.first = datetime.now(UTC).date() + timedelta(days=1)
        self.owners = make_owners(owners)
        self.people = [person.pk for person in self.owners]

    def begin(self, **settings: object) -> None:
        """Start a worker anew, on the moved clock and with these settings; beat as well."""
        self.choose(**settings)
        self.start("worker")

    def choose(self, **settings: object) -> None:
        """End the worker, and have the next one start so. A beat that keeps its pace goes on."""
        was = [self.tree.env.get(name) for name in PACE]
        self.tree.env[moved.OFFSET] = str(self.offset)
        self.tree.env |= {f"READINESS_{name}": str(value) for name, value in settings.items()}
        self.stop("worker")
        if [self.tree.env.get(name) for name in PACE] != was:
            self.stop("beat")
            self.start("beat")

    def start(self, name: str) -> None:
        command, _ = self.tree.commands[name]
        command[command.index("-m") + 1] = "tests.prove.moved"
        self.tree.run_python(name, command)

    def stop(self, name: str) -> None:
        """Without a word: what it had in its hands comes back when its lease ends."""
        for child in self.tree.named(name):
            child.stop(patience=0)
            self.tree.children.remove(child)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def set_clock(self, at: datetime) -> None:
        """Seen whole: the file is replaced."""
        self.ahead = (at - datetime.now(UTC)).total_seconds()
        draft = Path(f"{self.offset}.new")
        draft.write_text(str(self.ahead))
        draft.rename(self.offset)

    def dawn(self, day: int) -> str:
        """Set the clock to when the digests of this day go; the day as deliveries name it."""
        window = self.window(day)
        self.set_clock(datetime.fromisoformat(f"{window}T{HOUR:02}:00:01+00:00"))
        return window

    def window(self, day: int) -> str:
        return (self.first + timedelta(days=day)).isoformat()

    def is_settled(self, window: str, postman: Postman) -> bool:
        """Whether every owner has the digest of this day and nothing waits; hurries what does."""
        values = {"window": window, "owners": self.people}
        row = self.asked(PROGRESS, values)
        told = self.asked(CALLS)
        if row is None or told is None:
            return False
        digests, unsent, at = row
        if at and at > self.now() and time.monotonic() - postman.heard_at > STILL:
            self.set_clock(at + STRIDE)
        return (digests, unsent) == (len(self.owners), 0) and told[0] >= self.events

    def has_come(self, share: int, window: str, postman: Postman) -> bool:
        """Whether so many of this day have come to an end, or all."""
        row = self.asked(
            "SELECT count(*) FROM notifications_delivery WHERE \"window\" = %(window)s"
            " AND state NOT IN ('queued', 'sending')", {"window": window},
        )  # fmt: skip
        return self.is_settled(window, postman) or (row is not None and row[0] >= share)

    def asked(self, question: str, values: dict[str, object] | None = None) -> tuple | None:
        """An answer of the database, or none while it is away."""
        try:
            self.line = self.line or connect(self.tree)
            return self.line.execute(question, values).fetchone()
        except psycopg.Error:
            self.line = None
            return None

    def wait_for(self, happened: Callable[[], bool], seconds: float = DAY_SECONDS) -> float:
        """How long it took; for ever where it did not happen."""
        began = time.monotonic()
        while time.monotonic() < began + seconds:
            self.tree.tend()
            if happened():
                return time.monotonic() - began
            time.sleep(5 * PAUSE)
        return math.inf


def make_owners(count: int) -> Sequence[User]:
    """People whose every day is a workday, each with one item that is late."""
    team, version = make.team(), make.checklist()
    lead = make.user(team=team, role=Role.LEAD)
    now = given.now()
    everyday = {"digest_hour": HOUR, "workdays": [1, 2, 3, 4, 5, 6, 7], "zone": "UTC"}
    owners = []
    while len(owners) < count:
        launch = make.launch(
            version=version, team=team, by=lead, at=now, launch_at=now + timedelta(days=90)
        )
        items = list(LaunchItem.objects.filter(launch=launch)[: count - len(owners)])
        for item in items:
            item.owner, item.due_on = make.user(team=team, **everyday), now.date()
            owners.append(item.owner)
        LaunchItem.objects.bulk_update(items, ["owner", "due_on"])
    return owners
