"""`make check`: format, lint, types, templates, floor plan, dependencies, migrations, docs."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from readiness.embedded.house import ROOT, say
from readiness.embedded.throwaway import throwaway_engines

TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One tool, by the name people know its check by."""

    name: str
    command: tuple[str, ...]

    def run(self, env: dict[str, str]) -> "Outcome":
        began = time.monotonic()
        program = str(TOOLS / self.command[0])
        done = subprocess.run(
            [program, *self.command[1:]],
            env=env, cwd=ROOT, check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return Outcome(self, done.returncode == 0, done.stdout, time.monotonic() - began)


@dataclass(frozen=True)
class Outcome:
    step: Step
    is_good: bool
    output: str
    seconds: float


STEPS = [
    Step("types", ("mypy", "readiness")),
    Step("format", ("ruff", "format", "--check", "--quiet", ".")),
    Step("lint", ("ruff", "check", "--quiet", ".")),
    Step("templates", ("djlint", "templates", "--lint", "--profile", "django", "--quiet")),
    Step("floor plan", ("lint-imports",)),
    Step("dependencies", ("deptry", ".")),
    Step("migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    Step(
        "docker-compose.yml",
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
    ),
    Step("sizes and docs", ("python", "-m", "pytest", "-q", "tests/checks")),
]


def check(words: list[str]) -> int:
    """Run every static check, two at a time, and print a verdict for each."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("READINESS_")}
    with throwaway_engines() as addresses, ThreadPoolExecutor(2) as pool:
        outcomes = []
        for outcome in pool.map(lambda step: step.run(env | addresses), STEPS):
            outcomes.append(outcome)
            show(outcome)
    failed = [outcome.step.name for outcome in outcomes if not outcome.is_good]
    say(f"== FAILED: {', '.join(failed)}" if failed else "== All checks passed")
    return 1 if failed else 0


def show(outcome: Outcome) -> None:
    """What a good step said is nobody's concern."""
    word = "ok    " if outcome.is_good else "FAILED"
    say(f"{word} {outcome.step.name} ({outcome.seconds:.1f} s)")
    if not outcome.is_good:
        say("\n".join(f"    {line}" for line in outcome.output.splitlines()))
