"""Parking an item: it comes again after the last, and why it was put off is written down."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.models import LaunchItem
from readiness.launches.queries.board import board_of
from readiness.reviews.models import Review
from readiness.reviews.policies import meeting
from readiness.reviews.services.deciding import go_on, row_of
from readiness.reviews.services.taking import record_in, take_review, tell
from readiness.reviews.signals import STAGE
from readiness.web.refusal import refuse_if


@transaction.atomic
def park(
    review: Review, item: LaunchItem, *, because: str, by: User, key: str, now: datetime
) -> Review:
    """Put an undecided item off, as the driver; the stage goes on if it was there."""
    body = f"park {item.pk} {because}"
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body=body, now=now)
    refuse_if(meeting.going_on(review) or meeting.driving(review, by))
    row = row_of(review, item)
    refuse_if(meeting.parking(row, because))
    row.parked_at, row.parked_by, row.parked_because = now, by, because.strip()
    row.save(update_fields=["parked_at", "parked_by", "parked_because"])
    board = board_of(review.launch, now)
    said = {"item": item.pk, "key": board.place(item.pk).fact.key, "because": row.parked_because}
    record_in(Kind.REVIEW_ITEM_PARKED, review, by=by, now=now, **said)
    go_on(review, item.pk, board, by=by, now=now)
    return review


@transaction.atomic
def unpark(review: Review, item: LaunchItem, *, by: User, key: str, now: datetime) -> Review:
    """Put a parked item back in its place, as the driver."""
    body = f"unpark {item.pk}"
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body=body, now=now)
    refuse_if(meeting.going_on(review) or meeting.driving(review, by))
    row = row_of(review, item)
    refuse_if(meeting.unparking(row))
    row.parked_at, row.parked_by, row.parked_because = None, None, ""
    row.save(update_fields=["parked_at", "parked_by", "parked_because"])
    tell(review, STAGE)
    return review
