"""Background entry points of notifications: there is work, the database says what."""

from celery import shared_task

from readiness import clock
from readiness.notifications.services import (
    calling,
    calling_people,
    delivering,
    forgetting,
    queueing,
    reminding,
    telling,
)


@shared_task
def remind_owners() -> None:
    """Queue the digests of days and weeks, what is late for days, and what an invitation misses."""
    reminding.remind(now=clock.now())
    queueing.queue_invitations(now=clock.now())


@shared_task
def tell_what_was_missed() -> None:
    """Queue the news that nobody queued when it happened, and what is about to begin."""
    queueing.call_to_reviews(now=clock.now())
    telling.tell_what_was_missed(now=clock.now())


@shared_task
def deliver_due() -> None:
    """Send what waits."""
    delivering.deliver_due(now=clock.now())


@shared_task
def call_channels() -> None:
    """Call the channels outside that have something to hear."""
    calling.call_due(now=clock.now())


@shared_task
def call_people() -> None:
    """Call people on the channels of their own."""
    calling_people.call_people(now=clock.now())


@shared_task
def forget_old_mails() -> None:
    """Empty the mails that are older than the settings keep them."""
    forgetting.forget_old_mails(now=clock.now())
