"""The one way out by HTTP: to public addresses only, in one time, and a little answer at most.

What is asked for is a person's address, so it may name anything. Its name is resolved once, every
address it has is looked at, and the connection goes to one that was looked at: whoever answers
differently a moment later gains nothing. Redirects are not followed. Time limits of sockets are
per read; here one alarm ends it all.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread, Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from readiness.web.wires import Wire

Address = IPv4Address | IPv6Address
LONGEST_ANSWER = 4096
# All of IPv6 that is given to anybody. What is written otherwise may lead anywhere: NAT64 and
# its like, addresses of a site. So may Teredo and 6to4, inside which stands another address.
GIVEN = ip_network("2000::/3")
TUNNELS = [ip_network(one) for one in ("2001::/32", "2002::/16")]
NOT_A_PLACE = "Give an address that begins with https:// and names a server."
NOT_PUBLIC = "This address is inside a network that messages do not go to."


class Refused(ValueError):  # noqa: N818
    """Nothing is sent there, now or later."""


class Unreached(Exception):  # noqa: N818
    """Nobody answered in time. What `was_sent` may have arrived all the same."""

    def __init__(self, words: str, *, was_sent: bool) -> None:
        super().__init__(words)
        self.was_sent = was_sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: its status, the start of its words, and when to come again."""

    status: int
    words: str
    retry_after: str = ""


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
    """Send one request and read its answer, all in `seconds`.

    Raises Refused where nothing may go, and Unreached where no whole answer came.
    """
    place = place_of(url)
    with closing(Line(place, seconds)) as line:
        alarm = Timer(seconds, line.hang_up)
        alarm.daemon = True
        alarm.start()
        try:
            line.connect()
            line.is_sending = True
            line.request("POST", _target(place), body, dict(headers))
            response = line.getresponse()
            said = response.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            words = f"{type(error).__name__}: {error}"
            raise Unreached(words, was_sent=line.is_sending) from error
        finally:
            alarm.cancel()
        if line.is_hung_up:
            raise Unreached(f"No whole answer within {seconds:g} seconds.", was_sent=True)
        words = said.decode(errors="replace")
        return Answer(response.status, words, response.getheader("Retry-After", ""))


def place_of(url: str) -> SplitResult:
    """Where an address leads, if something may be sent there at all. Raises Refused."""
    try:
        place = urlsplit(url)
        named = place.hostname and place.port != 0
    except ValueError as error:
        raise Refused(NOT_A_PLACE) from error
    schemes = {"https", "http"} if settings.HOOKS_MAY_REACH else {"https"}
    if not named or place.scheme not in schemes or place.username or place.password:
        raise Refused(NOT_A_PLACE)
    if not url.isascii() or any(letter.isspace() for letter in url):
        raise Refused(NOT_A_PLACE)
    return place


def may_reach(address: Address) -> bool:
    """Whether messages may go to this address: a public one, or one the settings name."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in settings.HOOKS_MAY_REACH):
        return True
    if isinstance(address, IPv6Address) and address not in GIVEN:
        return False
    is_tunnel = any(address in tunnel for tunnel in TUNNELS)
    return address.is_global and not address.is_multicast and not is_tunnel


class Line(Wire, http.client.HTTPConnection):
    """A connection to an address that was looked at."""

    is_sending = False

    def __init__(self, place: SplitResult, seconds: float) -> None:
        self.is_private = place.scheme == "https"
        port = place.port or (443 if self.is_private else 80)
        super().__init__(str(place.hostname), port)
        self.ends_at = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Raises TimeoutError where none are."""
        left = self.ends_at - time.monotonic()
        if left <= 0 or self.is_hung_up:
            raise TimeoutError("the time was over before there was a connection")
        return left

    def connect(self) -> None:
        addresses = resolved(self.host, self.port, self.seconds_left)
        if not all(map(may_reach, addresses)):
            raise Refused(NOT_PUBLIC)
        plain = socket.create_connection((str(addresses[0]), self.port), self.seconds_left)
        self.wire, self.sock = plain.dup(), plain
        plain.settimeout(self.seconds_left)
        if self.is_private:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)


def resolved(host: str, port: int, seconds: float) -> list[Address]:
    """Every address that a name has. Raises OSError, also when nobody says in time."""
    found: Future[list] = Future()
    Thread(target=_ask, args=[found, host, port], daemon=True).start()  # holds up no process
    return _distinct(where[0] for *_, where in found.result(timeout=seconds))


def _ask(found: Future[list], host: str, port: int) -> None:
    try:
        found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, ValueError) as error:
        found.set_exception(error)


def _distinct(said: Iterable[object]) -> list[Address]:
    return [ip_address(one) for one in dict.fromkeys(str(one) for one in said)]


def _target(place: SplitResult) -> str:
    return (place.path or "/") + (f"?{place.query}" if place.query else "")
