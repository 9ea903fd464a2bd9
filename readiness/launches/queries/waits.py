"""What waits for one person's word: the row that every source of them fills."""

from datetime import datetime
from typing import NamedTuple


class Wait(NamedTuple):
    """Something about a launch, or one of its items, that goes on once the person says a word.

    `what` is a few words ("Waiver until 15 Jan"), `because` what was said with it, `item` the
    ref and title of the item or nothing, `look` the shape of a status that goes with it.
    `link` is the page on which all is shown before the person says yes or no. `askers` are
    those who asked, or signed before: their own word is not waited for.
    """

    launch: str
    item: str
    what: str
    because: str
    by: str
    since: datetime
    link: str
    look: str = ""
    launch_id: int = 0
    askers: tuple[int, ...] = ()
