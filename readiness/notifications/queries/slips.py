"""Launches whose date moved since somebody last heard of them."""

import json
from collections.abc import Iterable
from datetime import datetime

from readiness.audit.kinds import Kind
from readiness.launches.models import Launch
from readiness.web import prepared
from readiness.web.templatetags.face import day

MOVES = """
SELECT subject_id, payload FROM audit_event
WHERE subject_id = ANY (%(subjects)s::bigint[]) AND kind = %(kind)s AND at >= %(since)s
  AND payload IS NOT NULL
ORDER BY id
"""


def slips(launches: Iterable[Launch], since: datetime) -> dict[int, str]:
    """Where the date of each of these launches went since then, and why; by launch id.

    Several moves are told as one, with the reason of the last.
    """
    by_subject = {launch.subject_id: launch for launch in launches}
    values = {
        "subjects": prepared.numbers(by_subject),
        "kind": Kind.LAUNCH_RESCHEDULED.value,
        "since": since,
    }
    was: dict[int, str] = {}
    said: dict[int, str] = {}
    for subject, kept in prepared.rows(MOVES, values):
        payload = json.loads(kept)
        launch, (before, after) = by_subject[subject], payload["changes"]["launch_at"]
        was.setdefault(subject, before)
        why = f": {payload['because']}" if payload.get("because") else ""
        said[launch.pk] = f"Moved from {_day(launch, was[subject])} to {_day(launch, after)}{why}"
        if _day(launch, was[subject]) == _day(launch, after):
            del said[launch.pk]
    return said


def _day(launch: Launch, at: str) -> str:
    return day(datetime.fromisoformat(at).astimezone(launch.tzinfo))
