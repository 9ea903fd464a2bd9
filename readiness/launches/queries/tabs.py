"""The tabs of a launch: its pages, and how much there is on them."""

from functools import cache
from typing import NamedTuple

from readiness.launches.models import Launch
from readiness.web import prepared

THREADS = """(
    SELECT count(*) FROM launches_comment c
    WHERE c.launch_id = l.id AND c.parent_id IS NULL AND c.resolved_at IS NULL
)"""
COUNTS = "SELECT {} FROM launches_launch l WHERE l.id = %(launch)s"
_reviews = ["0"]


class Tabs(NamedTuple):
    """`tally` as 33/39; `threads` are those that are open."""

    pk: int
    tally: str
    threads: int
    reviews: int


def reviews_counted_by(sql: str) -> None:
    """Say how the reviews of the launch `l` are counted: they are kept by a room above."""
    _reviews[:] = [sql]


def tabs_of(launch: Launch) -> Tabs:
    """The tabs beside a page that does not judge the launch itself."""
    threads, reviews = prepared.rows(_counting(), {"launch": launch.pk})[0]
    return Tabs(launch.pk, f"{launch.checked}/{launch.counted}", threads, reviews)


def counts() -> str:
    """The threads and the reviews, as columns of a statement about the launch `l`."""
    return f"{THREADS}, {_reviews[0]}"


@cache
def _counting() -> str:
    return COUNTS.format(counts())
