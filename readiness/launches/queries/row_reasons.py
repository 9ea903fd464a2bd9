"""Why items wait for a signature, or why sign-offs fell: asked only where one of them does."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from readiness.launches.models import SignOff
from readiness.launches.policies.signing import spoken
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.signing import missing_on
from readiness.launches.queries.standing_on import MODEL_VERSION, TEXT
from readiness.rules.states import State
from readiness.web import locales, prepared

# What the launch stands on now: by kind, since when, and whose word it is.
LATEST = """
SELECT 'model_version', c.at, u.name
FROM launches_launch l JOIN launches_candidate c ON c.id = l.candidate_id
JOIN accounts_user u ON u.id = c.by_id
WHERE l.id = %(launch)s
UNION ALL (
    SELECT DISTINCT ON (e.kind) e.kind, e.at, u.name
    FROM launches_configevent e JOIN accounts_user u ON u.id = e.by_id
    WHERE e.launch_id = %(launch)s ORDER BY e.kind, e.id DESC
)
"""


class Change(NamedTuple):
    """Since when something is what it is, and whose word that is."""

    at: datetime
    by: str


def reasons_of(board: Board, places: Iterable[Place]) -> dict[int, str]:
    """A few words for each of these items that waits for a signature or is out of date."""
    places = list(places)
    waiting = {pk: str(missing) for pk, missing in missing_on(board, places).items()}
    return waiting | _fallen(board, places)


def _fallen(board: Board, places: Iterable[Place]) -> dict[int, str]:
    fallen = [
        place.fact.words[0].pk for place in places if place.standing.state is State.SUPERSEDED
    ]
    if not fallen:
        return {}
    signed = SignOff.objects.filter(pk__in=fallen)
    latest = {
        kind: Change(at, by) for kind, at, by in prepared.rows(LATEST, {"launch": board.launch.pk})
    }
    parts = signed.values_list("item", "basis_parts", "item__basis_parts")
    found = {
        item: " and ".join(_changes(was, becomes, latest, board)) for item, was, becomes in parts
    }
    return {item: reason for item, reason in found.items() if reason}


def _changes(
    was: Mapping[str, str], becomes: Mapping[str, str], latest: Mapping[str, Change], board: Board
) -> list[str]:
    """What changed since something was signed, each with when and by whom where that is known."""
    return [
        change_in_words(kind, was.get(kind, ""), now_on, latest.get(kind), board)
        for kind, now_on in becomes.items()
        if was.get(kind) != now_on
    ]


def change_in_words(kind: str, was: str, becomes: str, change: Change | None, board: Board) -> str:
    """Candidate changed from 13.1.0 to 14.2.0 on 3 Dec by Mei Tanaka."""
    if kind == TEXT:
        return "its text changed"
    name = "candidate" if kind == MODEL_VERSION else spoken(kind)
    if kind == MODEL_VERSION:
        was, becomes = _versions(was, becomes)
    from_to = (f" from {was}" if was else "") + (f" to {becomes}" if becomes else "")
    if change is None:
        return f"{name} changed{from_to}"
    on = locales.day(change.at.astimezone(board.launch.tzinfo).date())
    return f"{name} changed{from_to} on {on} by {change.by}"


def _versions(was: str, becomes: str) -> tuple[str, str]:
    """The candidates without what both say: the name, else the digest."""
    (first, _, was_digest), (second, _, digest) = was.partition(" "), becomes.partition(" ")
    if first == second:
        return was_digest[:19], digest[:19]
    name, _, version = first.partition("@")
    other, _, now_on = second.partition("@")
    return (version, now_on) if name == other else (first, second)
