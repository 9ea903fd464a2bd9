"""`make test`: every test, on engines of its own; the browser's run beside all others."""

import ctypes
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from readiness.embedded.house import ROOT, say
from readiness.embedded.throwaway import kept_bytecode, throwaway_engines

NOTHING_COLLECTED = 5
LIGHT = "chromium-headless-shell"  # Chromium without its own windows: a third less work
BROWSERS = (LIGHT, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_TESTS = ROOT / "tests" / "browser"


def test(words: list[str]) -> int:
    """Run pytest twice: Playwright keeps a loop in the main thread, which others cannot share.

    Both at once: who looks into a browser waits a lot, and so does who restarts the product.
    What the second says is shown when the first is through.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("READINESS_")}
    browser = find_browser()
    with (
        throwaway_engines() as addresses,
        kept_bytecode() as bytecode,
        ThreadPoolExecutor() as pool,
        TemporaryFile("w+") as said,
    ):
        env |= addresses | bytecode | {"CHROMIUM": browser}
        looking = None
        if browser and BROWSER_TESTS.exists():
            looking = pool.submit(pytest, env, str(BROWSER_TESTS), *words, out=said)
        say("== Tests, all but the browser's, which run beside them")
        rest = pytest(env, "--numprocesses", "2", "--dist", "loadgroup", "-p", "no:playwright",
                      "--ignore", str(BROWSER_TESTS), "tests", *words)  # fmt: skip
        looked = 0
        if looking:
            looked = looking.result()
            said.seek(0)
            say(f"== Tests in the browser\n{said.read()}")
    return verdict(rest, looked, browser, is_part=bool(words))


def pytest(env: dict[str, str], *words: str, out: IO[str] | None = None) -> int:
    command = [sys.executable, "-m", "pytest", "-q", *words]
    done = subprocess.run(command, env=env, cwd=ROOT, check=False, stdout=out, stderr=out)
    return done.returncode


def verdict(rest: int, looked: int, browser: str, *, is_part: bool) -> int:
    """One closing line, and the exit code that goes with it.

    A run that found no tests is a failure, unless somebody asked for a part of them.
    """
    fine = {0, NOTHING_COLLECTED} if is_part else {0}
    failed = [name for name, code in (("tests", rest), ("browser tests", looked))
              if code not in fine]  # fmt: skip
    if failed:
        say(f"== FAILED: {' and '.join(failed)}")
        return 1
    if not browser:
        say("== NO BROWSER: the tests in tests/browser did NOT run. " + how_to_get_one())
        if os.environ.get("ALLOW_NO_BROWSER") != "1":
            say("== FAILED: set ALLOW_NO_BROWSER=1 to accept that")
            return 1
        say("== Passed, without the browser (ALLOW_NO_BROWSER=1)")
        return 0
    say("== Passed")
    return 0


def find_browser() -> str:
    """Chromium from $CHROMIUM or PATH; root may install the light one. "" when there is none."""
    found = browser_here()
    if found and has_libatomic() and (found == given() or Path(found).name == LIGHT):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install(LIGHT, "libatomic1")
        if not (browser_here() and has_libatomic()):
            install("chromium", "libatomic1")
        found = browser_here()
    return found if has_libatomic() else ""


def install(*packages: str) -> None:
    say(f"Installing {' and '.join(packages)}")
    quiet = ["apt-get", "-qq", "-y", "--no-install-recommends"]
    subprocess.run([*quiet, "update"], check=False)
    subprocess.run([*quiet, "install", *packages], check=False)


def browser_here() -> str:
    return given() or next((path for path in map(shutil.which, BROWSERS) if path), "")


def given() -> str:
    path = os.environ.get("CHROMIUM", "")
    return path if path and Path(path).exists() else ""


def has_libatomic() -> bool:
    """Playwright's node needs it."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def how_to_get_one() -> str:
    return "Install one with: apt-get install chromium libatomic1"
