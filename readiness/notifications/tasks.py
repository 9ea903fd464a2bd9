"""Background entry points of notifications: there is work, the database says what."""

from celery import shared_task

from readiness import clock
from readiness.notifications.services import delivering, queueing


@shared_task
def remind_owners() -> None:
    """Queue the digests that are due."""
    queueing.queue_digests(now=clock.now())


@shared_task
def deliver_due() -> None:
    """Send what waits."""
    delivering.deliver_due(now=clock.now())
