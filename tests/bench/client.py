"""A small client: keeps its connection, counts nothing but the time until the last byte."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

NANOSECONDS = 1_000_000_000


@dataclass
class Sample:
    """Times of one kind of request in seconds, and the CPU the server spent on them."""

    times: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.times, n=100)[98] if len(self.times) > 1 else self.p50

    @property
    def cpu_each(self) -> float:
        return self.cpu / len(self.times)


@dataclass(frozen=True)
class Shot:
    """One request to send, and the status that must come back."""

    method: str
    path: str
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 200


class Client:
    """One browser that never lets its connection go."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, shot: Shot) -> bytes:
        headers = dict(shot.headers)
        if shot.body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(shot.method, shot.path, body=shot.body or None, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != shot.status:
            raise RuntimeError(f"{shot.method} {shot.path}: {response.status} {body[:500]!r}")
        return body

    def time(self, shot: Shot) -> float:
        start = time.perf_counter()
        self.send(shot)
        return time.perf_counter() - start


def cpu_of(pids: Iterable[int]) -> float:
    """CPU seconds that the threads of these processes have used so far.

    As the scheduler counts them: `stat` knows hundredths of a second only, and a request takes
    a tenth of one.
    """
    threads = [thread for pid in pids for thread in Path(f"/proc/{pid}/task").iterdir()]
    counted = [int((thread / "schedstat").read_text().split()[0]) for thread in threads]
    return sum(counted) / NANOSECONDS


def interleaved(
    lanes: dict[str, tuple[int, int, Callable[[int], Shot]]], *, rounds: int, warm_up: int = 10
) -> dict[str, Sample]:
    """Time several kinds of request in turn, so that drift of the machine hits all alike.

    A lane is (port, pid of its server, what to send in round n).
    """
    clients = {name: Client(port) for name, (port, _, _) in lanes.items()}
    samples = {name: Sample() for name in lanes}
    for number in range(rounds + warm_up):
        for name, (_, pid, make) in lanes.items():
            shot, before = make(number), cpu_of([pid])
            took = clients[name].time(shot)
            if number >= warm_up:
                samples[name].times.append(took)
                samples[name].cpu += cpu_of([pid]) - before
    return samples


def at_once(port: int, shots: Sequence[Sequence[Shot]]) -> Sample:
    """Send each list of requests from a client of its own, all at the same time."""
    sample = Sample()
    lock, barrier = threading.Lock(), threading.Barrier(len(shots))

    def run(mine: Sequence[Shot]) -> None:
        client = Client(port)
        barrier.wait()
        for shot in mine:
            took = client.time(shot)
            with lock:
                sample.times.append(took)

    threads = [threading.Thread(target=run, args=[mine]) for mine in shots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sample
