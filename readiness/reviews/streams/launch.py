"""The page of a launch while it is open: every part that is the same for all who read it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from readiness import clock
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.card import card_of
from readiness.launches.queries.facts import asked_rows_of, facts_from
from readiness.launches.queries.feed import Line, asked_latest, lines_of
from readiness.launches.queries.launch_page import Section, by_section, head_of, section_of
from readiness.launches.queries.opened import asked_for_all, open_to_all
from readiness.launches.queries.rows import Extra, asked_extras_of, extras_in, row_of
from readiness.launches.templatetags import beside
from readiness.launches.templatetags.rows import drawn
from readiness.reviews.streams.fragments import changed
from readiness.web import prepared
from readiness.web.live import Frame, Known, Notice

SEQUENCE = """
SELECT s.sequence FROM audit_subject s JOIN launches_launch l ON l.subject_id = s.id
WHERE l.id = %(launch)s
"""


class Shown(NamedTuple):
    """All that the page of a launch shows, and how far its log was."""

    sequence: int
    board: Board
    extras: dict[int, Extra]
    feed: tuple[Line, ...]


def render(pk: int, notices: Sequence[Notice], known: Known) -> Iterable[Frame]:
    """What changed of a launch: its rows and all around them; the whole page with its head."""
    shown = shown_now(pk)
    head = head_of(shown.board)
    if known.setdefault("head", head) != head:
        known["head"] = head
        yield Frame(event="refresh")
    said = changed(parts_of(shown), known, version=shown.sequence)
    if said:
        yield Frame(said)


def shown_now(pk: int) -> Shown:
    """Asked for in one journey, while people wait for what somebody did.

    How far the log is, is read first: a part may be newer than it says, and never older.
    """
    now = clock.now()
    with prepared.together():
        sequence = prepared.ask(SEQUENCE, {"launch": pk}, prepared.first)
        asked, rows = asked_for_all(pk), asked_rows_of(pk)
        extras, events = asked_extras_of(pk), asked_latest(pk)
    board = board_of(open_to_all(asked), now, facts_from(rows.read(), now))
    [number] = sequence.read() or (0,)
    return Shown(number, board, extras_in(board, extras.read()), lines_of(board, events.read()))


def parts_of(shown: Shown) -> dict[str, str]:
    """Each part by its id on the page, the same bytes as there."""
    board, extras = shown.board, shown.extras
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
        "feed": beside.feed(shown.feed, "feed"),
        "tally": beside.tally(verdict.checked, verdict.counted),
        "left": beside.left(board.left),
    }
