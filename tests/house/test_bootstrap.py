"""`make up` for real: it says where it runs, avoids a taken port, and leaves no process."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from readiness.embedded.processes import Trouble
from readiness.embedded.product import Product, free_door, kept_secret
from tests.house.living import left_after, living_in

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(180)]


class Terminal:
    """One `bootstrap.py up` on a state folder of its own."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.process: subprocess.Popen[str] | None = None
        self.said = ""

    def run(self, word: str) -> subprocess.Popen[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("READINESS_")}
        env = kept | {
            "READINESS_STATE_DIR": str(self.state),
            "READINESS_WEB_PROCESSES": "1",
            "READINESS_DEMO": "no",
        }
        return subprocess.Popen(
            [sys.executable, "bootstrap.py", word],
            cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def up(self) -> None:
        """Start the product, unless it runs, and read until it says that it is ready."""
        if self.process and self.process.poll() is None:
            return
        self.process = self.run("up")
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C stops everything" in line:
                return
        pytest.fail(f"up ended with {self.process.wait()}:\n{self.said}")

    @property
    def address(self) -> str:
        return re.search(r"ready at (\S+)", self.said)[1]


@pytest.fixture(scope="module")
def taken_port():
    """Somebody else sits on port 8000, if it is not this machine's already."""
    with socket.socket() as somebody:
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            somebody.bind(("127.0.0.1", 8000))
            somebody.listen()
        except OSError:
            assert socket.create_connection(("127.0.0.1", 8000))
        yield 8000


@pytest.fixture(scope="module")
def terminal(tmp_path_factory, taken_port):
    terminal = Terminal(tmp_path_factory.mktemp("up") / "state")
    yield terminal
    if terminal.process and terminal.process.poll() is None:
        terminal.process.terminate()
        terminal.process.wait(30)


def test_it_avoids_a_taken_port_and_is_ready_when_it_says_so(terminal, taken_port):
    terminal.up()

    assert terminal.address != f"http://localhost:{taken_port}"
    with urllib.request.urlopen(f"{terminal.address}/readyz") as answer:
        assert answer.status == 200


def test_a_second_up_says_where_the_first_runs(terminal):
    terminal.up()

    second = terminal.run("up")
    said, _ = second.communicate(timeout=30)

    assert (second.returncode, said) == (0, f"Readiness is already running at {terminal.address}\n")


def test_a_killed_supervisor_leaves_no_process(terminal):
    terminal.up()

    terminal.process.kill()
    terminal.process.wait()

    assert left_after(terminal.state, seconds=15) == []


def test_a_child_that_dies_stops_everything_and_shows_the_end_of_its_log(terminal):
    terminal.up()
    web = next(one for one in living_in(terminal.state) if "readiness.serve" in one)

    os.kill(int(web.split()[0]), signal.SIGKILL)
    said, _ = terminal.process.communicate(timeout=30)

    assert terminal.process.returncode == 1
    assert "web stopped (exit -9). Its log ends with:\n    " in said
    assert left_after(terminal.state, seconds=0) == []


def test_one_ctrl_c_stops_everything(terminal):
    terminal.up()

    terminal.process.send_signal(signal.SIGINT)
    said, _ = terminal.process.communicate(timeout=30)

    assert (terminal.process.returncode, said) == (0, "\nStopping\n")
    assert left_after(terminal.state, seconds=0) == []


def test_stopping_what_does_not_run_says_so(tmp_path):
    stop = Terminal(tmp_path).run("stop")

    said, _ = stop.communicate(timeout=30)

    assert (stop.returncode, said) == (0, "Readiness is not running.\n")


@pytest.mark.parametrize(
    ("wish", "words"), [("yes", ["migrate", "demo"]), ("no", ["migrate", "load_checklist"])]
)
def test_the_demo_comes_after_the_tables_unless_it_is_not_wanted(
    wish, words, tmp_path, monkeypatch
):
    monkeypatch.setenv("READINESS_DEMO", wish)
    monkeypatch.setenv("READINESS_PORT", "")
    product, asked = Product(tmp_path), []
    monkeypatch.setattr(product, "manage", lambda *said: asked.append(said[0]) or "log-ins")

    told = product.prepare()

    product.close()
    assert (asked, told) == (words, "log-ins" if wish == "yes" else "")


def test_a_port_asked_for_by_hand_is_never_replaced(taken_port):
    with pytest.raises(Trouble, match="Port 8000 is taken"):
        free_door(str(taken_port))


def test_a_secret_is_made_once_and_nobody_else_may_read_it(tmp_path):
    first = kept_secret(tmp_path / "secret")

    second = kept_secret(tmp_path / "secret")

    assert first == second
    assert len(first) >= 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
