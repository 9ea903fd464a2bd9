"""Ten thousand sign-offs while everything is killed in turn; then the books are checked."""

import math
from collections import Counter
from collections.abc import Iterable
from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connections

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.queries import twin
from tests.prove.findings import Finding, scaled, tally
from tests.prove.given import CROWD, Crowd, now, open_items
from tests.prove.killing import VICTIMS, Ask, Bout, Kill, order_of
from tests.prove.tree import Tree

POSTGRES_SECONDS, WEB_SECONDS, WAIT_SECONDS = 5, 3, 10


def under_kills(crowd: Crowd, tree: Tree) -> list[Finding]:
    """Both findings of one run: nothing goes wrong for anybody, and nobody waits for long."""
    items = open_items(crowd, scaled(10_000, least=5 * CROWD))
    browsers = crowd.browsers(tree.port)
    victims = order_of(scaled(30, least=len(VICTIMS)))
    asks, kills = [], []
    for number, victim in enumerate(victims):
        mine = items[number :: len(victims)]
        lanes = [[Ask(item, person) for item in mine[person::CROWD]] for person in range(CROWD)]
        kills.append(Bout(tree, lanes, browsers).run(victim))
        asks += [ask for lane in lanes for ask in lane]
    connections.close_all()  # they were cut off
    return [books(crowd, asks, kills), recovery(asks, kills)]


def books(crowd: Crowd, asks: list[Ask], kills: list[Kill]) -> Finding:
    """What people were told, held against what is written."""
    told = {(ask.item, crowd.people[ask.person].pk, ask.key) for ask in asks if ask.is_acknowledged}
    items = {ask.item for ask in asks}
    rows = Counter(SignOff.objects.filter(item__in=items).values_list("item", "by", "note"))
    events = Counter(recorded_on(items))
    versions = LaunchItem.objects.filter(pk__in=[item for item, _, _ in told]).exclude(version=2)
    counts = {
        "lost": len(told - (rows.keys() & events.keys())),
        "doubled": sum(count > 1 for count in (rows | events).values()),
        "phantom": len((rows.keys() | events.keys()) - told),
        "falsely_refused": sum(ask.is_refused for ask in asks),
        "other_versions": versions.count(),
        "wrong_verdicts": sum(1 for _ in twin.differences(now=now())),
        "broken_chains": len(faults()),
    }
    return Finding(
        "sign_offs_under_kills",
        f"{len(told)} acknowledged of {len(asks)}, {len(kills)} kills: " + tally(**counts),
        f"{len(asks)} acknowledged, {len(kills)} kills: 0 of each",
        len(told) == len(asks) and not any(counts.values()),
    )  # fmt: skip


def recorded_on(items: set[int]) -> Iterable[tuple[int, int, str]]:
    """The sign-offs of these items, as the log tells them."""
    events = Event.objects.filter(kind=Kind.ITEM_SIGNED_OFF.value)
    for by, said in events.values_list("by", "payload"):
        if said["item"] in items:
            yield said["item"], by, said["note"]


def faults(*said: str) -> list[str]:
    """What `audit verify` has to say against the log."""
    out = StringIO()
    try:
        call_command("audit", "verify", *said, stdout=out)
    except CommandError:
        return out.getvalue().splitlines()
    return []


def recovery(asks: list[Ask], kills: list[Kill]) -> Finding:
    """The longest that each was away, and what the unluckiest hundredth of people waited."""
    postgres = longest(kills, "PostgreSQL", "backend")
    web = longest(kills, "web")
    waits = sorted(ask.wait for ask in asks)
    p99 = waits[math.ceil(len(waits) * 0.99) - 1]
    return Finding(
        "recovery",
        f"PostgreSQL {postgres:.1f} s, web {web:.1f} s, p99 client wait {p99:.1f} s",
        f"PostgreSQL <= {POSTGRES_SECONDS} s, web <= {WEB_SECONDS} s, "
        f"p99 client wait <= {WAIT_SECONDS} s",
        postgres <= POSTGRES_SECONDS and web <= WEB_SECONDS and p99 <= WAIT_SECONDS,
    )  # fmt: skip


def longest(kills: list[Kill], *victims: str) -> float:
    return max(kill.seconds for kill in kills if kill.victim in victims)
