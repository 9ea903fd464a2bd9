"""PostgreSQL and Valkey together, in one folder, reached by unix sockets only."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

from readiness.embedded.postgres import APP, DATABASE, OWNER, Postgres
from readiness.embedded.processes import Child, Trouble
from readiness.embedded.valkey import Valkey

VARIABLES = ("READINESS_DATABASE_URL", "READINESS_OWNER_DATABASE_URL", "READINESS_REDIS_URL")
LONGEST_SOCKET_FOLDER = 80


class Engines:
    """Both servers of one state folder: start them, hand out their addresses, stop them."""

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        self.state = state
        self.durable = durable
        self.run = socket_folder(state)
        self.children: list[Child] = []

    def start(self) -> dict[str, str]:
        """Start both, and return the variables by which the product finds them."""
        self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_private(self.run)
        try:
            for server in self.servers:
                self.children.append(server.start())
        except BaseException:
            self.stop()
            raise
        return self.addresses(self.servers[1].socket)

    @property
    def servers(self) -> tuple[Postgres, Valkey]:
        """What is started, in this order."""
        logs = self.state / "logs"
        return (
            Postgres(self.state / "postgres", self.run, logs, self.durable),
            Valkey(self.state / "valkey", self.run, logs, self.durable),
        )

    def addresses(self, valkey: Path) -> dict[str, str]:
        host = quote(str(self.run), safe="")
        return {
            "READINESS_DATABASE_URL": f"postgresql://{APP}@/{DATABASE}?host={host}",
            "READINESS_OWNER_DATABASE_URL": f"postgresql://{OWNER}@/{DATABASE}?host={host}",
            "READINESS_REDIS_URL": f"unix://{valkey}?db=0",
        }

    def stop(self) -> None:
        """Stop both, the last started first."""
        while self.children:
            self.children.pop().stop()


def socket_folder(state: Path) -> Path:
    """Where the sockets live: in the state folder, or in a short path when that is too long.

    A socket's path has at most 107 characters, and an odd one would need quoting in each
    of the four dialects of URL that it is written in.
    """
    folder = state / "run"
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(folder), re.A):
        return folder
    mark = hashlib.sha256(str(state).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"readiness-{os.getuid()}-{mark}"


def make_private(folder: Path) -> None:
    """A folder nobody else can enter; refuse one that somebody else has laid out."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    trusted = {os.getuid()} if os.getuid() else {0, 65534}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in trusted:
        raise Trouble(f"{folder} belongs to somebody else: remove it, and start again.")
    folder.chmod(0o700)
