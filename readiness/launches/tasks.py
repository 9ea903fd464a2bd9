"""Background entry points of launches."""

from celery import shared_task

from readiness import clock
from readiness.launches.services import judging


@shared_task
def judge_due() -> None:
    """Judge what time has overtaken."""
    judging.judge_due(now=clock.now())
