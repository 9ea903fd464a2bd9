"""Finishing a review: its minutes are written and frozen; and opening it again within a day."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.record import hash_of
from readiness.launches.services.judging import judge
from readiness.launches.services.taking import take_launch
from readiness.reviews.models import Minutes, Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies import finishing as policies
from readiness.reviews.queries.minutes import content_of
from readiness.reviews.services import guests
from readiness.reviews.services.stage import leave
from readiness.reviews.services.taking import record_in, take_review, tell
from readiness.reviews.signals import STAGE
from readiness.web.refusal import refuse_if


@transaction.atomic
def finish(review: Review, *, by: User, key: str, now: datetime) -> Minutes:
    """Finish a review, as its driver or facilitator, and write down what it came to.

    The minutes hold exactly what the launch's log holds up to the event they name: nobody
    decides in the review, and nothing changes in the launch, while they are written. The event
    behind that one carries their SHA-256.
    """
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body="finish", now=now)
    refuse_if(policies.finishing(review, by))
    board = _judged(review, now)
    _end(review, now)
    content = content_of(review, board, by=by, now=now)
    log, number = content["log"], review.minutes.count() + 1
    minutes = Minutes.objects.create(
        review=review,
        number=number,
        at=now,
        by=by,
        content=content,
        content_hash=hash_of(content),
        head=log["head"],
        sequence=log["event"],
    )
    said = {"minutes": number, "sha256": minutes.content_hash, "event": minutes.sequence}
    record_in(Kind.REVIEW_FINISHED, review, by=by, now=now, **said)
    guests.settle(board.launch, by=by, now=now)
    tell(review, STAGE)
    return minutes


@transaction.atomic
def reopen(review: Review, *, by: User, key: str, now: datetime) -> Review:
    """Go on with a finished review, as who facilitates it; its minutes stay, and get a second.

    The time in between is no time of the review.
    """
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body="reopen", now=now)
    launch = review.launch = take_launch(review.launch_id)
    others = Review.objects.meeting().filter(launch=launch).exclude(pk=review.pk)
    refuse_if(policies.reopening(review, launch, others.first(), by, now))
    review.paused_seconds += _seconds(review.finished_at, now)
    review.state, review.finished_at = State.RUNNING.value, None
    review.driver, review.driver_seen_at = by, now
    review.arrived_at = now if review.item_id else None
    review.turn += 1
    review.save()
    guests.settle(launch, by=by, now=now)
    record_in(Kind.REVIEW_REOPENED, review, by=by, now=now, minutes=review.minutes.count())
    tell(review, STAGE)
    return review


def _judged(review: Review, now: datetime) -> Board:
    """The launch of the review, locked, judged and with the head of its log read behind that."""
    launch = review.launch = take_launch(review.launch_id)
    launch.subject.refresh_from_db()  # a snapshot may come before any event
    judged = judge(launch, now=now, by=None)
    launch.subject.refresh_from_db()
    return board_of(launch, now, judged.facts, judged.verdict)


def _end(review: Review, now: datetime) -> None:
    """Stop its clock; the short signals of the room are not kept."""
    leave(review, now=now)
    if review.paused_at:
        review.paused_seconds += _seconds(review.paused_at, now)
    review.state, review.finished_at = State.FINISHED.value, now
    review.paused_at = review.arrived_at = None
    review.turn += 1
    review.save()
    review.pulses.all().delete()


def _seconds(since: datetime | None, now: datetime) -> int:
    return max(0, round((now - since).total_seconds())) if since else 0
