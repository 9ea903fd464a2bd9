"""Where higher rooms leave what every page shows: the counts in the navigation."""

from collections.abc import Callable
from typing import Any

Count = Callable[[Any], int]

_badges: dict[str, Count] = {}


def nav_badge(key: str, count: Count) -> None:
    """Show count(user) beside the navigation entry named `key`, on every page."""
    _badges[key] = count


class Badges:
    """The counts for one person on one page, each counted at most once and only if shown."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.counted: dict[str, int] = {}

    def __getitem__(self, key: str) -> int:
        if key not in self.counted:
            self.counted[key] = _badges[key](self.user)
        return self.counted[key]
