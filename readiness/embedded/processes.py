"""Child processes: started so that none outlives its parent, watched, and stopped whole."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TAIL_LINES = 25
LOG_BYTES = 5_000_000


class Trouble(Exception):  # noqa: N818
    """A sentence for the person at the terminal."""


@dataclass(frozen=True)
class Child:
    """One running program, its log, and the signal that ends it politely."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    farewell: signal.Signals

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None

    def stop(self, *, patience: float = 10) -> None:
        """End it and whatever it started: politely first, by force when patience is over."""
        if not self.is_dead:
            self.process.send_signal(self.farewell)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def last_words(self) -> str:
        code = self.process.poll()
        return f"{self.name} stopped (exit {code}). Its log ends with:\n{tail(self.log)}"


def dying_with_parent(farewell: signal.Signals) -> list[str]:
    """The prefix that ends a program when its parent dies; nothing where Linux is not."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", farewell.name.removeprefix("SIG"), "--"] if setpriv else []


def start(
    command: Sequence[str | Path],
    *,
    name: str,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    farewell: signal.Signals = signal.SIGTERM,
    way: Sequence[str] = (),
    keep: Sequence[int] = (),
    answers: bool = False,
) -> Child:
    """Start a program in a session of its own, so that Ctrl-C reaches only the supervisor.

    What it says goes to the log; if it `answers`, only what it says on stderr does. The
    death signal is set last, behind `way`: a change of user would clear it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.unlink()
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*way, *dying_with_parent(farewell), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if answers else out,
            stderr=out,
            env=dict(env) if env is not None else None,
            cwd=cwd or "/",
            start_new_session=True,
            pass_fds=tuple(keep),
        )
    return Child(name, process, log, farewell)


def wait_until(ready: Callable[[], bool], *, child: Child, seconds: float = 30) -> None:
    """Wait for a child to be of use; say why when it never is."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.is_dead:
            raise Trouble(child.last_words())
        if time.monotonic() > deadline:
            late = f"{child.name} did not start in {seconds:.0f} s. Its log ends with:"
            raise Trouble(f"{late}\n{tail(child.log)}")
        time.sleep(0.03)


def tail(log: Path) -> str:
    """The last lines of a log, indented to stand apart."""
    if not log.exists():
        return "    (empty)"
    lines = log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
    return "\n".join(f"    {line}" for line in lines) or "    (empty)"
