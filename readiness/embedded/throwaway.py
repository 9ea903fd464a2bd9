"""Engines for one run of tests: fast, forgetful, and gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from readiness.embedded.engines import Engines
from readiness.embedded.house import ROOT

STATE = ROOT / ".state" / "test"

# Set where a run has engines to itself, so that it may number their Valkey databases as it likes.
OWN_ENGINES = "TESTS_STARTED_THEIR_ENGINES"


@contextmanager
def throwaway_engines() -> Iterator[dict[str, str]]:
    """Engines in a folder of their own, so that two runs at once do not meet."""
    STATE.mkdir(parents=True, exist_ok=True)
    sweep(STATE)
    engines = Engines(Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=STATE)), durable=False)
    try:
        yield engines.start() | {OWN_ENGINES: "1", "READINESS_THROWAWAY_DATABASE": "yes"}
    finally:
        engines.stop()
        shutil.rmtree(engines.state, ignore_errors=True)
        shutil.rmtree(engines.run, ignore_errors=True)


@contextmanager
def kept_bytecode() -> Iterator[dict[str, str]]:
    """Variables by which all programs of one run compile what they import once between them.

    Some machines tell Python to write no bytecode. Left at that, each of a hundred programs
    compiles the whole product for itself, which is a tenth of its start and more.
    """
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        yield {}
        return
    STATE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f"{os.getpid()}-", dir=STATE, ignore_cleanup_errors=True
    ) as folder:
        yield {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}


def sweep(state: Path) -> None:
    """Remove what killed runs left behind."""
    for folder in state.glob("*-*"):
        if not Path("/proc", folder.name.split("-")[0]).exists():
            shutil.rmtree(folder, ignore_errors=True)
