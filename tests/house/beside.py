"""A database beside that of the tests, and commands that are run on it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]


def addresses(name: str) -> dict[str, str]:
    urls = {"READINESS_OWNER_DATABASE_URL": "owner", "READINESS_DATABASE_URL": "default"}
    found = {}
    for variable, alias in urls.items():
        one = connections[alias].settings_dict
        found[variable] = f"postgresql://{one['USER']}@/{name}?host={one['HOST']}"
    return found | {"READINESS_REDIS_URL": settings.REDIS_URL}


def manage(variables: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        env={**os.environ, **variables}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def lines_of(variables: dict[str, str], *words: str) -> Iterator[str]:
    """What a command says, line by line as it says it."""
    with subprocess.Popen(
        [sys.executable, "manage.py", *words],
        env={**os.environ, **variables, "PYTHONUNBUFFERED": "1"}, cwd=ROOT, text=True,
        stdout=subprocess.PIPE,
    ) as command:  # fmt: skip
        yield from command.stdout or ()
