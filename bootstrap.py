#!/usr/bin/env python3
"""From a bare machine to a running product: `python3 bootstrap.py up`, or `test`.

Standard library only. Finds Python, makes .venv, installs the locked packages (each by its
hash), and hands over to readiness.embedded. Runs on old Pythons just far enough to say so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-lock"
OLDEST = (3, 11)
NEWER = ["python3.14", "python3.13", "python3.12", "python3.11"]
LOCKS = ["dev", "base", "embedded"]  # dev first: it holds all, and the others follow it
COMMANDS = {
    "up": ["-m", "readiness.embedded", "up"],
    "stop": ["-m", "readiness.embedded", "stop"],
    "test": ["-m", "readiness.embedded", "test"],
    "check": ["-m", "readiness.embedded", "check"],
    "bench": ["-m", "tests.bench"],
    "prove": ["-m", "tests.prove"],
    "soak": ["-m", "tests.soak"],
    "docs": ["-m", "tests.manual"],
}


def main(words: list[str]) -> None:
    if not words or words[0] not in [*COMMANDS, "lock"]:
        sys.exit(f"Usage: python3 bootstrap.py {'|'.join([*COMMANDS, 'lock'])}")
    if sys.version_info < OLDEST:
        start_again_with_newer(words)
    os.chdir(str(ROOT))
    if words[0] == "lock":
        write_locks()
        return
    install("embedded" if words[0] in ("up", "stop") else "dev")
    arguments = [str(PYTHON), *COMMANDS[words[0]], *words[1:]]
    sys.stdout.flush()
    os.execv(arguments[0], arguments)  # noqa: S606


def start_again_with_newer(words: list[str]) -> None:
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, str(Path(__file__).resolve()), *words])  # noqa: S606
    sys.exit(
        "Readiness needs Python 3.11 or newer, and this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}. Install one, "
        "for example: apt-get install python3.11"
    )


def install(lock: str) -> None:
    """Make .venv and install a lock, unless exactly that was done before."""
    if not works(PYTHON):
        say(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}")
        make_venv()
    installed, _, mark = STAMP.read_text().partition(" ") if STAMP.exists() else ("", "", "")
    if installed == "dev":
        lock = "dev"  # it holds all that the smaller set has
    file = ROOT / "requirements" / f"{lock}.txt"
    wanted = hashlib.sha256(file.read_bytes()).hexdigest()
    if (installed, mark) == (lock, wanted):
        return
    say(f"Installing requirements/{lock}.txt, once (about a minute)")
    run([*installer(), "--require-hashes", "--quiet", "-r", str(file)])
    tell_venv_where_we_are()
    STAMP.write_text(f"{lock} {wanted}")


def works(python: Path) -> bool:
    if not python.exists():
        return False
    return subprocess.call([str(python), "-c", "pass"], stderr=subprocess.DEVNULL) == 0


def make_venv() -> None:
    uv = shutil.which("uv")
    if uv:
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
        return
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.call([sys.executable, "-c", "import ensurepip"], stderr=subprocess.DEVNULL):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            sys.exit("This Python cannot make a .venv. Run once: apt-get install python3-venv")
        say("Installing python3-venv (this Python has no ensurepip)")
        apt_install("python3-venv")
    run(make)


def apt_install(*packages: str) -> None:
    run(["apt-get", "update", "-qq"])
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages])


def installer() -> list[str]:
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--python", str(PYTHON)]
    if subprocess.call([str(PYTHON), "-m", "pip", "--version"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL):  # fmt: skip
        run([str(PYTHON), "-m", "ensurepip"])
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check",
            "--root-user-action", "ignore"]  # fmt: skip


def tell_venv_where_we_are() -> None:
    """Let every tool of .venv find the packages `readiness` and `tests`."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([str(PYTHON), "-c", ask]).decode().strip()
    Path(packages, "readiness.pth").write_text(f"{ROOT}\n")


def write_locks() -> None:
    """Resolve requirements/*.in again, all sets in one resolution."""
    uv = shutil.which("uv")
    if not uv:
        sys.exit("Writing the locks needs uv: pip install uv")
    for name in LOCKS:
        agree = [] if name == "dev" else ["-c", "dev.txt"]
        run([uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
             "--generate-hashes", "--no-header", *agree, name + ".in", "-o", name + ".txt"],
            cwd=str(ROOT / "requirements"))  # fmt: skip
        say(f"Wrote requirements/{name}.txt")


def run(command: list[str], cwd: str | None = None) -> None:
    code = subprocess.call(command, cwd=cwd)
    if code:
        sys.exit(f"This failed (exit {code}): {' '.join(command)}")


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
