"""A line between the server and Valkey that a test can cut, and lay again."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit


class Line:
    """Hands on what comes, both ways. While it is cut nobody gets through: Valkey is gone."""

    def __init__(self, url: str, folder: Path) -> None:
        parts = urlsplit(url)
        self.there = parts.path
        self.here = folder / "valkey.sock"
        self.url = f"unix://{self.here}?{parts.query}"
        self.is_cut = False
        self.ends: list[socket.socket] = []
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(self.here))
        self.door.listen(128)
        threading.Thread(target=self._open, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        for end in self.ends:
            _hang_up(end)
        self.ends.clear()

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        _hang_up(self.door)

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self.door.accept()
                if self.is_cut:
                    caller.close()
                    continue
                called = socket.socket(socket.AF_UNIX)
                called.connect(self.there)
                self.ends += [caller, called]
                for both in ((caller, called), (called, caller)):
                    threading.Thread(target=_hand_on, args=both, daemon=True).start()


def _hand_on(this: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while said := this.recv(65_536):
            other.sendall(said)
    _hang_up(this)
    _hang_up(other)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def line_to(url: str, folder: Path) -> Iterator[Line]:
    line = Line(url, folder)
    try:
        yield line
    finally:
        line.close()
