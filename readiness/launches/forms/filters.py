"""What the addresses of lists may contain. Whatever is wrong in one counts as not asked for."""

from datetime import datetime

from django.http import QueryDict

from readiness.launches.queries.asking import Filters
from readiness.launches.queries.listing import Sort, place_from

LONGEST_WORDS, LONGEST_KEY, LAST_ID = 120, 64, 2**63 - 1


def filters_of(asked: QueryDict, *, today: datetime) -> Filters:
    """The filters of the dashboard; a list never fails because of its address."""
    sort = sort_of(asked.get("sort", ""))
    return Filters(
        today=today,
        verdict=asked.get("verdict", "")[:LONGEST_KEY].replace("\x00", ""),
        team=number_of(asked.get("team", "")),
        words=" ".join(asked.get("q", "").replace("\x00", "").split())[:LONGEST_WORDS],
        sort=sort,
        after=place_from(asked.get("after", "").replace("\x00", ""), sort),
    )


def sort_of(asked: str) -> Sort:
    return Sort(asked) if asked in [*Sort] else Sort.DATE


def number_of(asked: str) -> int | None:
    """An id, or None if it is none."""
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 20
    return int(asked) if is_number and 0 < int(asked) <= LAST_ID else None
