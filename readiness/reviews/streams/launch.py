"""The page of a launch while it is open: every part that is the same for all who read it."""

from collections.abc import Iterable, Sequence

from readiness import clock
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.card import card_of
from readiness.launches.queries.feed import latest
from readiness.launches.queries.launch_page import Section, by_section, head_of, section_of
from readiness.launches.queries.opened import open_to_all
from readiness.launches.queries.rows import extras_of, row_of
from readiness.launches.templatetags import beside
from readiness.launches.templatetags.rows import drawn
from readiness.reviews.streams.fragments import changed
from readiness.web import prepared
from readiness.web.live import Frame, Known, Notice

SEQUENCE = """
SELECT s.sequence FROM audit_subject s JOIN launches_launch l ON l.subject_id = s.id
WHERE l.id = %(launch)s
"""


def render(pk: int, notices: Sequence[Notice], known: Known) -> Iterable[Frame]:
    """What changed of a launch: its rows and all around them; the whole page with its head."""
    # How far the log is, is read first: a part may be newer than it says, and never older.
    version = sequence_of(pk)
    board = board_of(open_to_all(pk), clock.now())
    head = head_of(board)
    if known.setdefault("head", head) != head:
        known["head"] = head
        yield Frame(event="refresh")
    said = changed(parts_of(board), known, version=version)
    if said:
        yield Frame(said)


def sequence_of(pk: int) -> int:
    """The number of the last event of a launch."""
    [sequence] = prepared.row(SEQUENCE, {"launch": pk}) or (0,)
    return int(sequence)


def parts_of(board: Board) -> dict[str, str]:
    """Each part by its id on the page, the same bytes as there."""
    extras = extras_of(board)
    verdict, places = board.verdict, by_section(board)
    parts: dict[str, str] = {
        f"item-{place.fact.pk}": drawn(row_of(board, place, extras[place.fact.pk]))
        for place in board.places.values()
    }
    for rule in board.content.sections:
        section: Section = section_of(board, rule, places[rule.key], {}, lambda _: False)
        parts[f"head-{section.key}"] = beside.section_head(section)
        parts[f"tile-{section.key}"] = beside.section_tile(section)
    return parts | {
        "verdict": beside.verdict_card(card_of(board, extras)),
        "feed": beside.feed(latest(board), "feed"),
        "tally": beside.tally(verdict.checked, verdict.counted),
        "left": beside.left(board.left),
    }
