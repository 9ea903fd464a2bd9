"""The verdict of `make test`: never green by accident, never silent about a missing browser."""

import pytest

from readiness.embedded import suite
from readiness.embedded.checks import Step

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
