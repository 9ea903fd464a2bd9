"""Streams of people whose rights go, while somebody works on: each ends, and tells no more."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from readiness import clock
from readiness.accounts.models import Membership, Role, Session, User
from readiness.accounts.sessions import SessionStore
from readiness.audit import people
from readiness.launches.models import Launch
from readiness.launches.queries.handing_over import print_of, shares_of
from readiness.launches.services.handing_over import Plan, deactivate
from readiness.web.live.publishing import now
from tests import make, stage
from tests.prove.findings import Finding, scaled
from tests.reviews.streaming import Reader

AT_MOST = 10.0
BATCH = 20
MICROSECONDS = 1_000_000


def signs_out(person: User, lead: User) -> None:
    for session in person.sessions.all():
        SessionStore(session.pk).flush()


def is_let_go(person: User, lead: User) -> None:
    seen = print_of(shares_of(person))
    deactivate(person, Plan({}, None), seen=seen, by=lead, key=make.key(), now=clock.now())


def loses_the_role(person: User, lead: User) -> None:
    [team] = [held.team for held in person.memberships.select_related("team")]
    people.set_roles(person, [], team=team, by=lead, now=clock.now())


def ends_all_sessions(person: User, lead: User) -> None:
    people.end_sessions(person, current=None, which="all", by=person, now=clock.now())


def is_no_member(person: User, lead: User) -> None:
    """Nobody says so: it is seen when rights are looked up again."""
    Membership.objects.filter(person=person).delete()


def has_no_session(person: User, lead: User) -> None:
    Session.objects.filter(person=person).delete()


WAYS: tuple[Callable[[User, User], None], ...] = (
    signs_out, is_let_go, loses_the_role, ends_all_sessions, is_no_member, has_no_session,
)  # fmt: skip


@dataclass
class Leaving:
    """A reader whose right is gone since `at`; when their stream ended, and what came too late."""

    page: Reader
    at: float
    stamp: int
    ended: float = float("inf")
    late: int = 0

    def look(self) -> None:
        for event in self.page.events(0.001):
            is_late = int(event.id) > self.stamp + AT_MOST * MICROSECONDS
            self.late += is_late and event.name != "end"
        if self.page.is_over and self.ended == float("inf"):
            self.ended = time.monotonic() - self.at


def streams(port: int) -> Finding:
    """All ways to lose a right, in turn; one who keeps it reads on."""
    total, done, kept = scaled(120, least=len(WAYS)), [], True
    while len(done) < total:
        leaving, stays = batch(port, min(BATCH, total - len(done)))
        done += leaving
        kept = kept and stays
    longest = max(one.ended for one in done)
    late = sum(one.late for one in done)
    return Finding(
        "streams",
        f"{len(done)} rights taken away: longest {longest:.1f} s, {late} events after,"
        f" who kept theirs {'read on' if kept else 'was cut off too'}",
        f"closed <= {AT_MOST:.0f} s, 0 events after",
        longest <= AT_MOST and not late and kept,
    )


def batch(port: int, size: int) -> tuple[list[Leaving], bool]:
    team = make.team()
    lead = make.user(team=team, role=Role.LEAD)
    launch = make.launch(team=team, by=lead, at=clock.now())
    path, server = f"/live/launches/{launch.pk}/", SimpleNamespace(port=port)
    crowd = [make.user(team=team) for _ in range(size)]
    readers = [Reader(server, path, stage.session_of(one)) for one in crowd]
    stays = Reader(server, path, stage.session_of(lead))
    over = threading.Event()
    working = threading.Thread(target=work_on, args=[launch, lead, over])
    working.start()
    leaving = []
    for number, (person, page) in enumerate(zip(crowd, readers, strict=True)):
        WAYS[number % len(WAYS)](person, lead)
        leaving.append(Leaving(page, time.monotonic(), now()))
    deadline = time.monotonic() + AT_MOST + 2
    while any(one.ended == float("inf") for one in leaving) and time.monotonic() < deadline:
        for one in leaving:
            one.look()
        time.sleep(0.05)
    over.set()
    working.join()
    told = {event.name for event in stays.events(0.5)}
    stays.close()
    return leaving, bool(told) and "end" not in told and not stays.is_over


def work_on(launch: Launch, lead: User, over: threading.Event) -> None:
    """Something happens to the launch all the time."""
    for item in launch.items.all():
        if over.wait(0.3):
            return
        make.sign(item, by=lead, at=clock.now())
