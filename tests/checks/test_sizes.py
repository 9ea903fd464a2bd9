"""No file grows beyond what a person reads in one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50
LINES_OF_A_TEMPLATE = 150


def python_files() -> list[Path]:
    own = [ROOT / "bootstrap.py", ROOT / "manage.py"]
    return own + [file for room in ("readiness", "tests") for file in (ROOT / room).rglob("*.py")]


def line_count(file: Path) -> int:
    return len(file.read_text().splitlines())


def functions_of(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_python_file_is_longer_than_400_lines():
    long = {
        str(file.relative_to(ROOT)): line_count(file)
        for file in python_files()
        if file.parent.name != "migrations"  # Django writes those
    }

    assert {name: lines for name, lines in long.items() if lines > LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{file.relative_to(ROOT)}:{function.lineno} {function.name}"
        for file in python_files()
        for function in functions_of(file)
        if (function.end_lineno or 0) - function.lineno + 1 > LINES_OF_A_FUNCTION
    ]

    assert long == []


def test_no_template_is_longer_than_150_lines():
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    long = {str(file.relative_to(ROOT)): line_count(file) for file in templates}

    assert {name: lines for name, lines in long.items() if lines > LINES_OF_A_TEMPLATE} == {}


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "except " + "Exception"])
def test_nothing_is_left_for_later_or_caught_blindly(word):
    here = Path(__file__).resolve()
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in python_files()
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if word in line and file.resolve() != here
    ]

    assert found == []


def test_no_room_hides_things_in_utils():
    nameless = {"utils", "common", "misc", "helpers"}

    assert [file for file in python_files() if nameless & {file.stem, file.parent.name}] == []
