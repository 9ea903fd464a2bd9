"""Real PostgreSQL and Valkey for a test run, started before Django reads its settings.

Given the READINESS_* addresses, those are used. Otherwise throw-away engines are started, once
for the run: with xdist the controller starts them and the workers inherit their addresses.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from readiness.embedded.engines import VARIABLES, Engines

STATE = Path(__file__).resolve().parent.parent / ".state" / "test"
OWN_ENGINES = "TESTS_STARTED_THEIR_ENGINES"

running: list[Engines] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Come first: pytest-django configures Django in this same hook."""
    if not all(os.environ.get(name) for name in VARIABLES):
        start_engines()
    if os.environ.get(OWN_ENGINES):
        os.environ["READINESS_REDIS_URL"] = own_number(os.environ["READINESS_REDIS_URL"])
    yield


def pytest_unconfigure() -> None:
    while running:
        engines = running.pop()
        engines.stop()
        shutil.rmtree(engines.state, ignore_errors=True)
        shutil.rmtree(engines.run, ignore_errors=True)


def start_engines() -> None:
    """Engines in a folder of their own, so that two runs at once do not meet."""
    STATE.mkdir(parents=True, exist_ok=True)
    sweep(STATE)
    home = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=STATE))
    engines = Engines(home, durable=False)
    running.append(engines)
    os.environ |= engines.start() | {OWN_ENGINES: "1"}


def sweep(state: Path) -> None:
    """Remove what runs left behind that were killed."""
    for folder in state.glob("*-*"):
        if not Path("/proc", folder.name.split("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)


def own_number(url: str) -> str:
    """Each xdist worker has a Valkey database of its own: flushing one leaves the others."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw"))
    return re.sub(r"db=\d+", f"db={worker + 1}", url)
