"""How a change of what a sign-off stands on is said: from what to what, when and by whom."""

from datetime import date, datetime
from typing import NamedTuple

from readiness.launches.models import Launch
from readiness.launches.policies.signing import spoken
from readiness.launches.queries.standing_on import LAUNCH_DATE, MODEL_VERSION, TEXT
from readiness.web import locales


class Change(NamedTuple):
    """Since when something is what it is, and whose word that is."""

    at: datetime
    by: str


def change_in_words(
    kind: str, was: str, becomes: str, change: Change | None, launch: Launch
) -> str:
    """Candidate changed from 13.1.0 to 14.2.0 on 3 Dec by Mei Tanaka.

    `was` and `becomes` are the part of the basis before and since, as `parts_of` writes it.
    """
    if kind == TEXT:
        return "its text or policy changed"
    if kind == MODEL_VERSION:
        changed = _candidate(was, becomes)
    elif kind == LAUNCH_DATE:
        changed = f"the launch moved{_from_to(_day(was), _day(becomes))}"
    else:
        changed = f"{spoken(kind)} changed{_from_to(_quoted(was), _quoted(becomes))}"
    return f"{changed}{when(change, launch)}"


def when(change: Change | None, launch: Launch) -> str:
    """On 3 Dec by Mei Tanaka; nothing where nobody knows."""
    if change is None:
        return ""
    return f" on {short_day(change.at, launch)}{f' by {change.by}' if change.by else ''}"


def short_day(at: datetime, launch: Launch) -> str:
    """The day of an instant where the launch is; with its year where that is not the launch's."""
    day = at.astimezone(launch.tzinfo).date()
    is_near = day.year == launch.launch_on.year
    return locales.day(day) if is_near else locales.current().dated(day)


def _candidate(was: str, becomes: str) -> str:
    """The candidates without what both say: their name, or all but a digest."""
    first, second = was.partition(" ")[0], becomes.partition(" ")[0]
    if first and first == second:
        return f"candidate {second} has another digest"
    name, _, version = first.partition("@")
    other, _, now_on = second.partition("@")
    if name == other:
        first, second = version, now_on
    return f"candidate changed{_from_to(first, second)}"


def _from_to(was: str, becomes: str) -> str:
    return f"{f' from {was}' if was else ''}{f' to {becomes}' if becomes else ''}"


def _quoted(said: str) -> str:
    return f"“{said}”" if said else ""


def _day(said: str) -> str:
    return locales.day(date.fromisoformat(said)) if said else ""
