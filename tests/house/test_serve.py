"""The web processes: forked from one that loaded the product, and never without it."""

import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from select import select

import pytest

from readiness.embedded.processes import Child, start, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def web(environment, tmp_path) -> Iterator[Child]:
    """Two web processes behind one door; the child is the first of them."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        first = start(
            [sys.executable, "-m", "readiness.serve", "--fd", str(door.fileno())],
            name="web", log=tmp_path / "web.log", cwd=ROOT, keep=[door.fileno()],
            env=environment | {"READINESS_DATABASE_POOL": "4", "READINESS_METRICS_TOKEN": "token"},
        )  # fmt: skip
        wait_until(lambda: first.log.read_text().count("complete") == 2, child=first, seconds=60)
        yield first
        first.stop()


def test_the_product_is_loaded_once_for_all(web):
    [second] = children_of(web)

    held = memory(second, "Anonymous")
    its_part = memory(second, "Pss_Anon")

    assert held / 2 <= its_part < held * 0.7  # half of it is the first one's


def test_all_end_with_one_that_dies(web):
    [second] = children_of(web)

    os.kill(second, signal.SIGKILL)
    code = web.process.wait(20)

    assert code == 1
    said = f"Web process {second} ended (exit -9), so the others end."
    assert said in web.log.read_text().splitlines()


def test_none_survives_the_first(web):
    [second] = children_of(web)
    alive = os.pidfd_open(second)

    os.kill(web.process.pid, signal.SIGKILL)

    assert select([alive], [], [], 20)[0] == [alive]


def children_of(web: Child) -> list[int]:
    pid = web.process.pid
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(pid: int, kind: str) -> int:
    """Kilobytes of this kind that a process holds; what it shares is split in `Pss` kinds."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{kind}:\s+(\d+)", rollup, re.M)[1])
