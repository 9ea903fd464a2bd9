"""What the verifier reads: every chain, link by link, as of one instant."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from readiness.audit.chain import Link
from readiness.audit.models import Subject

CHUNK = 2_000
CLAIM = ("pk", "kind", "head", "sequence")
LINK = (
    "sequence", "team_id", "kind", "at", "by_id", "printed_name", "payload", "payload_version",
    "payload_hash", "previous", "hash",
)  # fmt: skip


class Chain(NamedTuple):
    """One subject, what it claims, and its events in order."""

    subject: int
    kind: str
    head: str
    sequence: int
    links: Iterator[Link]


def chains() -> Iterator[Chain]:
    """Every chain, through one cursor of the server: memory stays small however many there are.

    One statement sees one instant, so writers beside it cause no false alarm. The links of a
    chain are read before the next one is asked for.
    """
    rows = (
        Subject.objects.order_by("pk", "events__sequence")
        .values_list(*CLAIM, *(f"events__{name}" for name in LINK))
        .iterator(chunk_size=CHUNK)
    )
    for (subject, kind, head, sequence), group in groupby(rows, key=itemgetter(0, 1, 2, 3)):
        yield Chain(subject, kind, head, sequence, _links(group))


def heads() -> Iterator[tuple[int, int, str]]:
    """Subject, sequence and hash of the latest event of every chain that has one."""
    begun = Subject.objects.filter(sequence__gt=0).order_by("pk")
    yield from begun.values_list("pk", "sequence", "head").iterator(chunk_size=CHUNK)


def _links(rows: Iterator[tuple]) -> Iterator[Link]:
    """The events among a chain's rows; a subject without any has one row of nulls."""
    for subject, _, _, _, *event in rows:
        if event[0] is not None:
            yield Link(subject, *event)
