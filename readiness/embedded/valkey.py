"""Valkey on a unix socket: the broker, the cache and the news between processes."""

import socket
from dataclasses import dataclass
from pathlib import Path

from readiness.embedded.binaries import valkey_server
from readiness.embedded.processes import Child, start, wait_until


@dataclass(frozen=True)
class Valkey:
    """One server: its files, its socket, and whether it keeps what it is told."""

    home: Path
    run: Path
    logs: Path
    durable: bool

    @property
    def socket(self) -> Path:
        return self.run / "valkey.sock"

    def start(self) -> Child:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        child = start(
            [valkey_server(), *self.options()], name="Valkey", log=self.logs / "valkey.log"
        )
        wait_until(self.answers, child=child)
        return child

    def options(self) -> list[str]:
        wanted = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "appendonly": "yes" if self.durable else "no",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        options = [word for name, value in wanted.items() for word in (f"--{name}", value)]
        return [*options, "--save", ""]

    def answers(self) -> bool:
        """Does it answer PING? While it loads its file it does not."""
        try:
            with socket.socket(socket.AF_UNIX) as door:
                door.settimeout(1)
                door.connect(str(self.socket))
                door.sendall(b"PING\r\n")
                return door.recv(5) == b"+PONG"
        except OSError:
            return False
