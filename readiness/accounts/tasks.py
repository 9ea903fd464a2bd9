"""What the accounts room does by the clock."""

from celery import shared_task

from readiness.accounts.sessions import SessionStore


@shared_task
def forget_expired_sessions() -> None:
    """A session that ran out lets nobody in; within the hour its row goes, too."""
    SessionStore.clear_expired()
