"""One stage for all tests of a file: they ask, and what they change is taken back."""

import logging
from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.database import flush_valkey
from tests.permissions.stage import Stage, staged

METRICS_TOKEN = "shown by prometheus"


@pytest.fixture(scope="module")
def stage(django_db_setup: str, django_db_blocker) -> Iterator[Stage]:
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are no news here
    with django_db_blocker.unblock(), override_settings(METRICS_TOKEN=METRICS_TOKEN):
        flush_valkey()
        with staged() as made:
            yield made
