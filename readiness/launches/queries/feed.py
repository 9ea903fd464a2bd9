"""The latest of a launch's events, in words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.launches.models import Launch
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.sentences import SENTENCES, Sentence

LATEST = 5
EVENTS = """
SELECT e.kind, e.at, e.printed_name, e.payload, e.by_id, u.name, u.email
FROM audit_event e
LEFT JOIN accounts_user u ON u.id = e.by_id
WHERE e.subject_id = %(subject)s AND NOT (e.kind = 'verdict.changed' AND e.by_id IS NOT NULL)
  AND (%(item)s::bigint IS NULL OR (e.payload ->> 'item')::bigint = %(item)s)
ORDER BY e.id DESC
LIMIT %(latest)s
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One event: who did it, to which item, when."""

    who: str
    person: User | None
    said: Sentence
    ref: str
    at: datetime


def latest(launch: Launch, content: Pinned, item: int | None = None) -> list[Line]:
    """The last things that happened in a launch, or to one of its items.

    What an act did to the verdict is in the act; the verdict has a line where time moved it.
    """
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, {"subject": launch.subject_id, "item": item, "latest": LATEST})
        rows = cursor.fetchall()
    return list(_lines(rows, content))


def _lines(rows: Iterable[tuple], content: Pinned) -> Iterable[Line]:
    for kind, at, printed_name, payload, by, name, email in rows:
        payload = json.loads(payload)
        said = SENTENCES[Kind(kind)](payload, content)
        about = content.items.get(payload.get("key", "")) if said.is_about_item else None
        yield Line(
            who=printed_name.split(" ")[0],
            person=User(pk=by, name=name, email=email) if by else None,
            said=said,
            ref=about.ref if about else "",
            at=at,
        )
