"""What toasts say of an item and its launch."""

from readiness.launches.queries.board import Board
from readiness.web.locales import number


def title_of(board: Board, pk: int) -> str:
    return board.place(pk).rule.title


def where_it_is(board: Board) -> str:
    """Price guidance is at 81.6%."""
    score = number(board.verdict.shown)
    name = board.launch.name
    return f"{name} is at {score}." if score else f"{name} has nothing to assess."
