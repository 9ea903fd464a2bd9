"""What is wrong with a file, line by line, in words for the person who wrote it."""

from typing import NamedTuple

Path = tuple[str | int, ...]
MOST_SHOWN = 20


class Problem(NamedTuple):
    """One thing to put right."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.sentence}"


class Unreadable(Exception):  # noqa: N818
    """A file that is no checklist, with every reason found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            shown.append(f"And {len(self.problems) - MOST_SHOWN} more.")
        super().__init__("\n".join(shown))
