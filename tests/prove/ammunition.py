"""What is shot at the product: every place, with everything that breaks things elsewhere."""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from readiness.accounts.pages import PAGES

TEN_MEGABYTES = 10_000_000
HUGE_SHARE = 0.003
VERBS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"]
FIELDS = [
    "v", "key", "note", "answer", "to", "because", "on", "url", "title", "text", "at", "name",
    "model", "purpose", "team", "version", "lead", "approvers", "launch_on", "launch_time", "zone",
    "candidate_name", "candidate_version", "candidate_digest", "candidate_registry_url", "facet",
    "edition", "theme", "workdays", "digest_hour", "login", "password", "remember", "next", "email",
    "q", "sort", "state", "before", "after", "show", "verdict", "page", "csrfmiddlewaretoken",
]  # fmt: skip
NASTY = [
    "", " ", "0", "-1", "1", "2", "yes", "on", "2147483648", "9223372036854775808", "9" * 5_000,
    "1e309", "NaN", "0x10", "1_000", "١٢٣", "2026-12-01", "2026-13-45", "0000-00-00", "0001-01-01",
    "9999-12-31", "24:61", "25", "Europe/Berlin", "../../etc/passwd", "/dev/null", "Mars/Olympus",
    "\x00", "a\x00b", "%00", "\r\nSet-Cookie: a=b", "<script>alert(1)</script>", "{{ 7|add:7 }}",
    "' OR 1=1 --", "\\", "%", "_", "🚀" * 40, "مرحبا بالعالم", "\u202egnp.exe", "\ufeff", "\ud800",
    "ﷺ" * 300, "a" * 10_000, "http://[", "https://[::1", "http://a:99999/", "javascript:alert(1)",
    "https://", "//evil.example/", "https://例え.テスト/", "mailto:a@b", "blocked", "in_progress",
    "checked", "ann@example.test", "@", "[]", '{"a":1}', "null", "drawer", "item", "true",
]  # fmt: skip
IDS = [
    "1", "0", "-1", "9223372036854775807", "9223372036854775808", "9" * 19, "9" * 400, "1.0", "a",
    "%D9%A1", "%00", "%FF", "%F0%9F%9A%80", "..", "%2e%2e%2f", "1;2", "1%0d%0a",
]  # fmt: skip
TYPES = [
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/json",
    "text/plain; charset=\xff", "application/x-www-form-urlencoded; charset=nonsense", "", ";", "é",
]  # fmt: skip
ODD_HEADERS = [
    ("HX-Request", "true"), ("HX-Request", "é"), ("HX-Boosted", "true"), ("HX-Target", "\xff" * 99),
    ("HX-Current-URL", "http://[::"), ("HX-Current-URL", "%%%"), ("HX-Prompt", "%FF"),
    ("HX-Current-URL-URI-AutoEncoded", "true"), ("X-CSRFToken", "é" * 32), ("X-CSRFToken", ""),
    ("Host", "evil.example"), ("Host", "localhost:99999"), ("Host", "[::1"), ("Host", ""),
    ("Origin", "null"), ("Origin", "http://["), ("Referer", "http://["), ("Range", "bytes=9-1"),
    ("If-Modified-Since", "never"), ("If-None-Match", '"'), ("Accept-Encoding", "gzip;q=nan"),
    ("Accept-Language", "de" * 2_000), ("Authorization", "Bearer é"), ("Authorization", "Basic %"),
    ("X-Forwarded-For", "'"), ("X-Forwarded-Proto", "https"), ("X-Request-ID", "\xff" * 5_000),
    ("Content-Encoding", "gzip"), ("Expect", "100-continue"), ("Accept", "\xff"),
    ("Cookie", "readiness-session=%00; readiness-csrf=\xff"), ("Cookie", "=;;=a; " * 400),
    ("Cookie", 'readiness-session="\\000"'), ("Cookie", "messages=x:y:z"),
]  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One request, whole, so that it can be sent again."""

    role: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_huge(self) -> bool:
        return len(self.body) >= TEN_MEGABYTES

    def __str__(self) -> str:
        odd = {name: value[:60] for name, value in self.headers.items()}
        return f"{self.method} {self.path[:120]} as {self.role} {odd} {self.body[:80]!r}"


@dataclass(frozen=True)
class Target:
    """A URL pattern: its name, as it is written, and the verbs it answers."""

    name: str
    route: str

    @property
    def verbs(self) -> tuple[str, ...]:
        return tuple(PAGES[self.name])


def targets() -> list[Target]:
    """Every URL pattern of the product."""
    return list(_targets(get_resolver().url_patterns, "/", ""))


def _targets(
    patterns: Sequence[URLPattern | URLResolver], before: str, space: str
) -> Iterator[Target]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inside = f"{space}{one.namespace}:" if one.namespace else space
            yield from _targets(one.url_patterns, before + str(one.pattern), inside)
        else:
            is_plain = isinstance(one.pattern, RoutePattern)
            route = str(one.pattern) if is_plain else "password/new/<str:uidb36>-<str:key>/"
            yield Target(f"{space}{one.name}", before + route)


def shots(
    count: int, *, roles: Sequence[str], ids: Mapping[str, list[int]], dice: random.Random
) -> Iterator[Shot]:
    """So many shots, every pattern as every role first."""
    everywhere = [(target, role) for target in targets() for role in roles]
    for number in range(count):
        is_new = number < len(everywhere)
        target, role = everywhere[number] if is_new else dice.choice(everywhere)
        yield shot(target, role, ids, dice)


def shot(target: Target, role: str, ids: Mapping[str, list[int]], dice: random.Random) -> Shot:
    if dice.random() < HUGE_SHARE:
        body = b"note=" + b"a" * TEN_MEGABYTES
        return Shot(
            role, "POST", re.sub("<[^>]*>", "1", target.route), {"Content-Type": TYPES[0]}, body
        )
    verb = dice.choice(target.verbs if dice.random() < 0.85 else VERBS)
    path = fill(target.route, ids, dice)
    if dice.random() < 0.4:
        path += "?" + fields(dice)
    headers, body = {}, b""
    if verb not in ("GET", "HEAD"):
        headers["Content-Type"], body = content(dice)
    for _ in range(dice.choice([0, 0, 0, 1, 2])):
        name, value = dice.choice(ODD_HEADERS)
        headers[name] = value
    return Shot(role, verb, path, headers, body)


def fill(route: str, ids: Mapping[str, list[int]], dice: random.Random) -> str:
    """The pattern with something in place of each of its variables."""
    path = route
    while "<" in path:
        before, _, rest = path.partition("<")
        _, _, after = rest.partition(">")
        noun = before.strip("/").split("/")[0]
        real = [str(pk) for pk in ids.get(noun, [])]
        is_real = real and dice.random() < 0.7
        path = before + dice.choice(real if is_real else IDS) + after
    return path


def fields(dice: random.Random) -> str:
    """A form, or a query: names that are known, values that are not meant."""
    pairs = {dice.choice(FIELDS): dice.choice(NASTY) for _ in range(dice.randint(0, 8))}
    if dice.random() < 0.6:
        pairs |= {"v": "1", "edition": "1", "key": f"shot-{dice.random()}"}
    return urlencode(pairs, errors="surrogatepass")


def content(dice: random.Random) -> tuple[str, bytes]:
    """A body and what it claims to be."""
    luck = dice.random()
    if luck < 0.01:
        return TYPES[0], b"note=" + b"a" * 900_000
    if luck < 0.02:
        return TYPES[0], urlencode([(f"f{number}", "1") for number in range(600)]).encode()
    if luck < 0.7:
        return TYPES[0], fields(dice).encode()
    if luck < 0.8:
        return dice.choice(TYPES), dice.randbytes(dice.randint(0, 300))
    if luck < 0.9:
        return "multipart/form-data; boundary=x", multipart(dice)
    return dice.choice(TYPES), quote(dice.choice(NASTY), errors="surrogatepass").encode()


def multipart(dice: random.Random) -> bytes:
    """Parts that are whole, cut off, or no parts at all."""
    value = dice.choice(NASTY).encode(errors="surrogatepass")
    name = dice.choice(FIELDS)
    part = f'--x\r\nContent-Disposition: form-data; name="{name}"'.encode()
    if dice.random() < 0.3:
        part += f'; filename="{dice.choice(["a.txt", "", "../a", "é"])}"'.encode()
    whole = part + b"\r\n\r\n" + value + b"\r\n--x--\r\n"
    return whole[: dice.choice([len(whole), len(whole), dice.randint(0, len(whole))])]
