"""Somebody who changes a launch each time they are told to, in a process of their own.

What a change still does after its commit, as telling people of a verdict that fell, would keep
pages in the same process from reading what they were sent.
"""

import signal
import subprocess
import sys

from readiness.embedded.house import ROOT
from readiness.embedded.processes import dying_with_parent


class Changing:
    """The launch that is changed, and when each change was committed."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [*dying_with_parent(signal.SIGTERM), sys.executable, "-m", __name__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
        )  # fmt: skip
        self.launch = int(self._told())

    def change(self) -> float:
        if self.process.stdin:
            print(file=self.process.stdin, flush=True)
        return float(self._told())

    def _told(self) -> str:
        return self.process.stdout.readline() if self.process.stdout else ""


def main() -> None:
    from tests.bench import database, readers

    database.session_of_bench_user()
    launch, changes = readers.changes_of_a_launch()
    print(launch, flush=True)
    for _ in sys.stdin:
        print(next(changes), flush=True)


if __name__ == "__main__":
    main()
