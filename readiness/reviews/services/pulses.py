"""Short signals to the room: agree and question, counted and not kept."""

from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import LaunchItem
from readiness.reviews.models import Pulse, Review
from readiness.reviews.models.room import Signal
from readiness.reviews.policies import meeting
from readiness.reviews.services.taking import lock_review, permit, tell
from readiness.reviews.signals import PULSES
from readiness.web.refusal import refuse_if

LONGEST = 200


@transaction.atomic
def pulse(
    review: Review,
    item: LaunchItem,
    signal: Signal,
    *,
    is_on: bool,
    by: User,
    now: datetime,
    text: str = "",
) -> None:
    """Agree with what is said of an item, or have a question; or no longer.

    It says how it is to be, so that what is sent twice is so once.
    """
    review = lock_review(review.pk)
    permit(review.pk, to=Action.LAUNCH_VIEW, by=by)
    refuse_if(meeting.going_on(review) or meeting.taking_part(review, by))
    on_agenda = review.agenda.filter(item=item.pk).exists()
    refuse_if("" if on_agenda else meeting.NOT_ON_IT)
    mine: dict[str, Any] = {
        "review": review,
        "item_id": item.pk,
        "person": by,
        "signal": signal.value,
    }
    if is_on:
        Pulse.objects.update_or_create(**mine, defaults={"text": text.strip()[:LONGEST], "at": now})
    else:
        Pulse.objects.filter(**mine).delete()
    tell(review, PULSES)
