"""The reviews that a person takes part in, for pages of this room: a room above keeps them."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from readiness.accounts.models import User


class Meeting(NamedTuple):
    """A review that meets now, or is to come, on the reader's clock."""

    launch: str
    url: str
    when: str
    is_now: bool


Find = Callable[[User, datetime], tuple[Meeting, ...]]
_finds: list[Find] = []


def meetings_found_by(find: Find) -> None:
    """Say how the reviews of a person are found, the earliest first."""
    _finds[:] = [find]


def meetings_of(person: User, now: datetime) -> tuple[Meeting, ...]:
    """The next few reviews of this person."""
    return _finds[0](person, now)
