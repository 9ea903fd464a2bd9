"""What the addresses of lists may contain. What is wrong in one is said, and not asked for."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from readiness.launches.queries.filtering import Filters
from readiness.launches.queries.listing import Sort, place_from
from readiness.web.forms import whole_number

LONGEST_WORDS, LONGEST_KEY, LAST_ID, LONGEST_SPAN = 120, 64, 2**63 - 1, 366
FIRST_YEAR, LAST_YEAR = 1971, 9000
ON = "1"
SAID = 40  # letters of a faulty value that are repeated


def filters_of(asked: QueryDict, *, today: datetime) -> Filters:
    """The filters of the dashboard; a list never fails because of its address."""
    problems: list[str] = []

    def read(name: str, meant: Callable[[str], Any], is_no: str) -> Any:
        """What a value means; if nothing, the person hears of it and sees the list without."""
        said = asked.get(name, "").replace("\x00", "").strip()
        found = meant(said) if said else None
        if said and found is None:
            problems.append(f"“{said[:SAID]}” is no {is_no}: it is left out.")
        return found

    sort = sort_of(asked.get("sort", ""))
    since, until = read("from", day_of, "date"), read("to", day_of, "date")
    if since and until and until < since:
        problems.append("The last date is before the first: no launch is between them.")
    return Filters(
        today=today,
        verdict=asked.get("verdict", "")[:LONGEST_KEY].replace("\x00", ""),
        team=read("team", number_of, "team"),
        words=words_of(asked.get("q", "")),
        owner=words_of(asked.get("owner", "")),
        facet=read("facet", answer_of, "answer to a question"),
        since=since,
        until=until,
        within=read("within", span_of, "number of days up to a year"),
        is_held=bool(read("held", is_on, "way to ask for an open must-have")),
        is_for_me=bool(read("mine", is_on, "way to ask for what waits for you")),
        is_falling=bool(read("falling", is_on, "way to ask for falling readiness")),
        sort=sort,
        after=place_from(asked.get("after", "").replace("\x00", ""), sort),
        problems=tuple(problems),
    )


def asked_by(filters: Filters) -> dict[str, object]:
    """The address of these filters, but for the place in the list: what `filters_of` reads."""
    return {
        "verdict": filters.verdict,
        "team": filters.team,
        "q": filters.words,
        "owner": filters.owner,
        "facet": filters.asked_facet,
        "from": filters.since,
        "to": filters.until,
        "within": filters.within,
        "held": ON if filters.is_held else "",
        "mine": ON if filters.is_for_me else "",
        "falling": ON if filters.is_falling else "",
        "sort": "" if filters.sort is Sort.DATE else filters.sort.value,
    }


def words_of(asked: str) -> str:
    return " ".join(asked.replace("\x00", "").split())[:LONGEST_WORDS]


def day_of(asked: str) -> date | None:
    try:
        found = date.fromisoformat(asked)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def span_of(asked: str) -> int | None:
    days = number_of(asked)
    return days if days and days <= LONGEST_SPAN else None


def answer_of(asked: str) -> tuple[str, str] | None:
    """A facet's key and an answer, with a colon between them."""
    key, _, answer = asked.partition(":")
    is_one = 0 < len(key) <= LONGEST_KEY and 0 < len(answer) <= LONGEST_WORDS
    return (key, answer) if is_one else None


def is_on(asked: str) -> bool | None:
    return True if asked == ON else None


def sort_of(asked: str) -> Sort:
    return Sort(asked) if asked in [*Sort] else Sort.DATE


def number_of(asked: str) -> int | None:
    """An id, or None if it is none."""
    number = whole_number(asked, digits=19)
    return number if 0 < number <= LAST_ID else None
