"""Real PostgreSQL and Valkey for a test run, started before Django reads its settings.

Given the READINESS_* addresses, those are used. Otherwise throw-away engines are started, once
for the run: with xdist the controller starts them and the workers inherit their addresses.
"""

import gc
import os
import re
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from readiness.embedded.engines import VARIABLES
from readiness.embedded.throwaway import OWN_ENGINES, throwaway_engines

to_stop = ExitStack()

# A test makes little that refers to itself. Left alone, Python looks for that in all of Django
# and of the tests, again and again, for a tenth of the whole run.
gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Come first: pytest-django configures Django in this same hook."""
    if not all(os.environ.get(name) for name in VARIABLES):
        os.environ |= to_stop.enter_context(throwaway_engines())
    if os.environ.get(OWN_ENGINES):
        os.environ["READINESS_REDIS_URL"] = own_number(os.environ["READINESS_REDIS_URL"])
    yield


def pytest_collection_finish() -> None:
    """What is here to stay is never looked through again."""
    gc.freeze()


def pytest_unconfigure() -> None:
    to_stop.close()


def own_number(url: str) -> str:
    """Each xdist worker has a Valkey database of its own: flushing one leaves the others."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw"))
    return re.sub(r"db=\d+", f"db={worker + 1}", url)
