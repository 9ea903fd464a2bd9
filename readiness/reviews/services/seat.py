"""The driver's seat: handed over to somebody in the room, or taken when it is empty."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, can
from readiness.audit.kinds import Kind
from readiness.reviews.models import Review
from readiness.reviews.models.room import Device
from readiness.reviews.policies import meeting
from readiness.reviews.services.taking import record_in, take_review, tell
from readiness.reviews.signals import STAGE
from readiness.web.refusal import refuse_if


@transaction.atomic
def hand_over(review: Review, *, turn: int, to: User, by: User, key: str, now: datetime) -> Review:
    """Give the seat to somebody in the room who may drive."""
    body = f"hand over {turn} {to.pk}"
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body=body, now=now)
    refuse_if(meeting.meeting(review) or meeting.driving(review, by))
    refuse_if(meeting.stale(review, turn))
    looks = review.attendance.filter(person=to, seen_at__gt=now - meeting.GONE_AFTER)
    here = looks.exclude(device=Device.WALL.value).exists()
    may = to.pk == review.launch.lead_id or can(to, Action.REVIEW_DRIVE, team_id=review.team_id)
    refuse_if(meeting.handing_over(review, to, is_here=here, may_drive=may))
    _seat(review, to, by=by, now=now)
    return review


@transaction.atomic
def take(review: Review, *, turn: int, by: User, key: str, now: datetime) -> Review:
    """Take the seat when its driver is gone; of many who take it at once one gets it."""
    body = f"take the seat {turn}"
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body=body, now=now)
    refuse_if(meeting.meeting(review) or meeting.taking_part(review, by))
    refuse_if(meeting.taking_the_seat(review, by, now) or meeting.stale(review, turn))
    _seat(review, by, by=by, now=now)
    return review


def _seat(review: Review, driver: User, *, by: User, now: datetime) -> None:
    was = review.driver.name if review.driver else ""
    review.driver, review.driver_seen_at = driver, now
    review.turn += 1
    review.save(update_fields=["driver", "driver_seen_at", "turn"])
    said = {"driver": driver.name, "was": was, "taken": driver.pk == by.pk}
    record_in(Kind.REVIEW_DRIVER_CHANGED, review, by=by, now=now, **said)
    tell(review, STAGE)
