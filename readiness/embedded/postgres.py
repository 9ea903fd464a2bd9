"""PostgreSQL on a unix socket, with two roles: one owns the data, the other works with it."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from readiness.embedded.binaries import postgres_folder
from readiness.embedded.processes import Child, Trouble, start, wait_until

OWNER = "readiness_owner"
APP = "readiness_app"
DATABASE = "readiness"

# The superuser does this and nothing else. Each line is harmless when it was done before.
ROLES = r"""
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER CREATEDB', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB', :'app')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'app') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
"""


@dataclass(frozen=True)
class Way:
    """How PostgreSQL is run as somebody else than root, and who then owns its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int


@dataclass(frozen=True)
class Postgres:
    """One server: its files, its socket folder, and whether it survives a power cut."""

    home: Path
    run: Path
    logs: Path
    durable: bool

    @property
    def data(self) -> Path:
        return self.home / "data"

    def start(self) -> Child:
        """Make the cluster if there is none, start it, and make sure of the two roles."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        way = way_of_running(self.home, self.run)
        if not self.data.exists():
            self.initialise(way)
        forget_dead_lock(self.data / "postmaster.pid")
        child = start(
            [postgres_folder() / "postgres", *self.options()],
            name="PostgreSQL",
            log=self.logs / "postgresql.log",
            farewell=signal.SIGINT,
            way=way.prefix,
        )
        wait_until(self.answers, child=child, seconds=60)
        self.make_roles()
        return child

    def initialise(self, way: Way) -> None:
        """A new cluster, put in its place only when it is whole."""
        fresh = self.home / "fresh"
        subprocess.run(["rm", "-rf", fresh], check=True)
        made = subprocess.run(
            [*way.prefix, str(postgres_folder() / "initdb"), "--pgdata", str(fresh),
             "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
             "--locale-provider", "builtin", "--locale", "C.UTF-8",
             *([] if self.durable else ["--no-sync"])],
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if made.returncode:
            raise Trouble(f"PostgreSQL could not make its files:\n{made.stdout}{made.stderr}")
        fresh.rename(self.data)

    def options(self) -> list[str]:
        kept = "on" if self.durable else "off"
        wanted = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.run),
            "unix_socket_permissions": "0700",
            "fsync": kept,
            "synchronous_commit": kept,
            "full_page_writes": kept,
            "autovacuum": kept,  # statistics that come when they like make plans that do so too
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if sys.platform == "linux":  # one call instead of one for each file, after a crash
            wanted["recovery_init_sync_method"] = "syncfs"
        settings = [word for name, value in wanted.items() for word in ("-c", f"{name}={value}")]
        return ["-D", str(self.data), *settings]

    def answers(self) -> bool:
        asked = [str(postgres_folder() / "pg_isready"), "-q", "-h", str(self.run), "-d", "postgres"]
        return subprocess.run(asked, check=False).returncode == 0

    def make_roles(self) -> None:
        """Have the superuser make what is missing, over the socket."""
        names = {"owner": OWNER, "app": APP, "database": DATABASE, "ON_ERROR_STOP": "1"}
        variables = [word for name, value in names.items() for word in ("-v", f"{name}={value}")]
        made = subprocess.run(
            [postgres_folder() / "psql", "--no-psqlrc", "--quiet", *variables,
             "--host", self.run, "--username", "postgres", "--dbname", "postgres"],
            input=ROLES, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise Trouble(f"PostgreSQL refused to set up its roles:\n{made.stderr}")


def way_of_running(home: Path, run: Path) -> Way:
    """The first way in which PostgreSQL runs here: it refuses to run as root.

    A user namespace where root is called nobody needs no new owner for the files, so it
    also works below folders that only root may enter. Where it is refused (some containers),
    the files are given to nobody, with the right to pass through closed folders if need be.
    """
    if os.geteuid() != 0:
        return Way((), os.getuid(), os.getgid())
    for way in ways_for_root():
        give(home, way)
        give(run, way)
        if works(way, home):
            return way
    raise Trouble(
        "PostgreSQL refuses to run as root, and neither unshare nor setpriv could make "
        "somebody else of it here. Run this as another user."
    )


def ways_for_root() -> Iterator[Way]:
    nobody = pwd.getpwnam("nobody")  # it must be a name in /etc/passwd: initdb looks it up
    drop = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    yield Way(("unshare", "--user", f"--map-user={nobody.pw_uid}"), 0, 0)
    yield Way(drop, nobody.pw_uid, nobody.pw_gid)
    for right in ("+dac_read_search", "+dac_override"):
        passing = (f"--inh-caps={right}", f"--ambient-caps={right}")
        yield Way((*drop, *passing), nobody.pw_uid, nobody.pw_gid)


def give(folder: Path, way: Way) -> None:
    """Make the one who runs PostgreSQL the owner of its files."""
    if folder.stat().st_uid == way.uid:
        return
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, way.uid, way.gid, follow_symlinks=False)


def works(way: Way, home: Path) -> bool:
    """Can this way reach both the program and the files?"""
    tries = (["touch", str(home / "reached")], [str(postgres_folder() / "postgres"), "--version"])
    try:
        return all(
            subprocess.run(
                [*way.prefix, *one], capture_output=True, check=False, cwd="/"
            ).returncode
            == 0
            for one in tries
        )
    except FileNotFoundError:
        return False


def forget_dead_lock(lock: Path) -> None:
    """Remove the lock of a server that was killed, when its number now belongs to another."""
    if not lock.exists():
        return
    number = lock.read_text().split("\n", 1)[0].strip()
    name = Path("/proc", number, "comm")
    if name.exists() and name.read_text().strip() != "postgres":
        lock.unlink()
