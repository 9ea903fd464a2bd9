"""A history as files: one JSON object per event for verifying, or a table for reading."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC
from itertools import islice

from django.db.models import QuerySet

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.launches.queries.history import READ, Columns, Line, lines_of

CHUNK = 1_000
LINK = (
    "subject", "sequence", "team", "kind", "at", "by", "printed_name", "payload",
    "payload_version", "payload_hash", "previous", "hash",
)  # fmt: skip
HEADS = (
    "at", "launch", "who", "what", "item", "more", "change", "effect", "said",
    "kind", "subject", "sequence", "hash",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_lines(events: "QuerySet[Event]") -> Iterator[str]:
    """Every event on a line of its own, the earliest first: all that its hash is made of.

    One cursor of the server reads them as of one instant, so memory stays small.
    """
    rows = events.order_by("pk").values_list(*LINK)
    for row in rows.iterator(chunk_size=CHUNK):
        said = dict(zip(LINK, row, strict=True))
        said["at"] = said["at"].astimezone(UTC).isoformat(timespec="microseconds")
        yield json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def table(events: "QuerySet[Event]", reader: User) -> Iterator[str]:
    """Every event as a row in the words of its history, the earliest first."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(HEADS)  # the mark has spreadsheets read it as UTF-8
    rows = events.order_by("pk").values_list(*READ, "hash").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        shown = [Columns(*row[:-1]) for row in chunk]
        hashes = {
            one.pk: (one.kind, one.subject, one.sequence, row[-1])
            for one, row in zip(shown, chunk, strict=True)
        }
        for line in lines_of(shown, reader, is_narrow=True, is_each=True):
            yield writer.writerow([plain(str(cell)) for cell in (*_cells(line), *hashes[line.pk])])


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _cells(line: Line) -> tuple[str, ...]:
    at = line.when.isoformat(timespec="seconds")
    said = (line.who, line.did, line.title, line.then, line.change, line.effect, line.quote)
    return (at, line.launch_name, *said)


class Echo:
    """A file that hands back what is written to it: a row at a time, and none is kept."""

    def write(self, row: str) -> str:
        return row
