"""Why items wait for a signature, or why sign-offs fell: asked only where one of them does."""

from collections.abc import Iterable, Mapping

from readiness.launches.models import SignOff
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.changing import Change, change_in_words
from readiness.launches.queries.signing import missing_on
from readiness.rules.states import State
from readiness.web import prepared

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
        change_in_words(kind, was.get(kind, ""), now_on, latest.get(kind), board.launch)
        for kind, now_on in becomes.items()
        if was.get(kind) != now_on
    ]
