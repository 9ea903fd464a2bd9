"""What the bench stands on: engines that keep their word, a seeded database, two servers."""

import gzip
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from readiness.embedded.engines import VARIABLES, Engines
from readiness.embedded.house import ROOT
from readiness.embedded.processes import Child, start
from readiness.embedded.product import WEB
from tests.bench.client import Client, Shot

CSRF = "bench" + "0" * 27
NO_OTHER: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Server:
    """A running server: where it listens and which process it is."""

    port: int
    child: Child

    @property
    def pid(self) -> int:
        return self.child.process.pid


@contextmanager
def engines() -> Iterator[None]:
    """Durable PostgreSQL and Valkey of the bench's own, unless addresses are given."""
    if all(os.environ.get(name) for name in VARIABLES):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="readiness-bench-") as folder:
        running = Engines(Path(folder))
        Path(folder).chmod(0o711)
        try:
            os.environ.update(running.start())
            yield
        finally:
            running.stop()


@contextmanager
def server(
    name: str, application: str, *flags: str, environment: Mapping[str, str] = NO_OTHER
) -> Iterator[Server]:
    """One uvicorn process, as the product runs it."""
    quiet = ["--no-access-log", "--log-level", "warning"]
    with listening(
        name, "uvicorn", application, *quiet, *flags, "--port", environment=environment
    ) as server:
        yield server


@contextmanager
def listening(
    name: str, module: str, *words: str, environment: Mapping[str, str] = NO_OTHER
) -> Iterator[Server]:
    """A Python module that serves on the port that is its last word."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    child = start(
        [sys.executable, "-m", module, *words, str(port)],
        name=name, log=ROOT / "build" / f"bench-{name}.log", cwd=ROOT,
        env={**os.environ, **WEB, **environment},
    )  # fmt: skip
    try:
        wait_for(port, child)
        yield Server(port, child)
    finally:
        child.stop()


def wait_for(port: int, child: Child) -> None:
    for _ in range(300):
        if child.is_dead:
            raise RuntimeError(child.last_words())
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"Nothing listens on {port}.")


def headers_for(session: str, *, htmx: bool = False) -> tuple[tuple[str, str], ...]:
    """What a signed-in browser sends."""
    cookies = f"readiness-session={session}; readiness-csrf={CSRF}"
    said = [("Cookie", cookies), ("X-CSRFToken", CSRF), ("Host", "localhost")]
    return (*said, ("HX-Request", "true")) if htmx else tuple(said)


def weight_of_first_load(port: int, path: str, headers: tuple) -> tuple[int, int]:
    """Compressed bytes of a page with all it loads, and of the page alone."""
    client = Client(port)
    page = client.send(Shot("GET", path, headers=headers))
    seen, waiting, total = set(), [*loaded_by(page)], 0
    while waiting:
        asset = waiting.pop()
        if asset in seen:
            continue
        seen.add(asset)
        body = client.send(Shot("GET", asset, headers=(("Host", "localhost"),)))
        total += len(body) if asset.endswith("woff2") else len(gzip.compress(body, 6))
        if asset.endswith(".css"):
            folder = asset.rsplit("/", 1)[0]
            found = re.findall(rb"""url\(["']?([^"')]+)""", body)
            waiting += [resolve(folder, url.decode()) for url in found if b"data:" not in url]
    alone = len(gzip.compress(page, 6))
    return total + alone, alone


def loaded_by(page: bytes) -> set[str]:
    found = re.findall(rb"""(?:href|src)="(/static/[^"#]+)""", page)
    return {url.decode() for url in found if not url.endswith(b".txt")}


def resolve(folder: str, url: str) -> str:
    while url.startswith("../"):
        folder, url = folder.rsplit("/", 1)[0], url[3:]
    return url if url.startswith("/") else f"{folder}/{url}"


def memory_of(pids: list[int], *, kind: str = "Pss") -> int:
    """Bytes that belong to these processes, shared pages split among those who share them.

    Of the kind `Pss_Anon` is what they wrote themselves. Of files that are loaded a process has
    the less the more others have loaded them too, whoever they are.
    """
    total = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(rf"^{kind}:\s+(\d+)", rollup, re.M)[1]) * 1024
    return total


def tree_of(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [pid, *map(int, children.split())]
