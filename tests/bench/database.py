"""What the bench asks of the database: people, items to tick, and the set-based jobs."""

import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import django
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")
django.setup()

from django.db import connections, transaction  # noqa: E402
from django.db.models import Count, F  # noqa: E402

from readiness import clock  # noqa: E402
from readiness.accounts.models import Membership, Role, User  # noqa: E402
from readiness.launches.models import Launch, LaunchItem  # noqa: E402
from readiness.launches.models.launches import QUIET  # noqa: E402
from readiness.launches.queries import twin  # noqa: E402
from readiness.notifications.models import Channel, Delivery, Kind  # noqa: E402
from readiness.notifications.queries.due import due_owners  # noqa: E402
from readiness.notifications.services.letters import letter_of  # noqa: E402
from readiness.notifications.services.queueing import queue_digests  # noqa: E402
from tests.bench import floors  # noqa: E402
from tests.stage import session_of  # noqa: E402


def session_of_bench_user() -> str:
    """Somebody who is a member of every team, signed in; the key of their session."""
    user, _ = User.objects.get_or_create(email="bench@scale.example", name="Bench")
    Membership.objects.get_or_create(person=user, team=None, role=Role.MEMBER.value)
    return session_of(user)


def open_items(count: int, **more: object) -> list[tuple[int, int]]:
    """Items that nobody signed off, each with its version; of many launches, from all over each.

    The first of the list is a must-have: with it alone every check would end a hold.
    """
    items = LaunchItem.objects.filter(applies="yes", signoffs=None, **more)
    shuffled = items.order_by(F("pk") * 7919 % 100_003, "pk")  # the same way in each run
    return list(shuffled.values_list("pk", "version")[:count])


def launch_ids(count: int) -> list[int]:
    return list(Launch.objects.order_by("-pk").values_list("pk", flat=True)[:count])


def lay_floor() -> None:
    """The flat tables on which the floors do the same work, and all as autovacuum leaves it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(floors.TABLES)
        cursor.execute("VACUUM (ANALYZE)")


@contextmanager
def copied() -> Iterator[dict[str, str]]:
    """A copy of the database as it is now; the variable by which a server finds it."""
    app, owner = (os.environ[f"READINESS_{name}DATABASE_URL"] for name in ("", "OWNER_"))
    name = conninfo_to_dict(owner)["dbname"]
    copy = sql.Identifier(f"{name}_as_it_was")
    connections.close_all()
    with psycopg.connect(make_conninfo(owner, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(copy))
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, sql.Identifier(str(name)))
        )
        try:
            yield {"READINESS_DATABASE_URL": make_conninfo(app, dbname=f"{name}_as_it_was")}
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))


def judge_ratio() -> float:
    """`judge --check` over every launch, as a multiple of the bulk floor."""
    return _ratio(lambda: list(twin.differences(now=clock.now())), floors.JUDGE_ALL)


def due_owners_ratio() -> float:
    """Finding who is due, as a multiple of the same over the flat table."""
    evening = clock.now().replace(hour=22)
    return _ratio(lambda: list(due_owners(evening)), floors.DUE_OWNERS)


def queue_digests_ratio() -> float:
    """Finding and queueing every digest there is, as a multiple of the floor of finding alone.

    What was queued is taken back, so that each round finds the same.
    """
    evening = clock.now().replace(hour=22)

    def queue() -> None:
        with transaction.atomic():
            queue_digests(now=evening)
            transaction.set_rollback(True)

    return _ratio(queue, floors.DUE_OWNERS)


def queueing_memory() -> float:
    """By how many bytes this process grows while it queues every digest."""
    queue_digests_ratio()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    queue_digests_ratio()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024


def digest_of_ten() -> Callable[[], object]:
    """What writes out the digest of somebody with ten items that are late, in three launches."""
    now = clock.now()
    person, _ = User.objects.get_or_create(email="digest@scale.example", name="Digest")
    Membership.objects.get_or_create(person=person, team=None, role=Role.MEMBER.value)
    items = LaunchItem.objects.filter(applies="yes", signoffs=None)
    items = items.exclude(launch__stage__in=QUIET).order_by()
    busy = items.values_list("launch").annotate(open=Count("pk")).filter(open__gte=4)[:3]
    some = [pk for one, _ in busy for (pk,) in items.filter(launch=one).values_list("pk")[:4]]
    LaunchItem.objects.filter(pk__in=some[:10]).update(
        owner=person, owned_since=now - timedelta(days=30), due_on=now.date() - timedelta(days=1)
    )
    digest = Delivery(
        recipient=person, kind=Kind.DIGEST.value, channel=Channel.MAIL.value,
        window=now.date().isoformat(), due_at=now,
    )  # fmt: skip
    letter = letter_of(digest, now)
    assert "10 late" in getattr(letter, "subject", ""), letter
    return lambda: letter_of(digest, now)


def _ratio(job: Callable[[], object], floor: str, rounds: int = 5) -> float:
    """The median of both, taken in turn."""
    ours, theirs = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        with connections["owner"].cursor() as cursor:
            cursor.execute(floor)
        theirs.append(time.perf_counter() - start)
        start = time.perf_counter()
        job()
        ours.append(time.perf_counter() - start)
    return statistics.median(ours) / statistics.median(theirs)
