"""What launches leave in the palette: themselves, their items, and the ways to their pages."""

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from readiness import clock
from readiness.accounts.models import User
from readiness.launches.queries.finding import Found, Part, find, launches_and_items, shape_of
from readiness.launches.queries.found_items import FoundItem, found_items
from readiness.web.addresses import address
from readiness.web.locales import number
from readiness.web.registry import Entry, Group
from readiness.web.templatetags.face import icon, status, verdict

MOST, AT_FIRST = 6, 4


def entries(user: User, words: str) -> Iterator[Entry]:
    """Launches and items that answer the words, and commands."""
    now = clock.now()
    shape = shape_of(user, words, MOST if words else AT_FIRST)
    rows = find(launches_and_items(shape), user, words, now)
    yield from (_launch(row) for row in rows if row.part == Part.LAUNCH)
    own, others = _parted(found_items(rows, now), user)
    yield from map(_item, own + others if words else own[:AT_FIRST])
    yield from _commands(words, may_open=any(row.part == Part.OPENS for row in rows))


def _launch(row: Found) -> Entry:
    return Entry(
        Group.LAUNCHES,
        row.name,
        address("launches:detail", row.pk),
        verdict(row.shape),
        detail=", ".join(filter(None, (number(row.shown), row.when, row.team))),
    )


def _parted(found: Iterable[FoundItem], user: User) -> tuple[list[FoundItem], list[FoundItem]]:
    """A person's own open items by due date, and the others."""
    own: list[FoundItem] = []
    others: list[FoundItem] = []
    for one in found:
        (own if one.owner == user.pk and one.is_open else others).append(one)
    return sorted(own, key=lambda one: (one.due_on or date.max, one.pk)), others


def _item(one: FoundItem) -> Entry:
    return Entry(
        Group.ITEMS,
        one.title,
        address("launches:item", one.pk),
        status(one.look, one.word),
        detail=f"{one.launch.name}, {one.ref}",
    )


def _commands(words: str, *, may_open: bool) -> Iterator[Entry]:
    go = Group.COMMANDS
    if may_open:
        yield Entry(
            go,
            "New launch",
            reverse("launches:open"),
            icon("plus"),
            also="open add create start",
        )
    yield Entry(
        go, "My items", reverse("launches:mine"), icon("inbox"), also="go to todo", keys=("G", "I")
    )
    yield Entry(
        go, "Waiting for you", reverse("launches:waiting"), icon("scale"),
        also="go to agree waiver approve queue", keys=("G", "W"),
    )  # fmt: skip
    yield Entry(
        go, "Action items", reverse("launches:actions"), icon("flag"), also="go to conditions owed"
    )
    yield Entry(
        go, "Launches", reverse("launches:dashboard"), icon("rocket"),
        also="go to dashboard home", keys=("G", "L"),
    )  # fmt: skip
    yield Entry(
        go, "History", reverse("launches:activity"), icon("history"),
        also="go to activity log audit", keys=("G", "H"),
    )  # fmt: skip
    if words:
        yield Entry(
            go,
            f"Search everything for “{words}”",
            f"{reverse('launches:search')}?{urlencode({'q': words})}",
            icon("search"),
            is_always=True,
        )
