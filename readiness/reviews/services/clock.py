"""The clock of a review: it stands still in a pause, and a review is given more time."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.services.taking import take_launch
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State
from readiness.reviews.policies import meeting
from readiness.reviews.services import guests
from readiness.reviews.services.stage import leave
from readiness.reviews.services.taking import record_in, take_review
from readiness.web.refusal import refuse_if


@transaction.atomic
def pause(review: Review, *, by: User, key: str, now: datetime) -> Review:
    """Stop the clock: nothing moves and nothing is decided until it goes on."""
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body="pause", now=now)
    refuse_if(meeting.pausing(review) or meeting.steering(review, by))
    leave(review, now=now)
    review.state, review.paused_at, review.arrived_at = State.PAUSED.value, now, None
    review.save(update_fields=["state", "paused_at", "arrived_at"])
    record_in(Kind.REVIEW_PAUSED, review, by=by, now=now)
    return review


@transaction.atomic
def resume(review: Review, *, by: User, key: str, now: datetime) -> Review:
    """Go on where the review stood still."""
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body="resume", now=now)
    refuse_if(meeting.resuming(review) or meeting.steering(review, by))
    stood = now - review.paused_at if review.paused_at else now - now
    review.paused_seconds += max(0, round(stood.total_seconds()))
    review.state, review.paused_at = State.RUNNING.value, None
    review.arrived_at = now if review.item_id else None
    review.save(update_fields=["state", "paused_at", "paused_seconds", "arrived_at"])
    guests.settle(take_launch(review.launch_id), by=by, now=now)
    record_in(Kind.REVIEW_RESUMED, review, by=by, now=now)
    return review


@transaction.atomic
def extend(review: Review, *, minutes: int, by: User, key: str, now: datetime) -> Review:
    """Give a review that meets more time."""
    body = f"extend {minutes}"
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body=body, now=now)
    refuse_if(meeting.extending(review, minutes) or meeting.steering(review, by))
    was = review.length_minutes
    review.length_minutes = was + minutes
    review.save(update_fields=["length_minutes"])
    guests.settle(take_launch(review.launch_id), by=by, now=now)
    said = {"minutes": review.length_minutes, "was": was}
    record_in(Kind.REVIEW_EXTENDED, review, by=by, now=now, **said)
    return review
