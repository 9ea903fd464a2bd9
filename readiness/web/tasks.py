"""The tick that shows that beat, broker and worker are alive."""

from celery import shared_task
from django.core.cache import cache

from readiness import clock
from readiness.web.health import BEAT_KEY


@shared_task
def beat_tick() -> None:
    cache.set(BEAT_KEY, clock.now().timestamp(), timeout=None)
