"""Celery is told only what its parts know: an unknown option is dropped in silence."""

from django.conf import settings
from kombu.transport.redis import Channel


def test_the_broker_knows_every_option_that_it_is_given():
    assert set(settings.CELERY_BROKER_TRANSPORT_OPTIONS) <= set(Channel.from_transport_options)


def test_what_a_killed_worker_held_is_looked_for_every_five_seconds():
    told = settings.CELERY_BROKER_TRANSPORT_OPTIONS

    assert told["unacked_restore_interval"] * told["unacked_restore_throttle"] == 5
    assert told["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
