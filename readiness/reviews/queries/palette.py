"""What reviews leave in the palette: the ways to their list, to a plan, and into a room.

Reviews themselves are found by their launch: the palette asks four statements, and no fifth.
"""

from collections.abc import Iterator

from django.urls import reverse

from readiness.accounts.models import User
from readiness.web.registry import Entry, Group
from readiness.web.templatetags.face import icon


def entries(_user: User, _words: str) -> Iterator[Entry]:
    """Commands."""
    yield _command("Reviews", "list", "presentation", "go to meetings", "G", "R")
    yield _command("Plan a review", "choose", "plus", "new meeting schedule invite")
    yield _command("Join a review", "join-with-code", "presentation", "code enter")


def _command(title: str, page: str, image: str, also: str, *keys: str) -> Entry:
    url = reverse(f"reviews:{page}")
    return Entry(Group.COMMANDS, title, url, icon(image), also=also, keys=keys)
