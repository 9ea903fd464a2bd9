"""A copy of the whole database in one file, and a database made of it."""

import os
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from readiness.embedded.binaries import postgres_folder
from readiness.embedded.processes import Trouble


def dump(url: str, file: Path) -> None:
    """Write everything in the database to a file that nobody else may read, or none at all."""
    fresh = file.with_name(f"{file.name}.part")
    fresh.touch(mode=0o600)
    try:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-comments", f"--file={fresh}")
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        fresh.rename(file)
    finally:
        fresh.unlink(missing_ok=True)


def load(url: str, file: Path) -> None:
    """Fill an empty database from a file, in one transaction: wholly, or not at all."""
    _run(
        "pg_restore", url, "--no-owner", "--no-comments", "--single-transaction",
        "--exit-on-error", str(file),
    )  # fmt: skip


def _run(program: str, url: str, *words: str) -> None:
    """Run a program of PostgreSQL's; the password goes by the environment, which `ps` hides."""
    parts = urlsplit(url)
    env = dict(os.environ)
    if parts.password:
        env["PGPASSWORD"] = unquote(parts.password)
        url = url.replace(f":{parts.password}@", "@", 1)
    done = subprocess.run(
        [postgres_folder() / program, f"--dbname={url}", *words],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Trouble(f"{program} failed:\n{done.stderr.strip()}")
