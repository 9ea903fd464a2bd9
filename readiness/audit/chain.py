"""The chain: how an event is hashed, and how a broken one is found.

Plain functions, so that a verifier needs nothing but rows and hashlib.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
REDACTION = "event.redacted"


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it stands in the database."""

    subject: int
    sequence: int
    team: int | None
    kind: str
    at: datetime
    by: int | None
    printed_name: str
    payload: Mapping[str, object] | None
    payload_version: int
    payload_hash: str
    previous: str
    hash: str


CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def canonical(value: object) -> bytes:
    """The one way to write a JSON value as bytes."""
    return CANONICAL.encode(value).encode()


def payload_hash(payload: Mapping[str, object]) -> str:
    """SHA-256 of the canonical payload, in hex."""
    return hash_of(canonical(payload))


def hash_of(written: bytes) -> str:
    """The same of a payload that is written already."""
    return hashlib.sha256(written).hexdigest()


def statement_of(
    *,
    subject: int,
    team: int | None,
    kind: str,
    at: datetime,
    by: int | None,
    printed_name: str,
    payload_version: int,
    payload_hash: str,
) -> str:
    """What an event says, apart from its place in the chain; one text, for hashing."""
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [subject, team, kind, instant, by, printed_name, payload_version, payload_hash]
    return canonical(said).decode()


def event_hash(*, previous: str, sequence: int, statement: str) -> str:
    """SHA-256 of the hash before it, the event's number and what it says, in hex.

    PostgreSQL computes the same as it appends, so that an event costs one statement.
    """
    return hashlib.sha256(f"{previous}:{sequence}:{statement}".encode()).hexdigest()


def faults_of(
    links: Iterable[Link], *, head: str, sequence: int, noted: Mapping[int, str]
) -> list[str]:
    """What is wrong with one subject's chain, in sentences; nothing when it is whole.

    `links` come in the order of their sequence; `head` and `sequence` are what the subject
    claims; `noted` holds heads written down earlier outside the database, by sequence.
    """
    faults = []
    previous, expected, unseen = GENESIS, 1, dict(noted)
    empty: set[int] = set()
    redacted: set[int] = set()
    for link in links:
        if link.sequence != expected:
            faults.append(f"event {expected} is missing, {link.sequence} stands there")
        if link.previous != previous:
            faults.append(f"event {link.sequence} does not follow the one before it")
        redacted |= redacted_by(link)
        if link.payload is None:
            empty.add(link.sequence)
        elif payload_hash(link.payload) != link.payload_hash:
            faults.append(f"the payload of event {link.sequence} was changed")
        if _hash_of(link) != link.hash:
            faults.append(f"event {link.sequence} was changed")
        if unseen.pop(link.sequence, link.hash) != link.hash:
            faults.append(f"event {link.sequence} is not the one noted earlier")
        previous, expected = link.hash, link.sequence + 1
    if (head, sequence) != (previous, expected - 1):
        faults.append(f"the subject claims event {sequence}, the chain ends at {expected - 1}")
    faults += [
        f"the payload of event {number} was taken out without a redaction"
        for number in sorted(empty - redacted)
    ]
    faults += [f"event {number}, noted earlier, is gone" for number in sorted(unseen)]
    return faults


def redacted_by(link: Link) -> set[int]:
    """The numbers of the earlier events whose payloads this event took out of its chain."""
    if link.kind != REDACTION or link.payload is None:
        return set()
    events = link.payload.get("events")
    numbers = {one.get("sequence") for one in events} if isinstance(events, list) else set()
    return {number for number in numbers if isinstance(number, int) and number < link.sequence}


def _hash_of(link: Link) -> str:
    statement = statement_of(
        subject=link.subject,
        team=link.team,
        kind=link.kind,
        at=link.at,
        by=link.by,
        printed_name=link.printed_name,
        payload_version=link.payload_version,
        payload_hash=link.payload_hash,
    )
    return event_hash(previous=link.previous, sequence=link.sequence, statement=statement)
