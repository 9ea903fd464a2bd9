"""Writing down what happened, in the transaction that made it true."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from readiness.accounts.models import Team, User
from readiness.audit import chain
from readiness.audit.kinds import Kind
from readiness.audit.models import ActKey, Event, Subject
from readiness.audit.signals import event_recorded
from readiness.web import lean, prepared
from readiness.web.refusal import Refused

CLAIM = """
INSERT INTO audit_actkey (person_id, key, body_hash, outcome, at)
SELECT %(person)s, %(key)s, %(body_hash)s, '', %(at)s {of_what}
ON CONFLICT DO NOTHING RETURNING id
"""
CLAIM_ALONE = CLAIM.format(of_what="")
# What is asked comes first, and with it its lock: the claim is made of what it finds.
CLAIM_WITH = f"""
WITH asked AS MATERIALIZED ({{asked}}), claimed AS ({CLAIM.format(of_what="FROM asked")})
SELECT claimed.id, asked.* FROM asked LEFT JOIN claimed ON true
"""  # noqa: S608

APPEND = """
link AS (
    UPDATE audit_subject
    SET sequence = sequence + 1,
        head = encode(sha256(convert_to(
            head || ':' || sequence + 1 || ':' || %(statement)s::text, 'UTF8')), 'hex')
    WHERE id = %(subject)s
    RETURNING new.sequence AS sequence, old.head AS previous, new.head AS hash
)
INSERT INTO audit_event (
    team_id, subject_id, sequence, kind, at, by_id, printed_name, payload, payload_version,
    payload_hash, previous, hash)
SELECT %(team)s::bigint, %(subject)s, sequence, %(kind)s, %(at)s, %(by)s::bigint, %(name)s,
       %(payload)s::jsonb, %(version)s, %(payload_hash)s, previous, hash
FROM link
RETURNING id, sequence, previous, hash, transaction
"""

NOTHING_ELSE = lean.Beside("", {})


class AlreadyDone(Exception):  # noqa: N818
    """This very form was carried out before: show its outcome, do nothing."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class KeyReused(Refused):
    """The key of a form that was carried out came back with another body."""

    status = 422


def new_subject(kind: str) -> Subject:
    """Start a chain for a new launch, checklist or team."""
    return Subject.objects.create(kind=kind)


def site_subject() -> Subject:
    """The chain of the installation itself."""
    return Subject.objects.get_or_create(kind="site")[0]


def record(
    kind: Kind,
    *,
    subject: Subject,
    by: User | None,
    at: datetime,
    team: Team | int | None = None,
    beside: lean.Beside | None = None,
    **payload: object,
) -> Event:
    """Append one event to its subject's chain, and announce it after commit.

    Runs in the caller's transaction; the subject's row is locked until it ends. Payload
    values are plain JSON without floats. `beside` is written by the same statement.
    """
    told = recording(kind, subject=subject, by=by, at=at, team=team, beside=beside, **payload)
    return told.read()


def recording(
    kind: Kind,
    *,
    subject: Subject,
    by: User | None,
    at: datetime,
    team: Team | int | None = None,
    beside: lean.Beside | None = None,
    **payload: object,
) -> prepared.Answer[Event]:
    """The same, but it travels with what is asked next: till then the event has no number."""
    written = chain.canonical(payload)
    event = Event(
        team_id=team.pk if isinstance(team, Team) else team,
        subject=subject,
        kind=kind.value,
        at=at,
        by=by,
        printed_name=by.name if by else "Readiness",
        payload=payload,
        payload_version=1,
        payload_hash=chain.hash_of(written),
    )
    transaction.on_commit(
        partial(event_recorded.send_robust, sender=Event, event=event), robust=True
    )
    return _append(event, written.decode(), beside or NOTHING_ELSE)


def _append(event: Event, payload: str, beside: lean.Beside) -> prepared.Answer[Event]:
    """Link the event behind its subject's head: the row of the subject is locked by it."""
    statement = chain.statement_of(
        subject=event.subject_id,
        team=event.team_id,
        kind=event.kind,
        at=event.at,
        by=event.by_id,
        printed_name=event.printed_name,
        payload_version=event.payload_version,
        payload_hash=event.payload_hash,
    )
    return prepared.ask(
        f"WITH {beside.sql}{', ' if beside.sql else ''}{APPEND}",
        {
            **beside.values,
            "statement": statement,
            "subject": event.subject_id,
            "team": event.team_id,
            "kind": event.kind,
            "at": event.at,
            "by": event.by_id,
            "name": event.printed_name,
            "payload": payload,
            "version": event.payload_version,
            "payload_hash": event.payload_hash,
        },
        partial(_linked, event),
    )


def _linked(event: Event, found: list[tuple]) -> Event:
    """The event in its place, which is the head of its subject now."""
    [(event.pk, event.sequence, event.previous, event.hash, event.transaction)] = found
    event.subject.head, event.subject.sequence = event.hash, event.sequence
    return event


def once(key: str, *, by: User, body: str, at: datetime) -> ActKey:
    """Claim the key of a form for this transaction: it is carried out once, for ever.

    The key is consumed only when the caller's transaction commits. The same key with the
    same body raises AlreadyDone with the outcome; with another body, KeyReused. Two that
    come at once wait for each other here.
    """
    claim = _claim_of(key, by=by, body=body, at=at)
    if claimed := prepared.row(CLAIM_ALONE, claim):
        return ActKey(pk=claimed[0], person=by, key=key, body_hash=claim["body_hash"], at=at)
    raise _done_before(claim)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that is under way, with what locks the thing that the form is about."""

    said: Mapping[str, Any]
    answer: prepared.Answer[tuple | None]

    def read(self) -> tuple | None:
        """The row of the thing, if there is one; raises as `once` does."""
        found = self.answer.read()
        if found is None:
            return None
        claimed, *row = found
        if claimed is None:
            raise _done_before(self.said)
        return tuple(row)


def once_with(
    asked: str, values: Mapping[str, object], *, key: str, by: User, body: str, at: datetime
) -> Claim:
    """The same in one statement with what locks the thing that the form is about.

    Nothing is claimed where nothing is found. A statement less on the way of every act.
    """
    said = _claim_of(key, by=by, body=body, at=at)
    sql = CLAIM_WITH.format(asked=asked)
    return Claim(said, prepared.ask(sql, {**said, **values}, prepared.first))


def _claim_of(key: str, *, by: User, body: str, at: datetime) -> dict[str, Any]:
    body_hash = hashlib.sha256(body.encode()).hexdigest()
    return {"person": by.pk, "key": key, "body_hash": body_hash, "at": at}


def _done_before(claim: Mapping[str, Any]) -> Exception:
    """What is said to a form that was sent before, with these contents or others."""
    done = ActKey.objects.get(person=claim["person"], key=claim["key"])
    if done.body_hash != claim["body_hash"]:
        return KeyReused("This form was sent before with other contents. Load the page again.")
    return AlreadyDone(done.outcome)
