"""What the web room does when a worker starts or fails, and when a database is connected."""

from celery.signals import task_failure, worker_init
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from readiness.web.instants import InstantLoader
from readiness.web.safety import refuse_unsafe_start


@worker_init.connect
def start_safely(**kwargs: object) -> None:
    """A worker keeps the same promises as the pages."""
    refuse_unsafe_start()


@task_failure.connect
def connect_anew(**kwargs: object) -> None:
    """A worker keeps its connection for many tasks: one that broke would fail them all."""
    connections.close_all()


@receiver(connection_created)
def read_instants_fast(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    connection.connection.adapters.register_loader("timestamptz", InstantLoader)
