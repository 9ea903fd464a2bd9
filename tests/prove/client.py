"""A browser that keeps its connection, and opens a new one when it was cut off."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

CUT_OFF = (OSError, http.client.HTTPException)
PATIENCE = 20


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took; status 0 when nothing did."""

    status: int
    body: bytes
    seconds: float

    @property
    def is_done(self) -> bool:
        return 200 <= self.status < 300


class Browser:
    """One connection to the product, signed in by its headers."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.port = port
        self.headers = dict(headers)
        self.connection = self.connect()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def post(self, path: str, **fields: object) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(fields).encode(), form)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request; a connection that was cut off is an answer too."""
        began = time.monotonic()
        try:
            self.connection.request(method, path, body, self.headers | dict(headers or {}))
            response = self.connection.getresponse()
            status, said = response.status, response.read()
        except CUT_OFF:
            self.connection.close()
            self.connection = self.connect()
            status, said = 0, b""
        return Answer(status, said, time.monotonic() - began)

    def close(self) -> None:
        self.connection.close()
