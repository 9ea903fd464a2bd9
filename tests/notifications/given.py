"""What tests of notifications start from: people who own items, and servers that fail."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.notifications.models import Delivery
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_digests
from readiness.notifications.services.telling import tell_what_was_missed
from tests import make

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BEFORE = MONDAY - timedelta(days=30)


def owner(launch: Launch, name: str = "Priya Raman", **fields) -> User:
    """A person in the launch's team."""
    return make.user(name, team=launch.team, **fields)


def owns(person: User, launch: Launch, *dues: int | None, since: datetime = BEFORE) -> list[int]:
    """The launch's first items, owned by the person and due so many days from Monday."""
    items = list(launch.items.all()[: len(dues)])
    for item, days in zip(items, dues, strict=True):
        due = None if days is None else (MONDAY + timedelta(days=days)).date()
        LaunchItem.objects.filter(pk=item.pk).update(owner=person, owned_since=since, due_on=due)
    return [item.pk for item in items]


def remind(now: datetime = MONDAY) -> None:
    """What beat does: find who is due, and send what waits."""
    queue_digests(now=now)
    deliver_due(now=now)


def swept(now: datetime = MONDAY) -> int:
    """How much the sweep of the log queued; what ends just then elsewhere may hold one up."""
    return sum(tell_what_was_missed(now=now) for _ in range(3))


def ended(person: User | None = None) -> list[tuple[str, str]]:
    """The window and state of every delivery but news, in the order in which they were queued."""
    rows = Delivery.objects.filter(event=None)
    rows = rows.filter(recipient=person) if person else rows
    return list(rows.order_by("pk").values_list("window", "state"))


class Inbox:
    """A mail server that takes everything, and keeps it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.to += envelope.rcpt_tos
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def mail_server(settings, handler: object, **options: object) -> Iterator[None]:
    """A real mail server on loopback, set as the installation's."""
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    use(settings, controller.port)
    try:
        yield
    finally:
        controller.stop()


def use(settings, port: int, security: str = "none") -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = security == "starttls", security == "tls"
    settings.EMAIL_TIMEOUT = 1


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Scripted:
    """A mail server that goes wrong at one point, and counts what it accepted.

    `answers` replaces what it says to a verb; "hang" says nothing, "drip" a byte at a time,
    "drop" cuts the line. The verb of the line with the single dot is ".".
    """

    def __init__(self, settings, **answers: str) -> None:
        self.answers = {verb.upper().replace("DOT", "."): said for verb, said in answers.items()}
        self.accepted = 0
        self.dialled = 0
        self.stopped = threading.Event()
        self.door = socket.create_server(("127.0.0.1", 0))
        use(settings, self.door.getsockname()[1])

    def __enter__(self) -> "Scripted":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.stopped.set()
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()

    def _listen(self) -> None:
        while not self.stopped.is_set():
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            self.dialled += 1
            threading.Thread(target=self._talk, args=[line], daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        usual = {"DATA": "354 go on", "QUIT": "221 bye", "HELLO": "220 ready"}
        with line, line.makefile("rb") as lines:
            if not self._say(line, self.answers.get("HELLO", usual["HELLO"])):
                return
            in_data = False
            for said in lines:
                if in_data and said != b".\r\n":
                    continue
                verb = "." if in_data else re.split(rb"\W", said.upper())[0].decode()
                answer = self.answers.get(verb, usual.get(verb, "250 ok"))
                in_data = verb == "DATA" and answer.startswith("354")
                self.accepted += verb == "." and answer[0] in "2hd"
                if not self._say(line, answer):
                    return

    def _say(self, line: socket.socket, answer: str) -> bool:
        if answer == "drop":
            return False
        if answer == "hang":
            self.stopped.wait(20)
            return False
        try:
            if answer == "drip":
                while not self.stopped.wait(0.2):
                    line.sendall(b"2")
                return False
            line.sendall(answer.encode() + b"\r\n")
        except OSError:
            return False
        return True
