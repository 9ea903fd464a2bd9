"""What the pages ask for: the fields of every form, with the values a browser would send."""

from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

from readiness.accounts.models import Role
from tests.permissions.stage import LAUNCH_LEAD, SIGNED_OUT, SITE_ADMIN, Stage

READERS = [Role.LEAD.value, LAUNCH_LEAD, SITE_ADMIN, SIGNED_OUT]
NAMED = {"input", "select", "textarea", "button"}
Fields = dict[str, dict[str, list[str]]]


class Reader(HTMLParser):
    """Collects fields by the path they are sent to, and what links ask for."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = self.to = here
        self.select = ""
        self.fields: Fields = defaultdict(lambda: defaultdict(list))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.to = urlsplit(said.get("action") or self.here).path
        if tag == "a":
            target = urlsplit(said.get("href", ""))
            for name, value in parse_qsl(target.query):
                self.fields[target.path or self.here][name].append(value)
        if tag == "option" and self.select:
            self.fields[self.to][self.select].append(said.get("value", ""))
        if tag in NAMED and said.get("name"):
            self.fields[self.to][said["name"]].append(said.get("value", ""))
        if tag == "select":
            self.select = said.get("name", "")

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.to = self.here if tag == "form" else self.to


def fields_of(stage: Stage, paths: list[str]) -> Fields:
    """The fields that each path is sent, read from all pages that some people may see."""
    found: Fields = defaultdict(lambda: defaultdict(list))
    for who in READERS:
        for path in paths:
            for htmx in ({}, {"HX-Request": "true"}):
                reader = Reader(path)
                reader.feed(stage.doors[who].get(path, headers=htmx).content.decode())
                for to, fields in reader.fields.items():
                    for name, values in fields.items():
                        found[to][name] += [one for one in values if one not in found[to][name]]
    return found
