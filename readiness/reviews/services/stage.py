"""The stage: where the room looks, and how long it looked there."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.reviews.models import Review
from readiness.reviews.policies import meeting
from readiness.reviews.services.taking import take_review, tell
from readiness.reviews.signals import STAGE
from readiness.web.refusal import refuse_if


@transaction.atomic
def move(review: Review, *, turn: int, item: int, by: User, key: str, now: datetime) -> Review:
    """Move the stage to an item of the agenda, as the driver.

    `turn` is the one the page was loaded with: of two who move from the same page one wins.
    """
    body = f"move {turn} {item}"
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body=body, now=now)
    refuse_if(meeting.going_on(review) or meeting.driving(review, by))
    refuse_if(meeting.stale(review, turn))
    on_agenda = review.agenda.filter(item=item).exists()
    refuse_if("" if on_agenda else meeting.NOT_ON_IT)
    leave(review, now=now)
    go_to(review, item, now=now)
    review.driver_seen_at = now
    review.save(update_fields=["item", "arrived_at", "turn", "driver_seen_at"])
    return review


def leave(review: Review, *, now: datetime) -> None:
    """Add to the item at hand how long the room looked at it; nothing passes in a pause."""
    if review.item_id is None or review.arrived_at is None:
        return
    seconds = max(0, round((now - review.arrived_at).total_seconds()))
    review.agenda.filter(item=review.item_id).update(seconds=F("seconds") + seconds)
    review.arrived_at = now


def go_to(review: Review, item: int, *, now: datetime) -> None:
    """Put an item on the stage of a taken review; who calls it saves the review."""
    review.item_id, review.arrived_at = item, now
    review.turn += 1
    review.agenda.filter(item=item, seen_at=None).update(seen_at=now)
    tell(review, STAGE)
