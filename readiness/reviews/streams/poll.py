"""The poll of a review as its pages and streams show it, the same bytes for every reader."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from readiness.launches.queries.board import Board
from readiness.reviews.models import Review
from readiness.reviews.queries.poll import poll_of
from readiness.web.templatetags.parts import closely

NOTHING = SafeString('<div id="poll" hidden></div>')


def drawn(review: Review, board: Board) -> SafeString:
    """The panel of the room: hidden while no poll is planned and none has begun."""
    if not review.wants_poll and review.poll_began_at is None:
        return NOTHING
    poll = poll_of(review, board) if review.poll_began_at else None
    shown = {"poll": poll, "review": review, "in_room": True}
    return closely(render_to_string("reviews/poll.html#panel", shown).strip())
