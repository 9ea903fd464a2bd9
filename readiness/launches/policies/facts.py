"""What may be done to an item's structured fact now, or why not."""

from collections.abc import Mapping
from typing import Any

from readiness.accounts.models import User

SEATS = ("owner", "deputy")
MOST_ROWS = 50
NO_FACT = "This item carries no form to fill in."
ROW_GONE = "This row was removed meanwhile. Look at the others, or add it again."


def accepting(values: Mapping[str, Any], by: User) -> str:
    """Only who is named accepts to roll back, in the window that is named, and once."""
    seats = [seat for seat in SEATS if values.get(seat) == by.pk]
    if not seats:
        return "Only the rollback owner and the deputy accept, each for themselves."
    if not values.get("window_start") or not values.get("window_end"):
        return "There is no window yet. Fill it in first."
    if all(values.get(f"accepted_by_{seat}_at") for seat in seats):
        return "You accepted this already."
    return ""


def adding_row(rows: int) -> str:
    return f"There are {MOST_ROWS} rows. Change one of them instead." if rows >= MOST_ROWS else ""


def removing_row(*, is_one_of_many: bool) -> str:
    return "" if is_one_of_many else "This is there once. Change what it says instead."
