"""The verdict of `make test`: never green by accident, never silent about a missing browser."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from readiness.embedded import suite
from readiness.embedded.checks import Step
from readiness.embedded.house import ROOT
from readiness.embedded.throwaway import kept_bytecode

PASSED, FAILED, NOTHING = 0, 1, 5


@pytest.mark.parametrize(
    ("rest", "looked", "browser", "is_part", "code", "last_line"),
    [
        (PASSED, PASSED, "/bin/chromium", False, 0, "== Passed"),
        (FAILED, PASSED, "/bin/chromium", False, 1, "== FAILED: tests"),
        (PASSED, FAILED, "/bin/chromium", False, 1, "== FAILED: browser tests"),
        (FAILED, FAILED, "/bin/chromium", False, 1, "== FAILED: tests and browser tests"),
        (NOTHING, PASSED, "/bin/chromium", False, 1, "== FAILED: tests"),
        (NOTHING, PASSED, "/bin/chromium", True, 0, "== Passed"),
        (PASSED, PASSED, "", False, 1, "== FAILED: set ALLOW_NO_BROWSER=1 to accept that"),
        (FAILED, PASSED, "", False, 1, "== FAILED: tests"),
    ],
)
def test_one_line_says_how_it_went(
    rest, looked, browser, is_part, code, last_line, capsys, monkeypatch
):
    monkeypatch.delenv("ALLOW_NO_BROWSER", raising=False)

    given = suite.verdict(rest, looked, browser, is_part=is_part)

    assert (given, capsys.readouterr().out.splitlines()[-1]) == (code, last_line)


def test_a_missing_browser_is_accepted_only_by_hand_and_said_loudly(capsys, monkeypatch):
    monkeypatch.setenv("ALLOW_NO_BROWSER", "1")

    given = suite.verdict(PASSED, PASSED, "", is_part=False)

    said = capsys.readouterr().out
    assert given == 0
    assert "NO BROWSER: the tests in tests/browser did NOT run" in said


def test_the_browser_named_by_hand_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("CHROMIUM", str(tmp_path))

    assert suite.browser_here() == str(tmp_path)


def test_a_check_that_fails_shows_what_its_tool_said():
    good = Step("good", ("python", "-c", "print('fine')")).run({})
    bad = Step("bad", ("python", "-c", "raise SystemExit('a word that is missing')")).run({})

    assert (good.is_good, good.output) == (True, "fine\n")
    assert (bad.is_good, bad.output) == (False, "a word that is missing\n")


def test_the_programs_of_a_run_share_what_was_compiled_also_where_python_is_to_keep_nothing(
    monkeypatch,
):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    program = [sys.executable, "-c", "import readiness.embedded.house"]

    with kept_bytecode() as variables:
        subprocess.run(program, env=os.environ | variables, cwd=ROOT, check=True)
        folder = Path(variables["PYTHONPYCACHEPREFIX"])
        kept = [file.name.split(".")[0] for file in folder.rglob("embedded/house.*.pyc")]

    assert (kept, folder.exists()) == (["house"], False)


def test_where_python_keeps_bytecode_beside_its_files_it_stays_there(monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)

    with kept_bytecode() as variables:
        given = variables

    assert given == {}
