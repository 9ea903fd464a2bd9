"""How every act of a review begins: its row locked, the form claimed, the right asked again."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.services import once_with, record
from readiness.reviews.models import Review
from readiness.reviews.policies.words import NO_LONGER
from readiness.reviews.signals import room_changed
from readiness.web import prepared
from readiness.web.refusal import NotPermitted, NotVisible

COLUMNS = prepared.columns_of(Review, without=["before"])
BY_ID = f"{prepared.select(Review, COLUMNS)} WHERE id = %(pk)s"
LOCK = "FOR NO KEY UPDATE"


def take_review(
    review: Review, *, to: Action, by: User, key: str, body: str, now: datetime
) -> Review:
    """The review as it is now that nobody else can write, for who may do this to it.

    A form that was carried out before raises AlreadyDone; a right that the person does not
    have, NotVisible or NotPermitted: in this order, so that nobody is refused for their own
    success. The launch is locked after this, never before.
    """
    body = f"review {review.pk} {body}"
    asked = once_with(f"{BY_ID} {LOCK}", {"pk": review.pk}, key=key, by=by, body=body, at=now)
    found = asked.read()
    if found is None:
        raise Review.DoesNotExist
    permit(review.pk, to=to, by=by)
    return prepared.instance(Review, COLUMNS, found)


def lock_review(pk: int) -> Review:
    """The same for an act that says by itself what it wants to be so: it needs no key."""
    found = prepared.row(f"{BY_ID} {LOCK}", {"pk": pk})
    if found is None:
        raise Review.DoesNotExist
    return prepared.instance(Review, COLUMNS, found)


def permit(pk: int, *, to: Action, by: User) -> None:
    """Refuse who may not do this to the review, or may not even see it."""
    seen = Review.objects.visible_to(by).with_permission(by, to)
    may = seen.filter(pk=pk).values_list("is_permitted", flat=True).first()  # type: ignore[misc]
    if may is None:
        raise NotVisible(NO_LONGER)
    if not may:
        raise NotPermitted(NO_LONGER)


def record_in(kind: Kind, review: Review, *, by: User, now: datetime, **said: Any) -> Event:
    """Record what happened in a review, in the chain of its launch."""
    return record(
        kind,
        subject=review.launch.subject,
        team=review.team_id,
        by=by,
        at=now,
        review=review.pk,
        number=review.number,
        **said,
    )


def tell(review: Review, what: str) -> None:
    """Announce after commit what changed in the room and is no event."""
    news = partial(room_changed.send_robust, sender=Review, review=review.pk, what=what)
    transaction.on_commit(news, robust=True)
