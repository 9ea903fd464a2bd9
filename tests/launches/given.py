"""What tests of launches look at: what was recorded, what counts, what is stored."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Barrier
from time import sleep

import pytest
from django.db import connection

from readiness.accounts.models import User
from readiness.audit.chain import faults_of
from readiness.audit.models import ActKey, Event
from readiness.audit.queries import chains
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.columns import columns_of
from readiness.launches.queries.facts import facts_of
from readiness.launches.queries.pinned import pinned
from readiness.rules.states import State
from readiness.rules.verdict import judge
from readiness.web.refusal import Refused
from tests import make

COLUMNS = (
    "verdict", "outcome", "score", "shown", "earned", "total", "checked", "counted",
    "holds", "blocked", "sections", "next_change", "judged_at", "rule_version",
)  # fmt: skip


def told(launch: Launch, after: int = 0) -> list[tuple[str, User | None, datetime, dict]]:
    """What was recorded about a launch after that many events: kind, by, at, payload."""
    events = Event.objects.filter(subject=launch.subject_id).order_by("sequence")[after:]
    return [(event.kind, event.by, event.at, event.payload) for event in events]


def count_told(launch: Launch) -> int:
    return Event.objects.filter(subject=launch.subject_id).count()


def states(launch: Launch, now: datetime = make.NOW) -> dict[int, str]:
    """The state of each item by its place, from 1."""
    launch = Launch.objects.get(pk=launch.pk)
    facts = facts_of(launch, now)
    found = judge([fact.item for fact in facts], pinned(launch.version_id).scheme, now).states
    return {place: found[fact.key].value for place, fact in enumerate(facts, start=1)}


def placed(launch: Launch, state: State, now: datetime = make.NOW) -> list[int]:
    """The places of the items in one state."""
    return [place for place, found in states(launch, now).items() if found == state.value]


def stored(launch: Launch) -> dict[str, object]:
    """The verdict columns as they stand in the database."""
    row = Launch.objects.get(pk=launch.pk)
    return {name: getattr(row, name) for name in COLUMNS}


def recomputed(launch: Launch) -> dict[str, object]:
    """The verdict columns as they should stand, at the instant of the last judging."""
    launch = Launch.objects.get(pk=launch.pk)
    facts, version = facts_of(launch, launch.judged_at), pinned(launch.version_id)
    verdict = judge([fact.item for fact in facts], version.scheme, launch.judged_at)
    return columns_of(verdict, facts, version, launch.judged_at)


def version_of(item: LaunchItem) -> int:
    """The version of an item as it stands now."""
    return LaunchItem.objects.values_list("version", flat=True).get(pk=item.pk)


def said(item: LaunchItem, *, by: User, at: datetime = make.NOW, key: str = "") -> dict:
    """What every change of an item is sent with, from the page as it stands now."""
    return {"by": by, "version": version_of(item), "key": key or make.key(), "now": at}


def key_is_free(key: str) -> bool:
    return not ActKey.objects.filter(key=key).exists()


def faults(launch: Launch) -> list[str]:
    """What is wrong with the chain of a launch; nothing when it is whole."""
    [found] = [
        faults_of(chain.links, head=chain.head, sequence=chain.sequence, noted={})
        for chain in chains()
        if chain.subject == launch.subject_id
    ]
    return found


@contextmanager
def refused(reason: str) -> Iterator[pytest.ExceptionInfo]:
    """What happens inside is refused with this sentence, to the letter."""
    with pytest.raises(Refused) as problem:
        yield problem
    assert str(problem.value) == reason


def closing(act: Callable[[], object]) -> object:
    """What an act returned, done by somebody with a connection of their own."""
    try:
        return act()
    finally:
        connection.close()


def wait_until_somebody_waits_for_a_lock() -> None:
    """Return once a statement of this database stands behind a lock that another one holds."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("Nobody waits for a lock.")


def at_once(*acts: Callable[[], object]) -> Sequence[object]:
    """What each act returned or raised, done by as many people at the same time."""
    start = Barrier(len(acts))

    def do(act: Callable[[], object]) -> object:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as people:
        done = [people.submit(do, act) for act in acts]
        return [one.exception(timeout=60) or one.result() for one in done]
