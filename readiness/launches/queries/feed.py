"""The latest of a launch's events, in words."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from readiness.audit.kinds import Kind
from readiness.launches.queries.board import Board
from readiness.launches.queries.faces import Face, face_of
from readiness.launches.queries.sentence import Sentence
from readiness.launches.queries.sentences import SENTENCES
from readiness.web import prepared
from readiness.web.templatetags.face import ago

# The last few are found by their index before anything is joined to them: however long a launch
# has gone on, no more of its events are read. The person's name comes after.
EVENTS = """
SELECT e.kind, e.at, e.printed_name, e.payload, u.name, u.email
FROM (
    SELECT id, kind, at, printed_name, payload, by_id
    FROM audit_event
    WHERE subject_id = {subject} AND payload IS NOT NULL
          AND NOT (kind = 'verdict.changed' AND by_id IS NOT NULL) {which}
    ORDER BY id DESC LIMIT 5
) e
LEFT JOIN accounts_user u ON u.id = e.by_id
ORDER BY e.id DESC
"""
LAST = EVENTS.format(subject="%(subject)s", which="")
OF_ITEM = EVENTS.format(subject="%(subject)s", which="AND (payload ->> 'item')::bigint = %(item)s")
OF_LAUNCH = EVENTS.format(
    subject="(SELECT subject_id FROM launches_launch WHERE id = %(launch)s)", which=""
)
# The same as one value, beside what else a statement finds.
AS_JSON = f"""
SELECT json_agg(json_build_array(kind, at, printed_name, payload, name, email))::text
FROM ({LAST}) last
"""  # noqa: S608


class Line(NamedTuple):
    """One event: who did it, to which item, when; equal lines are the same bytes."""

    who: str
    person: Face | None
    said: Sentence
    ref: str
    at: str
    ago: str


def latest(board: Board, item: int | None = None) -> tuple[Line, ...]:
    """The last things that happened in a launch, or to one of its items.

    What an act did to the verdict is in the act; the verdict has a line where time moved it.
    """
    asked = {"subject": board.launch.subject_id}
    if item is None:
        rows = prepared.rows(LAST, asked)
    else:
        rows = prepared.rows(OF_ITEM, asked | {"item": item})
    return lines_of(board, rows)


def asked_latest(pk: int) -> prepared.Answer[list[tuple]]:
    """The last events of a launch, asked for and not yet read."""
    return prepared.ask(OF_LAUNCH, {"launch": pk}, list)


def lines_of(board: Board, rows: Iterable[tuple]) -> tuple[Line, ...]:
    """The lines that such rows tell."""
    return tuple(
        _line(board, kind, at, printed, json.loads(payload), *person)
        for kind, at, printed, payload, *person in rows
    )


def lines_in(board: Board, found: str | None) -> tuple[Line, ...]:
    """The lines that a statement found beside other things."""
    return tuple(
        _line(board, kind, datetime.fromisoformat(at), *said)
        for kind, at, *said in json.loads(found or "[]")
    )


def _line(
    board: Board,
    kind: str,
    at: datetime,
    printed: str,
    told: dict[str, Any],
    name: str,
    email: str | None,
) -> Line:
    said = SENTENCES[Kind(kind)](told, board.content)
    about = board.content.items.get(told.get("key", "")) if said.is_about_item else None
    return Line(
        who=printed.split(" ")[0],
        person=face_of(name, email) if email is not None else None,
        said=said,
        ref=about.ref if about else "",
        at=at.isoformat(),
        ago=ago(at, board.now),
    )
