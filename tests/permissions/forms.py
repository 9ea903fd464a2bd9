"""What the pages ask for: the fields of every form, with the values a browser would send."""

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product
from urllib.parse import parse_qsl, urlsplit

from readiness.accounts.models import Role
from tests.permissions.stage import LAUNCH_LEAD, PASSWORD, SIGNED_OUT, SITE_ADMIN, Stage

READERS = [Role.LEAD.value, LAUNCH_LEAD, SITE_ADMIN, SIGNED_OUT]
# What a script sends, or a button with an address of its own: no form of a page says so.
BESIDE = {
    "here": {"device": ["laptop", "phone"], "item": ["1"], "follows": ["on"]},
    "wall": {"item": ["1"]},
    "resume": {"key": ["on-1"]},
    "begin": {"key": ["poll-1"]},
    "unpark": {"key": ["unpark-1"], "device": ["laptop"], "follows": ["on"]},
    "park": {"key": ["park-1"], "because": ["Later."], "device": ["laptop"]},
    "let-in": {"key": ["in-1"], "person": ["1"], "device": ["laptop"]},
    "let-go": {"key": ["go-1"], "person": ["1"], "device": ["laptop"]},
}
PARTS = [{}, {"HX-Request": "true"}]
TYPED = {"url": "https://runs.example/9", "date": "2026-12-08", "password": PASSWORD}
CHOSEN = {"checked", "selected"}
Fields = dict[str, dict[str, list[str]]]


class Reader(HTMLParser):
    """Collects fields by the path they are sent to, and what links ask for.

    Of several values the one that is chosen comes first; what is empty gets something typed in.
    """

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = self.to = here
        self.select = ""
        self.fields: Fields = defaultdict(lambda: defaultdict(list))
        self.buttons: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "form":
            self.to = urlsplit(said.get("action") or self.here).path
        elif tag == "a":
            target = urlsplit(said.get("href", ""))
            for one, given in parse_qsl(target.query):
                self.hold(one, given, to=target.path or self.here)
        elif tag == "option" and self.select:
            self.hold(self.select, value, is_chosen=bool(CHOSEN & said.keys()))
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.hold(name, "Some words.")
        elif tag == "input":
            typed = value or TYPED.get(said.get("type", ""), "")
            self.hold(name, typed, is_chosen=bool(CHOSEN & said.keys()))
        elif tag == "button" and name:
            self.buttons.add(name)
            self.hold(name, value)

    def hold(self, name: str, value: str, *, to: str = "", is_chosen: bool = False) -> None:
        values = self.fields[to or self.to][name]
        values.insert(0 if is_chosen else len(values), value)

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.to = self.here if tag == "form" else self.to


@dataclass
class Forms:
    """What each path is sent, who is shown it first, and the names that buttons alone send."""

    fields: Fields = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    reader_of: dict[str, str] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)


def forms_of(stage: Stage, paths: list[str]) -> Forms:
    """The forms and links of every page, whole and in parts, as different people see them."""
    found = Forms()
    called = ((Role.APPROVER.value, path, {}) for path in paths if path.endswith("/poll/"))
    for who, path, htmx in (*product(READERS, paths, PARTS), *called):
        reader = Reader(path)
        reader.feed(b"".join(stage.doors[who].get(path, headers=htmx)).decode())
        found.buttons |= reader.buttons
        for to, fields in reader.fields.items():
            found.reader_of.setdefault(to, who)
            for name, values in fields.items():
                if name:  # a field without one is only there to be copied from
                    known = found.fields[to][name]
                    known += [one for one in dict.fromkeys(values) if one not in known]
    for path in paths:
        for name, values in BESIDE.get(path.split("/")[-2], {}).items():
            found.reader_of.setdefault(path, Role.LEAD.value)
            found.fields[path][name] += values
    return found
