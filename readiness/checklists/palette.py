"""What checklists leave in the palette: the newest version of each, and the way to all."""

from collections.abc import Iterator
from functools import lru_cache

from django.urls import reverse

from readiness.accounts.models import User
from readiness.checklists.models import Version
from readiness.web.registry import Entry, Group
from readiness.web.statements import Statement
from readiness.web.templatetags.face import icon
from readiness.web.words import STANDS, Sort, holds, sorts_of, standing_for, values_of

MOST = 2


def entries(user: User, words: str) -> Iterator[Entry]:
    """Checklists whose title has the words, and the command."""
    if words:
        for pk, title, number in _checklists(sorts_of(words)).run(values_of(words)):
            url = reverse("checklists:version", args=[pk])
            yield Entry(Group.CHECKLISTS, title, url, icon("layers"), detail=f"version {number}")
    url = reverse("checklists:list")
    also, keys = "go to templates standards", ("G", "C")
    yield Entry(Group.COMMANDS, "Checklists", url, icon("layers"), also=also, keys=keys)


@lru_cache(maxsize=256)
def _checklists(sorts: tuple[Sort, ...]) -> Statement:
    """Versions with words in their titles, written once per kind of words."""
    newest = Version.objects.newest_of_each().filter(holds("title", standing_for(sorts)))
    return Statement.of(newest.values_list("pk", "title", "number")[:MOST], STANDS)
