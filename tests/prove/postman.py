"""A mail server that goes wrong in every way, and counts what it took and what it refused."""

import re
import socket
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass

SLOW, DRIP, HANG, DROP, CUT = "slow", "drip", "hang", "drop", "cut"
DOT = "."
# What is answered to a verb instead of yes, one after the other. The first line of a connection
# goes wrong right after one that was cut, so that there is one.
FAULTS = (
    ("MAIL", SLOW),
    (DOT, "451 try again"),
    ("RCPT", "550 no such person"),
    (DOT, DROP),
    ("HELLO", "421 busy"),
    ("RCPT", "451 greylisted"),
    ("DATA", DROP),
    ("HELLO", DROP),
    (DOT, DRIP),
    ("EHLO", DRIP),
    ("DATA", "452 full"),
    (DOT, HANG),
    ("HELLO", DRIP),
    (DOT, "554 spam"),
    ("DATA", CUT),
    ("MAIL", "421 later"),
)
SILENT = {DROP, DRIP, HANG}
USUAL = {"HELLO": "220 ready", "DATA": "354 go on", "QUIT": "221 bye"}
MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^>]+>)")
PATIENCE = 5


@dataclass(frozen=True)
class Taken:
    """A mail that the server took: after its final dot, whatever was said then."""

    to: str
    message_id: str


class Postman:
    """One mail server on loopback; each `every`-th mail meets the next fault.

    Who sends waits `seconds` for a mail: an answer that took half of it counts as a silence, as
    a busy machine makes some.
    """

    def __init__(self, *, every: int, seconds: float) -> None:
        self.every, self.seconds = every, seconds
        self.taken: list[Taken] = []
        self.refused: Counter[str] = Counter()
        self.silences = self.mails = self.since = 0
        self.faults = deque(FAULTS)
        self.heard_at = time.monotonic()
        self.waits_at = ""
        self.waits, self.goes_on = threading.Event(), threading.Event()
        self.talks = threading.Lock()
        self.door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def close(self) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()

    def wait_at(self, verb: str) -> None:
        """Hold still at the next such line until `go_on`; `waits` says that it came."""
        self.waits.clear()
        self.goes_on.clear()
        self.waits_at = verb

    def go_on(self) -> None:
        self.waits_at = ""
        self.goes_on.set()

    def listen(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=[line], daemon=True).start()

    def talk(self, line: socket.socket) -> None:
        try:
            with line, line.makefile("rb") as lines:
                Talk(self, line).through(lines)
        except OSError:
            return  # the other side was killed

    def fault(self, verb: str) -> str:
        """What goes wrong at this line, if it is time; or nothing."""
        with self.talks:
            self.heard_at = time.monotonic()
            self.since += verb == "MAIL"
            wanted, answer = self.faults[0]
            is_time = self.since >= self.every or wanted in ("HELLO", "EHLO")
            if not self.every or wanted != verb or not is_time:
                return ""
            self.faults.rotate(-1)
            self.since = 0
            return answer

    def stop_here(self, verb: str) -> None:
        if self.waits_at == verb:
            self.waits.set()
            self.goes_on.wait(PATIENCE)


class Talk:
    """One connection."""

    def __init__(self, postman: Postman, line: socket.socket) -> None:
        self.postman, self.line = postman, line
        self.to = ""
        self.began = time.monotonic()

    def through(self, lines: object) -> None:
        if not self.answer("HELLO"):
            return
        mail: list[bytes] | None = None
        for said in lines:  # type: ignore[attr-defined]
            if mail is None:
                verb = re.split(rb"\W", said.upper())[0].decode()
                if verb == "RCPT":
                    self.to = said.split(b"<")[1].split(b">")[0].decode()
                if not self.answer(verb):
                    return
                mail = [] if verb == "DATA" and self.is_going_on else None
            elif said != b".\r\n":
                mail.append(said)
            elif not self.answer(DOT, b"".join(mail)):
                return
            else:
                mail = None

    def answer(self, verb: str, mail: bytes = b"") -> bool:
        """Say yes, or what goes wrong; false when the connection is over."""
        postman = self.postman
        if verb == "MAIL":
            self.began = time.monotonic()
        fault = postman.fault(verb)
        self.is_going_on = fault in ("", SLOW, CUT)
        if verb == DOT and (self.is_going_on or fault in SILENT):
            found = MESSAGE_ID.search(mail)
            postman.taken.append(Taken(self.to, found[1].decode() if found else ""))
            is_late = time.monotonic() - self.began > postman.seconds / 2
            postman.silences += fault in SILENT or is_late
        if fault.startswith("5"):
            postman.refused[self.to] += 1
        postman.stop_here(verb)
        return self.say(fault or USUAL.get(verb, "250 ok"))

    def say(self, answer: str) -> bool:
        if answer == CUT:  # in the middle of the mail, before its dot
            self.line.sendall(b"354 go on\r\n")
            self.line.recv(1)
            return False
        if answer == DROP:
            return False
        if answer == HANG:
            self.line.recv(1)  # until the other side hangs up
            return False
        if answer == DRIP:
            while True:
                self.line.sendall(b"2")
                time.sleep(1)
        if answer == SLOW:
            time.sleep(0.3)
            answer = "250 ok"
        self.line.sendall(answer.encode() + b"\r\n")
        return True
