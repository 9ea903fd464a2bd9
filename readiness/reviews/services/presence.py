"""Who is in the room: joining it, and the heartbeat of each device."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.reviews.models import Invited, Review
from readiness.reviews.models.room import Device
from readiness.reviews.policies import meeting
from readiness.reviews.services.taking import lock_review, permit, tell
from readiness.reviews.signals import PRESENCE
from readiness.web import prepared
from readiness.web.refusal import refuse_if

# One statement for what 200 people send every 15 seconds. A wall keeps no driver's seat. Who is
# heard of again after a while was gone for it.
HEARD = """
WITH seat AS (
    UPDATE reviews_review SET driver_seen_at = %(now)s
    WHERE id = %(review)s AND driver_id = %(by)s AND %(device)s <> 'wall'
      AND state IN ('running', 'paused')
), looks_at AS (
    SELECT item_id FROM reviews_agendaitem WHERE review_id = %(review)s AND item_id = %(item)s
), heard AS (
    INSERT INTO reviews_attendance AS here
           (review_id, person_id, device, came_at, seen_at, item_id, is_following)
    SELECT r.id, %(by)s, %(device)s, %(now)s, %(now)s, (SELECT item_id FROM looks_at), %(follows)s
    FROM reviews_review r
    JOIN reviews_invited chair ON chair.review_id = r.id AND chair.person_id = %(by)s
    WHERE r.id = %(review)s AND r.state IN ('planned', 'running', 'paused')
    ON CONFLICT (review_id, person_id, device) DO UPDATE
    SET seen_at = greatest(here.seen_at, excluded.seen_at), item_id = excluded.item_id,
        is_following = excluded.is_following
    RETURNING new.id, old.seen_at AS last_at, old.item_id IS DISTINCT FROM new.item_id
              OR old.is_following IS DISTINCT FROM new.is_following AS looks_elsewhere
), gone AS (
    INSERT INTO reviews_absence (attendance_id, left_at, back_at)
    SELECT id, last_at, %(now)s FROM heard WHERE last_at <= %(gone_since)s
)
SELECT last_at, looks_elsewhere FROM heard
"""


@transaction.atomic
def join(review: Review, *, by: User, device: Device, now: datetime) -> Review:
    """Come in, by the button or the short code: who may see the launch has a chair from now on.

    To come in twice is to be there.
    """
    review = lock_review(review.pk)
    permit(review.pk, to=Action.LAUNCH_VIEW, by=by)
    refuse_if(meeting.joining(review))
    chair = Invited(review=review, person=by, by=by, at=now)
    Invited.objects.bulk_create([chair], ignore_conflicts=True)
    here(review, by=by, device=device, item=None, is_following=True, now=now)
    return review


@transaction.atomic
def here(
    review: Review,
    *,
    by: User,
    device: Device,
    item: int | None,
    is_following: bool,
    now: datetime,
) -> None:
    """Say that one is still there, with which device, looking at what."""
    permit(review.pk, to=Action.LAUNCH_VIEW, by=by)
    said = {
        "review": review.pk,
        "by": by.pk,
        "device": device.value,
        "item": item,
        "follows": is_following,
        "now": now,
        "gone_since": now - meeting.GONE_AFTER,
    }
    heard = prepared.row(HEARD, said)
    if heard is None:
        refuse_if(meeting.joining(Review.objects.get(pk=review.pk)) or meeting.NOT_IN_IT)
        return
    seen_at, looks_elsewhere = heard
    if looks_elsewhere or not meeting.is_here(seen_at, now):
        tell(review, PRESENCE)
