"""How long evidence supports an item: what of it is of a kind that is asked for, and until when."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple


class Piece(NamedTuple):
    """One piece of evidence, as far as the rule looks at it; an end is the first late instant."""

    kind: str
    captured_at: datetime
    expires_at: datetime | None = None


class Support(NamedTuple):
    """Whether none of the evidence that is there is of the right kind, and until when some is.

    What supports for ever has no `until`. It may lie in the past: then all is too old.
    """

    lacks: bool = False
    until: datetime | None = None


def support_of(
    pieces: Sequence[Piece], *, kinds: Collection[str], max_age: timedelta | None
) -> Support:
    """What these pieces are worth to an item; without `kinds` it takes evidence of any."""
    ends = [ends_at(piece, max_age) for piece in pieces if not kinds or piece.kind in kinds]
    if not ends:
        return Support(lacks=bool(pieces))
    known = [end for end in ends if end is not None]
    return Support(until=max(known) if len(known) == len(ends) else None)


def ends_at(piece: Piece, max_age: timedelta | None) -> datetime | None:
    """When a piece stops supporting: as it expires, or once it is too old."""
    ends = [piece.expires_at] if piece.expires_at else []
    if max_age is not None:
        ends.append(piece.captured_at + max_age)
    return min(ends, default=None)
