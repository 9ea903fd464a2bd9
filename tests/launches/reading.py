"""Reading a page as a person does: its words, and the forms that it offers."""

from html.parser import HTMLParser

from django.db import connection
from django.test.utils import CaptureQueriesContext

VOID = {"input", "meta", "link", "br", "hr", "use", "line"}


class Reader(HTMLParser):
    """Collects the words of all elements that carry a class, and the forms with their fields."""

    def __init__(self, css: str) -> None:
        super().__init__()
        self.css, self.depth, self.words = css, 0, []
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.marked: list[dict[str, str | None]] = []
        self.area = ""

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if self.css in (found.get("class") or "").split():
            self.marked.append(found)
        if tag == "form":
            self.forms.append((found.get("action", ""), {}))
        if tag == "input" and self.forms and found.get("name"):
            self.forms[-1][1][found["name"]] = found.get("value", "")
        if tag == "textarea" and self.forms and found.get("name"):
            self.area = found["name"]
            self.forms[-1][1][self.area] = ""
        if self.depth or self.css in (found.get("class") or "").split():
            if not self.depth:
                self.words.append("")
            self.depth += tag not in VOID
        self.here = tag

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""
        if self.depth and tag not in VOID:
            self.depth -= 1

    def handle_data(self, words):
        if self.area:
            self.forms[-1][1][self.area] += words.removeprefix("\n")
        if self.depth:
            self.words[-1] += words


def read(response, css: str = "") -> Reader:
    reader = Reader(css)
    reader.feed(response.content.decode())
    return reader


def words(response, css: str) -> list[str]:
    """The words of every element that carries this class, with single spaces."""
    return [" ".join(found.split()) for found in read(response, css).words]


def marks(response, css: str) -> list[dict[str, str | None]]:
    """The attributes of every element that carries this class."""
    return read(response, css).marked


def look(response) -> str | None:
    """Where the item stands, as the first row that came back shows it."""
    return marks(response, "item")[0]["data-status"]


def toast(response) -> str:
    """What the first toast says."""
    return words(response, "toast")[0]


def form_to(response, action: str, **wanted: str) -> dict[str, str]:
    """The fields of the form that goes there, as the page filled them in."""
    return next(
        fields
        for address, fields in read(response).forms
        if address == action and wanted.items() <= fields.items()
    )


def offers(response, action: str) -> bool:
    return any(address == action for address, _ in read(response).forms)


def statements(client, address: str, **headers) -> list[str]:
    """The statements of a page that was opened once before."""
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers=headers)
    return [one["sql"] for one in captured]
