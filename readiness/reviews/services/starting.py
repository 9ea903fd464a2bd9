"""Starting a review: the verdict it begins with is kept, and the agenda is put together."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.queries.board import Board, board_of
from readiness.launches.services.judging import judge
from readiness.launches.services.taking import take_launch
from readiness.reviews.models import AgendaItem, Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies import meeting, planning
from readiness.reviews.queries.agenda import comes_next, in_order, numbered, owners_first
from readiness.reviews.queries.verdicts import verdict_kept
from readiness.reviews.services import guests
from readiness.reviews.services.taking import record_in, take_review
from readiness.web.refusal import refuse_if


@transaction.atomic
def start(review: Review, *, by: User, key: str, now: datetime) -> Review:
    """Start a review, early or late: the first undecided item is on the stage.

    The facilitator drives; where another of the invited has to start it, that one does.
    """
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body="start", now=now)
    launch = take_launch(review.launch_id)
    launch.subject.refresh_from_db()  # a snapshot may come before any event
    review.launch = launch
    other = Review.objects.meeting().filter(launch=launch).exclude(pk=review.pk).first()
    refuse_if(planning.starting(review, launch, other) or meeting.taking_part(review, by))
    judged = judge(launch, now=now, by=None)
    board = board_of(launch, now, judged.facts, judged.verdict)
    agenda = _put_together(review, board)
    first = comes_next(agenda, board) or (agenda[0] if agenda else None)
    event = record_in(Kind.REVIEW_STARTED, review, by=by, now=now, items=len(agenda))
    review.state = State.RUNNING.value
    review.started_at = review.driver_seen_at = now
    review.before, review.began_at = verdict_kept(launch), event.sequence
    review.driver = by
    if first:
        review.item_id, review.arrived_at = first.item_id, now
        AgendaItem.objects.filter(pk=first.pk).update(seen_at=now)
    review.turn += 1
    review.edition += 1
    review.save()
    guests.settle(launch, by=by, now=now)
    return review


def _put_together(review: Review, board: Board) -> list[AgendaItem]:
    """The agenda as it is now that the review begins: of what was picked, or of all."""
    chosen = set(review.agenda.values_list("item", flat=True)) or None
    places = in_order(board, chosen=chosen, first=owners_first(review))
    review.agenda.all().delete()
    return AgendaItem.objects.bulk_create(numbered(review, places))
