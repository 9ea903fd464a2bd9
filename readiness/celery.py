"""The Celery application: tasks say that there is work, the database says what."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "readiness.settings")

app = Celery("readiness")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def tick_at_once(**kwargs: object) -> None:
    """Send the first tick with the start: /readyz need not wait for the second."""
    app.send_task("readiness.web.tasks.beat_tick")
