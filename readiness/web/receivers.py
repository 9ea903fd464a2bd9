"""What the web room does when a worker starts."""

from celery.signals import worker_init

from readiness.web.safety import refuse_unsafe_start


@worker_init.connect
def start_safely(**kwargs: object) -> None:
    """A worker keeps the same promises as the pages."""
    refuse_unsafe_start()
