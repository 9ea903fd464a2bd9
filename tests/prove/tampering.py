"""Nine ways to change the log behind the application's back, at many places: all are found."""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
from django.core.management import call_command
from psycopg.types.json import Jsonb

from readiness.audit import chain
from readiness.audit.models import Event
from tests import make
from tests.prove.findings import Finding, scaled
from tests.prove.given import now
from tests.prove.signoffs import faults
from tests.prove.tree import Tree

GUARDS = ("rows_stay", "table_stays")
FAR = 1_000_000
FORGED = {"note": "It was never so."}
COLUMNS = "team_id, kind, at, by_id, printed_name, payload, payload_version, payload_hash, previous"


class Forger:
    """Somebody with the owner's password and the guards out of the way."""

    def __init__(self, owner: psycopg.Connection) -> None:
        self.owner = owner
        owner.execute("CREATE TEMPORARY TABLE kept_event AS TABLE audit_event")
        owner.execute("CREATE TEMPORARY TABLE kept_subject AS TABLE audit_subject")

    def change(self, what: str, subject: int, sequence: int, *said: object) -> None:
        """One statement about one event."""
        where = "WHERE subject_id = %s AND sequence = %s"
        self.owner.execute(f"{what} {where}", [*said, subject, sequence])

    def restore(self, subject: int) -> None:
        """Put the chain back as it was."""
        with self.owner.transaction():
            self.owner.execute("DELETE FROM audit_event WHERE subject_id = %s", [subject])
            self.owner.execute(
                "INSERT INTO audit_event SELECT * FROM kept_event WHERE subject_id = %s", [subject]
            )
            self.owner.execute(
                "UPDATE audit_subject s SET head = k.head, sequence = k.sequence"
                " FROM kept_subject k WHERE k.id = s.id AND s.id = %s",
                [subject],
            )

    def rehash(self, subject: int, *, start: int) -> None:
        """Forge a chain that is whole in itself, from what its rows now say."""
        events = Event.objects.filter(subject=subject).order_by("sequence")
        last = events.filter(sequence__lt=start).last()
        previous, sequence = (last.hash, last.sequence) if last else (chain.GENESIS, 0)
        for event in Event.objects.filter(subject=subject, sequence__gte=start).order_by(
            "sequence"
        ):
            sequence, payload_hash = event.sequence, chain.payload_hash(event.payload)
            statement = chain.statement_of(
                subject=subject,
                team=event.team_id,
                kind=event.kind,
                at=event.at,
                by=event.by_id,
                printed_name=event.printed_name,
                payload_version=event.payload_version,
                payload_hash=payload_hash,
            )
            forged = chain.event_hash(previous=previous, sequence=sequence, statement=statement)
            self.change(
                "UPDATE audit_event SET payload_hash = %s, previous = %s, hash = %s",
                subject, sequence, payload_hash, previous, forged,
            )  # fmt: skip
            previous = forged
        self.owner.execute(
            "UPDATE audit_subject SET head = %s, sequence = %s WHERE id = %s",
            [previous, sequence, subject],
        )


def edit_person(forger: Forger, subject: int, sequence: int) -> None:
    forger.change("UPDATE audit_event SET printed_name = printed_name || '.'", subject, sequence)


def edit_time(forger: Forger, subject: int, sequence: int) -> None:
    what = "UPDATE audit_event SET at = at + interval '1 microsecond'"
    forger.change(what, subject, sequence)


def edit_payload(forger: Forger, subject: int, sequence: int) -> None:
    forger.change("UPDATE audit_event SET payload = %s", subject, sequence, Jsonb(FORGED))


def edit_payload_and_hash(forger: Forger, subject: int, sequence: int) -> None:
    what = "UPDATE audit_event SET payload = %s, payload_hash = %s"
    forger.change(what, subject, sequence, Jsonb(FORGED), chain.payload_hash(FORGED))


def delete(forger: Forger, subject: int, sequence: int) -> None:
    forger.change("DELETE FROM audit_event", subject, sequence)


def reorder(forger: Forger, subject: int, sequence: int) -> None:
    """Swap an event with the one after it."""
    move = "UPDATE audit_event SET sequence = %s"
    forger.change(move, subject, sequence, FAR)
    forger.change(move, subject, sequence + 1, sequence)
    forger.change(move, subject, FAR, sequence + 1)


def insert(forger: Forger, subject: int, sequence: int) -> None:
    """Push a copy in, and every later event one place on."""
    later = (
        "UPDATE audit_event SET sequence = sequence + %s WHERE subject_id = %s AND sequence > %s"
    )
    forger.owner.execute(later, [FAR, subject, sequence])
    forger.owner.execute(later, [1 - FAR, subject, FAR])
    forger.owner.execute(
        f"INSERT INTO audit_event (subject_id, sequence, hash, {COLUMNS})"
        f" SELECT subject_id, sequence + 1, hash, {COLUMNS} FROM audit_event"
        " WHERE subject_id = %s AND sequence = %s",
        [subject, sequence],
    )


def cut(forger: Forger, subject: int, sequence: int) -> None:
    """Cut the tail off, and set the head back: what is left is whole."""
    forger.owner.execute(
        "DELETE FROM audit_event WHERE subject_id = %s AND sequence >= %s", [subject, sequence]
    )
    forger.rehash(subject, start=sequence)


def rewrite(forger: Forger, subject: int, sequence: int) -> None:
    """Change an event and forge every hash from there on: the chain is whole again."""
    edit_payload(forger, subject, sequence)
    forger.rehash(subject, start=sequence)


KINDS: list[Callable[[Forger, int, int], None]] = [
    edit_person, edit_time, edit_payload, edit_payload_and_hash, delete, reorder, insert, cut,
    rewrite,
]  # fmt: skip


def tamper(tree: Tree) -> Finding:
    """Every kind at many places, with the heads noted beforehand; and no false alarm."""
    launches = [make.launch(items=10, signed_off=8, at=now()) for _ in range(5)]
    subjects = [launch.subject_id for launch in launches]
    places = list(
        Event.objects.filter(subject__in=subjects, sequence__gt=1).values_list(
            "subject", "sequence"
        )
    )
    places = [place for place in places if (place[0], place[1] + 1) in places]
    dice, count, missed = random.Random(9), scaled(200), []
    with noted_heads() as heads, forging(tree) as forger:
        alarms = len(faults("--heads-file", heads))
        for kind in KINDS:
            for subject, sequence in dice.choices(places, k=count):
                kind(forger, subject, sequence)
                found = faults("--heads-file", heads)
                if not any(f"Subject {subject} " in fault for fault in found):
                    missed.append(kind.__name__)
                forger.restore(subject)
        alarms += len(faults("--heads-file", heads))
    which = f" ({', '.join(sorted(set(missed)))})" if missed else ""
    return Finding(
        "tamper",
        f"{len(KINDS)} kinds x {count} places: {len(missed)} missed{which}, {alarms} false alarms",
        "all found, 0 false alarms",
        not missed and not alarms,
    )


@contextmanager
def noted_heads() -> Iterator[str]:
    """A file with the heads of all chains as they are now."""
    out = StringIO()
    call_command("audit", "heads", stdout=out)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "heads")
        file.write_text(out.getvalue())
        yield str(file)


@contextmanager
def forging(tree: Tree) -> Iterator[Forger]:
    """The owner's connection, with the guards off while it lasts."""
    address = tree.env["READINESS_OWNER_DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        try:
            yield Forger(owner)
        finally:
            for guard in GUARDS:
                owner.execute(f"ALTER TABLE audit_event ENABLE ALWAYS TRIGGER {guard}")
