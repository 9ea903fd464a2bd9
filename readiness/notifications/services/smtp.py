"""The way out by SMTP: one connection for many mails, a deadline for each, and one point of
no return.

A mail server accepts a mail when it has read the line with a single dot. Whatever fails before
that line was sent did not go out. After it, only the server's answer says what became of it.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from threading import Timer
from types import TracebackType

from django.conf import settings

from readiness.web.wires import Wire

DOT = b".\r\n"
HELLO, TAKEN = 220, 250
LONGEST = 300


class NotSent(Exception):  # noqa: N818
    """It did not go out. Try again later."""


class ServerAway(NotSent):
    """There is no talking to the mail server at all: the other mails need not be tried."""


class Rejected(Exception):  # noqa: N818
    """The mail server does not want this mail, now or ever."""


class Unanswered(Exception):  # noqa: N818
    """The mail was handed over whole, and no answer came."""


class Line(Wire, smtplib.SMTP):
    """A connection to the mail server."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or the dot waits for an ACK
        self.wire = plain.dup()
        if settings.EMAIL_USE_SSL:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        return plain

    def dial(self) -> None:
        self._host = settings.EMAIL_HOST  # whom starttls expects the certificate to name
        code, words = self.connect(settings.EMAIL_HOST, settings.EMAIL_PORT)
        if code != HELLO:
            raise smtplib.SMTPConnectError(code, words)
        if settings.EMAIL_USE_TLS:
            self.starttls(context=ssl.create_default_context())
        self.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER:
            self.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)


class MailServer:
    """The mail server of the installation: dialled when first needed, kept for the batch."""

    def __init__(self) -> None:
        self.line: Line | None = None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        if self.line is not None and kind is None:
            with self._in_time(self.line):
                try:
                    self.line.quit()
                except (OSError, smtplib.SMTPException):
                    self.line.close()
        self.drop()

    def drop(self) -> None:
        """Forget the connection; the next mail dials again."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def hand_over(self, content: bytes, *, to: str, before_the_dot: Callable[[], None]) -> None:
        """Hand one mail over; returns when the server said that it has it.

        Raises NotSent, Rejected or Unanswered. `before_the_dot` is called when all but the
        last dot was sent: when it raises, the mail is not sent.
        """
        line = self.line = self.line or Line(timeout=settings.EMAIL_TIMEOUT)
        with self._in_time(line):
            try:
                self._up_to_the_dot(line, content, to=to)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                self.drop()
                raise NotSent(reason(error)) from error
            before_the_dot()
            self._dot(line)

    @contextmanager
    def _in_time(self, line: Line) -> Iterator[None]:
        """One deadline for all that happens inside."""
        alarm = Timer(settings.EMAIL_TIMEOUT, line.hang_up)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        except BaseException:
            self.drop()
            raise
        finally:
            alarm.cancel()

    def _up_to_the_dot(self, line: Line, content: bytes, *, to: str) -> None:
        if line.sock is None:
            try:
                line.dial()
            except (OSError, smtplib.SMTPException) as error:
                raise ServerAway(reason(error)) from error
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        raise_unless_ok(*line.mail(sender), expected=(250,))
        raise_unless_ok(*line.rcpt(to), expected=(250, 251))
        raise_unless_ok(*line.docmd("DATA"), expected=(354,))
        line.send(dotted(content))

    def _dot(self, line: Line) -> None:
        try:
            line.send(DOT)
            code, words = line.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise Unanswered(reason(error)) from error
        if line.is_hung_up or not (code == TAKEN or 400 <= code < 600):
            self.drop()
            raise Unanswered(f"No whole answer: {code} {words.decode(errors='replace')}"[:LONGEST])
        raise_unless_ok(code, words, expected=(TAKEN,))


def raise_unless_ok(code: int, words: bytes, *, expected: tuple[int, ...]) -> None:
    """4xx is for now, 5xx is for ever."""
    if code in expected:
        return
    said = f"{code} {words.decode(errors='replace')}"[:LONGEST]
    raise Rejected(said) if 500 <= code < 600 else NotSent(said)


def dotted(content: bytes) -> bytes:
    """The mail with whole line ends, in which no line is a single dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = re.sub(rb"(?m)^\.", b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def reason(error: Exception) -> str:
    """What went wrong, in one line that fits its column."""
    return f"{type(error).__name__}: {error}"[:LONGEST]
