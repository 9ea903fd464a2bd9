"""The whole product on one machine: engines, web, worker and beat under one supervisor."""

import fcntl
import http.client
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from readiness.embedded.engines import VARIABLES, Engines
from readiness.embedded.house import ROOT, say, state_folder
from readiness.embedded.processes import Child, Trouble, start

Handler = Callable[[int, FrameType | None], Any] | int | None
FIRST_PORT = 8000
PORTS_TRIED = 100
PATIENCE = 60
# What web processes are told, unless somebody says otherwise. Left to itself the allocator gives
# each of their threads a heap of its own, and keeps what the largest page needed in every one.
WEB = {"READINESS_DATABASE_POOL": "10", "MALLOC_ARENA_MAX": "2"}


class Stopped(BaseException):
    """Somebody asked for the end: Ctrl-C, or a polite signal."""


class Product:
    """Everything `make up` started, in the order in which it stops again."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.logs = state / "logs"
        self.engines = Engines(state)
        self.children: list[Child] = []
        self.env = dict(os.environ)
        self.door = free_door(os.environ.get("READINESS_PORT", ""))

    @property
    def port(self) -> int:
        return int(self.door.getsockname()[1])

    def prepare(self) -> str:
        """Engines, tables and demo data; returns what the demo says about its log-ins.

        The demo's people have a known password: `READINESS_DEMO=no` keeps them out.
        """
        self.lay_ground()
        if os.environ.get("READINESS_DEMO", "yes") != "yes":
            self.manage("load_checklist", "--library")
            return ""
        self.env.setdefault("READINESS_ORGANISATION", "Northwind ML")
        say("Making sure of the demo data")
        return self.manage("demo")

    def lay_ground(self) -> None:
        """Engines, addresses, secrets and tables: all that must be there before the rest."""
        given = [name for name in VARIABLES if os.environ.get(name)]
        if not given:
            say("Starting PostgreSQL and Valkey")
            self.env |= self.engines.start()
        elif len(given) < len(VARIABLES):
            missing = ", ".join(name for name in VARIABLES if name not in given)
            raise Trouble(f"{given[0]} is set, so these must be set too: {missing}")
        self.env["READINESS_PORT"] = str(self.port)
        self.env["READINESS_BASE_URL"] = (
            os.environ.get("READINESS_BASE_URL") or f"http://localhost:{self.port}"
        )
        for name in ("READINESS_SECRET_KEY", "READINESS_METRICS_TOKEN"):
            self.env[name] = os.environ.get(name) or kept_secret(self.state / name.lower())
        say("Bringing the tables up to date")
        self.manage("migrate", "--database", "owner", "--verbosity", "0")

    def manage(self, *words: str) -> str:
        """Run a management command to its end, and return what it said.

        Django's checks are for who changes the code: they take a quarter of such a command.
        """
        log = self.logs / f"{words[0]}.log"
        log.unlink(missing_ok=True)
        child = start(
            [sys.executable, "manage.py", *words, "--skip-checks"],
            name=f"manage.py {words[0]}", log=log, env=self.env, cwd=ROOT, answers=True,
        )  # fmt: skip
        self.children.append(child)
        answer, _ = child.process.communicate()
        self.children.remove(child)
        if child.process.returncode:
            raise Trouble(child.last_words())
        return answer.decode()

    def open(self) -> None:
        """Start web, worker and beat, and wait until the product says that it is ready."""
        celery = [sys.executable, "-m", "celery", "--app", "readiness.celery"]
        beat = ["--pidfile", "", "--schedule", str(self.state / "beat-schedule")]
        self.run_python("beat", [*celery, "beat", "--loglevel", "INFO", *beat])
        quiet = ["--without-gossip", "--without-mingle", "--hostname", "worker@%h"]
        self.run_python(
            "worker", [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO", *quiet]
        )
        self.run_python("web", self.web_command(), door=True)
        deadline = time.monotonic() + PATIENCE
        while not is_ready(self.port):
            self.look_after_children()
            if time.monotonic() > deadline:
                raise Trouble(f"/readyz did not say yes within {PATIENCE} s. See {self.logs}")
            time.sleep(0.1)

    def web_command(self) -> list[str]:
        """All web processes, behind a door that was open before them."""
        processes = os.environ.get("READINESS_WEB_PROCESSES", "2")
        return [sys.executable, "-m", "readiness.serve",
                "--fd", str(self.door.fileno()), "--processes", processes]  # fmt: skip

    def run_python(self, name: str, command: list[str], *, door: bool = False) -> None:
        keep = [self.door.fileno()] if door else []
        env = WEB | self.env if door else self.env
        log = self.logs / f"{name}.log"
        self.children.append(start(command, name=name, log=log, env=env, cwd=ROOT, keep=keep))

    def watch(self) -> NoReturn:
        """Look after the children until one dies; only a signal ends this otherwise."""
        while True:
            self.look_after_children()
            time.sleep(0.2)

    def look_after_children(self) -> None:
        for child in [*self.children, *self.engines.children]:
            if child.is_dead:
                raise Trouble(child.last_words())

    def close(self) -> None:
        """Stop everything: all are told at once, the engines when nobody needs them any more."""
        self.door.close()
        for child in self.children:
            if not child.is_dead:
                child.process.send_signal(child.farewell)
        while self.children:
            self.children.pop().stop()
        self.engines.stop()


def up(words: list[str]) -> int:
    """Run the product until Ctrl-C; when it runs already, say where."""
    state = state_folder()
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Readiness is already running at {noted(state).get('address', '(starting)')}")
            return 0
        return run(state)


def run(state: Path) -> int:
    previous = listen_for_the_end(end_now)
    product = Product(state)
    try:
        note(state, {"pid": os.getpid()})
        log_ins = product.prepare()
        product.open()
        address = product.env["READINESS_BASE_URL"]
        note(state, {"pid": os.getpid(), "address": address})
        say("\n" + "\n\n".join(filter(None, [f"Readiness is ready at {address}", log_ins.strip()])))
        say(f"\nLogs are in {product.logs}. Ctrl-C stops everything.")
        product.watch()
    except Stopped:
        say("\nStopping")
        return 0
    finally:
        listen_for_the_end(signal.SIG_IGN)
        product.close()
        (state / "up.json").unlink(missing_ok=True)
        for number, handler in previous.items():
            signal.signal(number, handler)


def stop(words: list[str]) -> int:
    """Stop a running product from another terminal, and wait until it is gone."""
    state = state_folder()
    number = noted(state).get("pid")
    if not number or not is_locked(state / "lock"):
        say("Readiness is not running.")
        return 0
    os.kill(int(number), signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while is_locked(state / "lock"):
        if time.monotonic() > deadline:
            raise Trouble(f"Process {number} does not stop.")
        time.sleep(0.1)
    say("Readiness has stopped.")
    return 0


def end_now(number: int, frame: FrameType | None) -> NoReturn:
    raise Stopped


def listen_for_the_end(handler: Handler) -> dict[signal.Signals, Handler]:
    ends = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    return {number: signal.signal(number, handler) for number in ends}


def is_locked(lock: Path) -> bool:
    if not lock.exists():
        return False
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def note(state: Path, facts: dict[str, str | int]) -> None:
    """Leave word for the next `up` and for `stop`."""
    draft = state / "up.json.new"
    draft.write_text(json.dumps(facts))
    draft.rename(state / "up.json")


def noted(state: Path) -> dict[str, str | int]:
    try:
        facts: dict[str, str | int] = json.loads((state / "up.json").read_text())
    except FileNotFoundError:
        return {}
    return facts


def kept_secret(file: Path) -> str:
    """A secret made once, and readable by nobody else."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
    return file.read_text()


def free_door(wanted: str) -> socket.socket:
    """A listening socket on loopback: the port asked for, else the first free one."""
    ports = [int(wanted)] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in ports:
        door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
            door.listen(2048)
        except OSError:
            door.close()
        else:
            return door
    raise Trouble(f"Port {ports[0]} is taken. Set READINESS_PORT to another, or leave it out.")


def is_ready(port: int) -> bool:
    """Does /readyz answer 200?"""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asking.request("GET", "/readyz")
        return asking.getresponse().status == 200
    except OSError:
        return False
    finally:
        asking.close()
