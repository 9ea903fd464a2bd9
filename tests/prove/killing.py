"""Sign-offs while web, worker, PostgreSQL and Valkey are killed with -9 in turn."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from tests.prove.client import Browser
from tests.prove.tree import Tree

BOUT_SECONDS = 120
RECOVERY_SECONDS = 60
PAUSE = 0.01


@dataclass
class Ask:
    """One sign-off somebody asks for, again and again until they are told that it is done."""

    item: int
    person: int
    wait: float = 0.0
    answers: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"prove-{self.item}"

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.answers) and 200 <= self.answers[-1] < 300

    @property
    def is_refused(self) -> bool:
        return any(300 <= answer < 500 for answer in self.answers)


@dataclass(frozen=True)
class Kill:
    """What was killed, and how long it took until it was there again."""

    victim: str
    seconds: float


class Bout:
    """Some sign-offs by eight people at once, and one kill in the middle of them."""

    def __init__(self, tree: Tree, asks: list[list[Ask]], browsers: list[Browser]) -> None:
        self.tree = tree
        self.asks = [ask for mine in asks for ask in mine]
        self.over = threading.Event()
        self.threads = [
            threading.Thread(target=self.sign, args=[browser, mine], daemon=True)
            for browser, mine in zip(browsers, asks, strict=True)
        ]

    def run(self, victim: str) -> Kill:
        """Kill when half is acknowledged; then wait for what was killed, and for everybody."""
        for thread in self.threads:
            thread.start()
        half = len(self.asks) // 2
        self.wait_for(lambda: sum(ask.is_acknowledged for ask in self.asks) >= half)
        seconds = self.kill(victim)
        self.wait_for(lambda: not any(thread.is_alive() for thread in self.threads))
        self.over.set()
        for thread in self.threads:
            thread.join()
        return Kill(victim, seconds)

    def sign(self, browser: Browser, asks: list[Ask]) -> None:
        """Send each form with its one key until it is acknowledged."""
        for ask in asks:
            began = time.monotonic()
            while not (ask.is_acknowledged or ask.is_refused or self.over.is_set()):
                if ask.answers:
                    time.sleep(PAUSE)
                path = f"/items/{ask.item}/sign-off/"
                ask.answers.append(browser.post(path, v=1, key=ask.key, note=ask.key).status)
            ask.wait = time.monotonic() - began

    def wait_for(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + BOUT_SECONDS
        while not happened() and time.monotonic() < deadline:
            self.tree.tend()
            time.sleep(PAUSE)

    def kill(self, victim: str) -> float:
        """Kill it, and time its return; what never returns took for ever."""
        is_back = VICTIMS[victim](self.tree)
        began = time.monotonic()
        while time.monotonic() < began + RECOVERY_SECONDS:
            self.tree.tend()
            if is_back():
                return time.monotonic() - began
            time.sleep(PAUSE)
        return float("inf")


def kill_web(tree: Tree) -> Callable[[], bool]:
    """Every web process at once: nobody is left to answer."""
    for child in tree.named("web"):
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
    asking = Browser(tree.port, {"Host": "localhost"})
    return lambda: asking.send("GET", "/healthz").is_done


def kill_worker(tree: Tree) -> Callable[[], bool]:
    [worker] = tree.named("worker")
    size = worker.log.stat().st_size
    os.kill(worker.process.pid, signal.SIGKILL)
    return lambda: b" ready." in worker.log.read_bytes()[size:]


def kill_postmaster(tree: Tree) -> Callable[[], bool]:
    [postgres] = tree.named("PostgreSQL")
    is_back = after_the_crash(tree)
    os.kill(postgres.process.pid, signal.SIGKILL)
    return is_back


def kill_backend(tree: Tree) -> Callable[[], bool]:
    """One connection's process: the server ends all others, and recovers."""
    is_back = after_the_crash(tree)
    with connect(tree) as asking:
        busy = asking.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND usename = current_user AND pid <> pg_backend_pid() ORDER BY state, pid"
        ).fetchall()
    os.kill(busy[0][0], signal.SIGKILL)
    return is_back


def kill_valkey(tree: Tree) -> Callable[[], bool]:
    [valkey] = tree.named("Valkey")
    os.kill(valkey.process.pid, signal.SIGKILL)
    valkey.process.wait()
    return tree.engines.servers[1].answers


def after_the_crash(tree: Tree) -> Callable[[], bool]:
    """Says yes once PostgreSQL lost what it held open before, and takes new connections."""
    before = connect(tree)

    def is_back() -> bool:
        try:
            before.execute("SELECT 1")
        except psycopg.OperationalError:
            before.close()
        else:
            return False
        try:
            with connect(tree) as fresh:
                fresh.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    return is_back


def connect(tree: Tree) -> psycopg.Connection:
    return psycopg.connect(tree.env["READINESS_DATABASE_URL"], autocommit=True, connect_timeout=2)


VICTIMS: dict[str, Callable[[Tree], Callable[[], bool]]] = {
    "web": kill_web,
    "backend": kill_backend,
    "worker": kill_worker,
    "PostgreSQL": kill_postmaster,
    "Valkey": kill_valkey,
}


def order_of(kills: int) -> list[str]:
    """Everything in turn, each turn in another order."""
    dice, victims = random.Random(kills), []
    while len(victims) < kills:
        victims += dice.sample(list(VICTIMS), len(VICTIMS))
    return victims[:kills]
