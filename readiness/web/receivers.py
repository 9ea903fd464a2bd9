"""What the web room does when a worker starts, and when a database is connected."""

from celery.signals import worker_init
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from readiness.web.instants import InstantLoader
from readiness.web.safety import refuse_unsafe_start


@worker_init.connect
def start_safely(**kwargs: object) -> None:
    """A worker keeps the same promises as the pages."""
    refuse_unsafe_start()


@receiver(connection_created)
def read_instants_fast(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    connection.connection.adapters.register_loader("timestamptz", InstantLoader)
