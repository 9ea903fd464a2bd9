"""One stage for all tests of a file: they ask, and what they change is taken back."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import override_settings

from tests.database import flush_valkey
from tests.permissions.stage import Stage, staged

METRICS_TOKEN = "shown by prometheus"


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    """Refusals are no news here; what breaks a page is logged as an error all the same."""
    with ExitStack() as after:
        for name, level in (("django.request", "ERROR"), ("django.security", "CRITICAL")):
            logger = logging.getLogger(name)
            after.callback(logger.setLevel, logger.level)
            logger.setLevel(level)
        yield


@pytest.fixture(scope="module")
def stage(django_db_setup: str, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), override_settings(METRICS_TOKEN=METRICS_TOKEN):
        flush_valkey()
        with staged() as made:
            yield made
