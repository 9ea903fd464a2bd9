"""Random bad input at every address, as everyone: an answer in words, whatever was sent."""

import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote, quote_plus

from django.core.signals import got_request_exception
from django.db import transaction
from django.http import HttpResponse

from readiness.accounts.management.commands.permissions import addresses
from readiness.accounts.models import Role
from readiness.accounts.pages import PAGES
from tests.permissions.forms import forms_of
from tests.permissions.stage import SIGNED_OUT, SITE_ADMIN, WHO, Stage, staged

FORM = "application/x-www-form-urlencoded"
HUGE = 10 * 1_048_576
ODD_IDS = [
    "0", "-1", str(2**63 - 1), str(2**63), str(10**30), "1e3", "٣", "１", "🚀", "א\u202eב", "1 ",
    "%ED%A0%80", "%00", "1%00", "%FF", "%2F", "..", "1;2", "NaN", "x" * 3000,
]  # fmt: skip
NUMBERS = [
    "", "0", "-1", "1.5", "NaN", "٣", "１２", str(2**31), str(2**63), str(10**30), "9" * 5000,
]  # fmt: skip
TIMES = [
    "", "2026-13-45", "9999-12-31", "0001-01-01", "1969-12-31", "24:61", "23:59:59.9", "-1:00",
]  # fmt: skip
LINKS = [
    "javascript:alert(1)", "https://[", "http://[::1", "//evil.example", "https://x@:99999/",
    "/\\x", "\r\nSet-Cookie: a=b", "https://" + "x" * 2000, "../../etc/passwd",
]  # fmt: skip
TEXTS = [
    " ", "🚀" * 60, "👩‍👩‍👧", "\u202eשלום عالم", "\ufeff", "\u200b", "é" * 200, "Z͑ͫ̓ͪ̂ͫ̽", "\ud7ff",
    "'; DROP TABLE launches_launch; --", "<script>alert(1)</script>", "{{ 7|add:7 }}", "%s%n%(x)s",
    "true", "None", "[]", "{}", "\x1b[31m", "\x7f", "a" * 10_240,
]  # fmt: skip
ODD_VALUES = [*NUMBERS, *TIMES, *LINKS, *TEXTS]
LIKE = {r"\d+": NUMBERS, r"\d+[-:]\d+.*": TIMES, r"(https?:/)?/.*": LINKS}
RAW_VALUES = ["%ED%A0%80", "%FF%FE", "%", "%zz", "%u0041", "a%00b", "%C0%AF", "%F4%90%80%80"]
ODD_NAMES = ["key", "v", "at", "next", "before", "after", "page", "facet_x", "🚀", "__proto__", ""]
ODD_TYPES = [
    "application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=\x80", "multipart/form-data; boundary=" + "x" * 300, "/", "",
    f"{FORM}; charset=utf-7", f"{FORM}; charset=utf-16", f"{FORM}; charset=",
]  # fmt: skip
ODD_BODIES = [
    b"", b"{", b"[]", b"\xff\xfe", b"--x", b"--x\r\n\r\n--x--", b"=&=&%&%%%=%", b"\x00", b"a=%00",
    b'--x\r\nContent-Disposition: form-data; name="\xff"; filename="a"\r\n\r\nb\r\n--x--\r\n',
    b"&".join(b"a%d=1" % number for number in range(600)),
]  # fmt: skip
ODD_HEADERS = [
    ("HX-Current-URL", "http://["), ("HX-Current-URL", "\x80"), ("HX-Current-URL", "🚀"),
    ("HX-Request", "maybe"), ("HX-Target", "%FF"), ("HX-Trigger", "x" * 5000),
    ("HX-Boosted", "true"), ("HX-Prompt", "\x01"), ("Referer", "http://["), ("Referer", "//"),
    ("Origin", "null"), ("Host", "evil.example"), ("Host", "x y"), ("Host", "["), ("Host", ""),
    ("Host", "localhost:99999999"), ("Accept-Language", "x" * 600), ("Authorization", "Bearer é"),
    ("Cookie", "theme=🚀"), ("Cookie", "theme=\x80; readiness-csrf=" + "x" * 500),
    ("Cookie", "readiness-session=../../x"), ("Cookie", "messages=[["), ("Cookie", ";;=;"),
    ("X-Forwarded-For", "not an address"), ("X-Forwarded-Proto", "gopher"), ("If-None-Match", "*"),
    ("Content-Encoding", "gzip"), ("X-CSRFToken", "\xff"), ("If-Modified-Since", "yesterday"),
]  # fmt: skip
FILES = {
    "text/csv; charset=utf-8", "application/jsonl; charset=utf-8", "text/markdown; charset=utf-8",
    "application/json; charset=utf-8", "image/svg+xml", "text/calendar; charset=utf-8",
}  # fmt: skip
PLAIN = {"/healthz", "/readyz", "/metrics"}
PART = re.compile(r"/launches/\d+/mentions/")  # asked for by a script without htmx


@dataclass(frozen=True)
class Shot:
    """One request: who sends what where."""

    who: str
    verb: str
    path: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return (
            f"{self.verb} {self.path[:300]} as {self.who}, {self.content_type[:60]}, "
            f"{self.headers}, {len(self.body)} bytes: {self.body[:600]!r}"
        )


class Armoury:
    """Makes shots: by turns at the next field of the next form, and at random."""

    def __init__(self, stage: Stage, dice: random.Random) -> None:
        self.stage, self.dice = stage, dice
        self.addresses = [*sorted(addresses().values()), stage.room, stage.joining]
        self.paths = [stage.path(one) for one in self.addresses]
        self.forms = forms_of(stage, self.paths)
        self.fields = self.forms.fields
        self.names = sorted({name for fields in self.fields.values() for name in fields})
        posted = {one for name, one in addresses().items() if "POST" in PAGES[name]}
        self.posted = {stage.path(one) for one in posted} | {stage.joining}

    def shots(self, count: int) -> Iterator[Shot]:
        with_fields = [path for path in self.paths if self.fields.get(path)]
        names = {path: cycle(self.fields[path]) for path in with_fields}
        aims = ((path, next(names[path])) for path in cycle(with_fields))
        for number in range(count):
            yield self.shot_at(*next(aims)) if number % 2 else self.shot()

    def shot_at(self, path: str, name: str) -> Shot:
        """A form as its reader would send it, but for one field."""
        pairs = [
            (one, quote_plus(values[0] if self.dice.random() < 0.8 else self.dice.choice(values)))
            for one, values in self.fields[path].items()
            if one != name and one not in self.forms.buttons
        ]
        pairs.append((name, self.odd_value(self.fields[path][name][0])))
        sent = "&".join(f"{one}={value}" for one, value in pairs)
        is_posted = path in self.posted and self.dice.random() < 0.8
        return Shot(
            who=self.forms.reader_of[path],
            verb="POST" if is_posted else "GET",
            path=path if is_posted else f"{path}?{sent}",
            body=sent.encode() if is_posted else b"",
            headers={"HX-Request": "true"} if self.dice.random() < 0.5 else {},
        )

    def shot(self) -> Shot:
        dice = self.dice
        address = dice.choice(self.addresses)
        path = self.stage.path(address)
        verb = dice.choices(["GET", "POST", "HEAD", "OPTIONS", "BREW"], [40, 50, 4, 3, 3])[0]
        kind, body = (FORM, b"") if verb == "GET" else self.sent(path)
        people = [Role.LEAD.value, SITE_ADMIN, SIGNED_OUT, *WHO]
        return Shot(
            who=dice.choices(people, [12, 4, 2] + [1] * len(WHO))[0],
            verb=verb,
            path=self.aimed(address) + self.query(path),
            body=body,
            content_type=kind,
            headers=self.headers(),
        )

    def aimed(self, address: str) -> str:
        if "<" not in address or self.dice.random() < 0.7:
            return self.stage.path(address)
        head, _, tail = address.partition("<")
        odd = self.dice.choice(ODD_IDS)
        return head + (odd if "%" in odd else quote(odd)) + tail.rpartition(">")[2]

    def query(self, path: str) -> str:
        if self.dice.random() < 0.4:
            return ""
        return "?" + self.pairs(path, odds=0.5)

    def sent(self, path: str) -> tuple[str, bytes]:
        """A content type and a body: a form with some fields wrong, or no form at all."""
        luck = self.dice.random()
        if luck < 0.01:
            return FORM, b"a=" + b"x" * HUGE
        if luck < 0.12:
            return self.dice.choice(ODD_TYPES), self.dice.choice(ODD_BODIES)
        if luck < 0.18:
            return self.dice.choice(ODD_TYPES), self.pairs(path, odds=0.3).encode()
        return FORM, self.pairs(path, odds=self.dice.choice([0.05, 0.2, 0.6])).encode()

    def pairs(self, path: str, *, odds: float) -> str:
        """The fields of a path, each wrong by these odds, doubled or left out at times."""
        known = self.fields.get(path, {})
        names = [name for name in known if name not in self.forms.buttons] or self.dice.sample(
            self.names, 4
        )
        if self.dice.random() < 0.3:
            names += [self.dice.choice(self.names + ODD_NAMES) for _ in range(3)]
        pairs = []
        for name in names:
            for _ in range(self.dice.choices([0, 1, 2], [5, 90, 5])[0]):
                pairs.append(f"{quote_plus(name)}={self.value(known.get(name, []), odds)}")
        return "&".join(pairs)

    def value(self, right: list[str], odds: float) -> str:
        if right and self.dice.random() > odds:
            return quote_plus(self.dice.choice(right))
        return self.odd_value(right[0] if right else "")

    def odd_value(self, right: str = "") -> str:
        """Something to stand in a field, as it is sent; often of the kind that belongs there."""
        if self.dice.random() < 0.1:
            return self.dice.choice(RAW_VALUES)
        like = [values for kind, values in LIKE.items() if re.fullmatch(kind, right)]
        kin = like[0] if like and self.dice.random() < 0.7 else ODD_VALUES
        return quote_plus(self.dice.choice(kin))

    def headers(self) -> dict[str, str]:
        htmx = {"HX-Request": "true"} if self.dice.random() < 0.35 else {}
        odd = [self.dice.choice(ODD_HEADERS)] if self.dice.random() < 0.3 else []
        sent = htmx | dict(odd)
        return {name: value.encode().decode("latin-1") for name, value in sent.items()}


def shoot(count: int, seed: int) -> list[str]:
    """Send that many shots, each undone after it, and say which were answered badly."""
    failures, raised = [], []

    def listen(sender: object, **said: object) -> None:
        raised.append(repr(sys.exc_info()[1]))

    got_request_exception.connect(listen)
    try:
        with staged() as stage:
            for shot in Armoury(stage, random.Random(seed)).shots(count):
                raised.clear()
                fault = fault_of(shot, answered(stage, shot))
                if fault:
                    failures.append(f"{fault} {' '.join(raised)}: {shot}")
    finally:
        got_request_exception.disconnect(listen)
    return failures


def answered(stage: Stage, shot: Shot) -> HttpResponse:
    mark = transaction.savepoint()
    response = stage.doors[shot.who].generic(
        shot.verb, shot.path, shot.body, shot.content_type, headers=shot.headers
    )
    if response.streaming:  # what is written while it is sent may fail as late as that
        response = HttpResponse(b"".join(response), headers=response.headers)
    transaction.savepoint_rollback(mark)
    return response


def fault_of(shot: Shot, response: HttpResponse) -> str:
    """What is wrong with an answer, or nothing."""
    status = response.status_code
    if status >= 500 and shot.path.split("?")[0] not in PLAIN:
        return str(status)
    if "default-src 'none'" not in response.headers.get("Content-Security-Policy", ""):
        return f"{status} without a content security policy"
    if len(shot.body) >= HUGE and status not in {405, 413, 415} and "%00" not in shot.path:
        return f"{status} for 10 MB"
    if shot.body and "utf-7" in shot.content_type and status not in {405, 415}:
        return f"{status} for UTF-7"
    return "" if is_in_words(shot, response) else f"{status} without words"


def is_in_words(shot: Shot, response: HttpResponse) -> bool:
    """Does a person learn what happened, on this page or on the one it leads to?"""
    if shot.verb == "HEAD" or shot.path.split("?")[0] in PLAIN:
        return True
    if response.headers.get("Location") or response.headers.get("HX-Redirect"):
        return True
    if response.status_code == 200 and response.headers["Content-Type"] in FILES:
        return True
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return False
    is_part = shot.headers.get("HX-Request") == "true" and response.status_code != 404
    is_part = is_part or (bool(PART.match(shot.path)) and response.status_code == 200)
    return bool(response.content.strip()) if is_part else b"<h1" in response.content
