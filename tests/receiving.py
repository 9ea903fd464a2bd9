"""Servers that are called by HTTP, and how they go wrong."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Receiver:
    """A server that answers each request with the same pieces, with a pause before each."""

    def __init__(self, *pieces: bytes, pause: float, certificate: Path | None) -> None:
        self.pieces, self.pause = pieces, pause
        self.certificate = certificate
        self.heard: list[bytes] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}/in?team=ads"

    def serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            try:
                with self.private(line) as line:
                    self.heard.append(request(line))
                    self.say(line)
            except ssl.SSLError:
                continue  # the other side did not like the certificate

    def private(self, line: socket.socket) -> socket.socket:
        if self.certificate is None:
            return line
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        return context.wrap_socket(line, server_side=True)

    def say(self, line: socket.socket) -> None:
        for piece in self.pieces:
            time.sleep(self.pause)
            try:
                line.sendall(piece)
            except OSError:
                return


def request(line: socket.socket) -> bytes:
    """What is sent, to the end of its body."""
    heard = b""
    while not is_whole(heard) and (piece := line.recv(65_536)):
        heard += piece
    return heard


def is_whole(heard: bytes) -> bool:
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return length is not None and len(body) >= int(length[1])


@contextmanager
def receiver(
    *pieces: bytes, pause: float = 0, certificate: Path | None = None
) -> Iterator[Receiver]:
    there = Receiver(*pieces, pause=pause, certificate=certificate)
    threading.Thread(target=there.serve, daemon=True).start()
    try:
        yield there
    finally:
        there.door.shutdown(socket.SHUT_RDWR)
        there.door.close()
