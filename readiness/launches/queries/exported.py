"""The list of launches as a file: all that is asked for, in chunks along its order."""

import csv
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from readiness.accounts.models import User
from readiness.launches.queries.dashboard import pages_of
from readiness.launches.queries.exporting import Echo, plain
from readiness.launches.queries.filtering import Filters
from readiness.launches.queries.launch_rows import Columns, title_of

HEADS = (
    "launch", "team", "verdict", "readiness", "checked", "counted", "must-haves open", "blocked",
    "lead", "lead's email", "launches at", "time zone", "address",
)  # fmt: skip


def table(user: User, filters: Filters, *, now: datetime, home: str) -> Iterator[str]:
    """Every launch asked for as a row; one chunk at a time is in memory."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(HEADS)  # the mark has spreadsheets read it as UTF-8
    for page in pages_of(user, filters, now=now):
        yield "".join(writer.writerow([plain(cell) for cell in _cells(one, home)]) for one in page)


def _cells(one: Columns, home: str) -> tuple[str, ...]:
    at = one.launch_at.astimezone(ZoneInfo(one.zone)).isoformat(timespec="minutes")
    numbers = (one.checked, one.counted, one.holds, one.blocked)
    return (
        one.name, one.team, title_of(one.version, one.verdict), one.shown, *map(str, numbers),
        one.lead, one.email, at, one.zone, f"{home}{one.pk}/",
    )  # fmt: skip
