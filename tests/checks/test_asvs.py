"""The page about OWASP ASVS names every requirement once, and only tests that are there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "asvs.md"
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 begins with.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11,
    "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1,
    "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
LEVEL_3 = ["1.2.10", "2.3.5", "4.1.4", "6.3.8", "7.5.3", "8.3.2", "15.4.2", "15.4.3", "16.5.4"]
RANGE = re.compile(r"(\d+\.\d+)\.(\d+)(?: to (\d+\.\d+)\.(\d+))?")


def wanted() -> list[str]:
    numbers = [f"{one}.{n}" for one, many in SECTIONS.items() for n in range(1, many + 1)]
    return sorted(numbers + LEVEL_3)


def named() -> list[str]:
    """The numbers in the first cell of each row, ranges written out."""
    found = []
    for row in re.findall(r"^\| (\d[^|]*) \|", PAGE.read_text(), re.M):
        for first, start, last, end in RANGE.findall(row):
            sections = [first] if not last or first == last else [first, last]
            if len(sections) == 1:
                found += [f"{first}.{n}" for n in range(int(start), int(end or start) + 1)]
    return sorted(found)


def test_every_requirement_of_level_2_is_answered_once():
    assert sum(SECTIONS.values()) == 253
    assert named() == wanted()


def test_every_row_says_what_is_done_or_what_is_missing():
    rows = re.findall(r"^\| \d[^\n]*$", PAGE.read_text(), re.M)

    empty = [row for row in rows if len([cell for cell in row.split("|")[1:4] if cell.strip()]) < 3]

    assert empty == []


def test_every_test_it_names_is_there():
    missing = []
    for place in re.findall(r"`(tests/[\w/.]+(?:::\w+)?)`", PAGE.read_text()):
        file, _, name = place.partition("::")
        path = ROOT / file
        functions = (
            {node.name for node in ast.parse(path.read_text()).body if hasattr(node, "name")}
            if path.is_file()
            else set()
        )
        if not path.exists() or (name and name not in functions):
            missing.append(place)

    assert missing == []
