"""The agenda of a review: in which order items come, and which is next."""

from collections.abc import Collection, Iterable, Sequence

from readiness.launches.queries.board import Board, Place
from readiness.reviews.models import AgendaItem, Review
from readiness.rules.truth import Truth

SETTLED = ("done", "na", "waived")  # there is nothing left to decide


def in_order(
    board: Board, *, chosen: Collection[int] | None = None, first: Collection[int] = ()
) -> list[Place]:
    """The items of a launch as a review takes them, section by section.

    Within a section what is undecided comes before the rest, then what people in `first` own,
    then must-haves. Without a choice it is all that applies.
    """
    sections = {section.key: section.number for section in board.content.sections}

    def rank(place: Place) -> tuple[int, bool, bool, bool, int]:
        return (
            sections[place.rule.section],
            is_settled(place),
            bool(first) and place.fact.owner not in first,
            place.fact.item.blocker is Truth.NO,
            place.rule.position,
        )

    wanted = [
        place
        for place in board.places.values()
        if (place.fact.item.applies is not Truth.NO if chosen is None else place.fact.pk in chosen)
    ]
    return sorted(wanted, key=rank)


def is_settled(place: Place) -> bool:
    return place.look in SETTLED


def comes_next(
    agenda: Sequence[AgendaItem], board: Board, after: int | None = None
) -> AgendaItem | None:
    """The undecided item after this one, from the top again at the end; at last what is parked."""
    settled = {place.fact.pk for place in board.places.values() if is_settled(place)}
    waiting = [
        one
        for one in agenda
        if not one.outcome and one.item_id not in settled and one.item_id != after
    ]
    place = next((one.position for one in agenda if one.item_id == after), 0)
    undecided = [one for one in waiting if not one.parked_at]
    later = [one for one in undecided if one.position > place]
    if later or undecided:
        return (later or undecided)[0]
    return min(waiting, key=lambda one: (one.parked_at, one.position), default=None)


def agenda_of(review: Review) -> list[AgendaItem]:
    """The rows of the agenda in their order."""
    return list(review.agenda.order_by("position"))


def owners_first(review: Review) -> frozenset[int]:
    """Whose items come first within their sections: the invited's, where that was asked for."""
    if not review.is_invited_first:
        return frozenset()
    return frozenset(review.invited.values_list("person", flat=True))


def numbered(review: Review, places: Iterable[Place]) -> list[AgendaItem]:
    """Rows of an agenda for these items, in this order, from 1."""
    return [
        AgendaItem(review=review, item_id=place.fact.pk, position=position)
        for position, place in enumerate(places, start=1)
    ]
