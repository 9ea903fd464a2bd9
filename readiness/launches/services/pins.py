"""Pinning launches: keeping a few of them at hand beside the list."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.launches.models import Launch, Pin
from readiness.web.refusal import Refused

MOST = 12  # of one person: more is a list again, and a view serves better


@transaction.atomic
def pin(launch: Launch, *, by: User, now: datetime) -> None:
    """Keep a launch at hand; once more changes nothing."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if by.pins.filter(launch=launch).exists():
        return
    if by.pins.count() >= MOST:
        raise Refused(f"You have {MOST} pinned launches already: unpin one first.")
    by.pins.create(launch=launch, pinned_at=now)


def unpin(launch: Launch, *, by: User) -> None:
    Pin.objects.filter(launch=launch, person=by).delete()
