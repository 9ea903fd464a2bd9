"""The checks in the order in which they run on one tree."""

from collections.abc import Iterator

from tests.prove import access, histories, racing, reminders, shooting, signoffs, streams, tampering
from tests.prove.findings import Finding
from tests.prove.given import crowd
from tests.prove.tree import Tree


def findings(tree: Tree) -> Iterator[Finding]:
    people = crowd()
    yield tampering.tamper(tree)
    tree.open()
    yield racing.race(people, tree.port)
    yield racing.idempotency(people, tree.port)
    yield access.access(tree.port)
    yield shooting.bad_input(tree.port)
    yield streams.streams(tree.port)
    yield from signoffs.under_kills(people, tree)
    yield histories.verdict()  # its launches live in the years to come
    yield from reminders.under_kills(tree)  # last: worker and beat live in other days
