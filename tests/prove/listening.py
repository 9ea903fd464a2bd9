"""A receiver of webhooks that goes wrong, and keeps the names of what it was told."""

import threading
import time
from collections import defaultdict, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from readiness.notifications.ways.webhook import signature

# Instead of 200, every third time: a status; or cut before an answer, in it, or said late.
CUT, HALF, SLOW = 0, 1, 2
FAULTS = (500, CUT, 429, HALF, 503, SLOW)
EVERY = 3


class Listener(ThreadingHTTPServer):
    """One receiver on loopback: `heard` are all bodies by their name, `taken` what it said yes to.

    A call whose signature is not by `secret` counts as `unsigned`.
    """

    daemon_threads = True

    def __init__(self, secret: str) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.secret = secret
        self.heard: defaultdict[str, set[bytes]] = defaultdict(set)
        self.taken: set[str] = set()
        self.calls = self.unsigned = 0
        self.faults = deque(FAULTS)
        self.talks = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/in"

    def fault(self) -> int:
        with self.talks:
            self.calls += 1
            if self.calls % EVERY:
                return 200
            self.faults.rotate(-1)
            return self.faults[-1]

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever called was killed: no news."""


class Door(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.headers["webhook-id"]
        signed = signature(self.server.secret, name, self.headers["webhook-timestamp"], body)
        self.server.unsigned += self.headers["webhook-signature"] != f"v1,{signed}"
        self.server.heard[name].add(body)
        fault = self.server.fault()
        if fault == CUT:
            self.close_connection = True
            return
        if fault == HALF:
            self.wfile.write(b"HTTP/1.1 2")
            self.close_connection = True
            return
        if fault == SLOW:
            time.sleep(0.3)
            fault = 200
        if fault == 200:
            self.server.taken.add(name)
        self.send_response(fault)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing on the terminal."""
