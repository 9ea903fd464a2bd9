"""The search: launches, items, evidence and comments that have the words, of what one may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.utils.safestring import SafeString

from readiness.accounts.models import Team, User
from readiness.accounts.permissions import Action, grants
from readiness.launches.models import Comment, EvidenceLink, LaunchItem
from readiness.launches.models.evidence import words_of_evidence
from readiness.launches.queries.finding import find, items, launches, shape_of
from readiness.launches.queries.found_items import found_items
from readiness.launches.queries.guests import let_in_to
from readiness.web.addresses import address
from readiness.web.highlight import highlighted
from readiness.web.locales import number
from readiness.web.templatetags.face import ago, avatar, icon, status, verdict
from readiness.web.words import holds, resembles, words_of

CAP, FEW = 100, 5
BEFORE, LINE = 60, 240  # letters of a comment before the first hit, and in all
Said = TypeVar("Said", EvidenceLink, Comment)


class Kind(StrEnum):
    """What there is to find."""

    LAUNCHES = "launches"
    ITEMS = "items"
    EVIDENCE = "evidence"
    COMMENTS = "comments"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    url: str
    glyph: SafeString
    title: SafeString
    detail: SafeString
    said: str = ""


@dataclass(frozen=True, slots=True)
class Finds:
    """What was found of one kind: all of it, or the first few."""

    kind: Kind
    number: str
    hits: tuple[Hit, ...]
    has_more: bool

    @property
    def is_capped(self) -> bool:
        return self.number.endswith("+")


@dataclass(frozen=True, slots=True)
class Search:
    """All that the page shows."""

    words: str
    kind: Kind | None
    finds: tuple[Finds, ...]


def search(user: User, words: str, kind: Kind | None, now: datetime) -> Search:
    """A few of each kind, or up to the cap of one; nothing without words."""
    kinds = [kind] if kind else [*Kind]
    found = tuple(_finds(one, user, words, now, CAP if kind else FEW) for one in kinds if words)
    return Search(words, kind, tuple(one for one in found if one.hits))


def _finds(kind: Kind, user: User, words: str, now: datetime, most: int) -> Finds:
    hits = FIND[kind](user, words, now)
    number = f"{CAP}+" if len(hits) > CAP else str(len(hits))
    return Finds(kind, number, tuple(hits[:most]), len(hits) > most)


def _launches(user: User, words: str, now: datetime) -> list[Hit]:
    rows = find(launches(shape_of(user, words, CAP + 1)), user, words, now)
    return [
        Hit(
            address("launches:detail", row.pk),
            verdict(row.shape),
            highlighted(row.name, words),
            _details(words, row.model, number(row.shown), row.when, row.team),
        )
        for row in rows
    ]


def _items(user: User, words: str, now: datetime) -> list[Hit]:
    rows = find(items(shape_of(user, words, CAP + 1)), user, words, now)
    return [
        Hit(
            address("launches:item", one.pk),
            status(one.look, one.word),
            highlighted(one.title, words),
            _details(words, one.ref, one.launch.name, one.word),
        )
        for one in found_items(rows, now)
    ]


def _evidence(user: User, words: str, now: datetime) -> list[Hit]:
    """Links that stand, by their title and address."""
    standing = EvidenceLink.objects.filter(removed_at=None)
    text = words_of_evidence("revision__")
    found = _holding(
        standing.select_related("revision", "item__launch", "item__item", "added_by"),
        text,
        user,
        words,
        lead="item__launch__lead",
    )
    return [
        Hit(
            address("launches:item", link.item_id),
            icon("paperclip"),
            highlighted(link.revision.title or link.revision.url, words),
            _details(words, link.item.launch.name, _ref(link.item), link.added_by.name),
            highlighted(link.revision.url, words),
        )
        for link in found
    ]


def _comments(user: User, words: str, now: datetime) -> list[Hit]:
    found = _holding(
        Comment.objects.select_related("by", "launch", "item__item"),
        F("text"),
        user,
        words,
        lead="launch__lead",
    )
    return [
        Hit(
            _address(comment),
            avatar(comment.by, hide=True),
            highlighted(_around_hit(comment.text, words), words),
            _details(
                words,
                comment.by.name,
                comment.launch.name,
                _ref(comment.item),
                ago(comment.at.astimezone(user.tzinfo), now.astimezone(user.tzinfo)),
            ),
        )
        for comment in found
    ]


FIND: dict[Kind, Callable[[User, str, datetime], list[Hit]]] = {
    Kind.LAUNCHES: _launches,
    Kind.ITEMS: _items,
    Kind.EVIDENCE: _evidence,
    Kind.COMMENTS: _comments,
}


def _holding(
    rows: QuerySet[Said], text: Combinable, user: User, words: str, *, lead: str
) -> list[Said]:
    """The newest rows that have all words; where there are none, those with words like them."""
    wanted = words_of(words)
    found = _seen(rows.filter(holds(text, wanted)), user, lead)
    return found or _seen(rows.filter(resembles(text, wanted)), user, lead)


def _seen(rows: QuerySet[Said], user: User, lead: str) -> list[Said]:
    """Those of the teams a person reads, and of launches they lead or are let in to; the newest.

    One filter says the same, but asks each row in turn; either way walks along an index.
    """
    if user.is_site_admin:
        return list(rows.order_by("-pk")[: CAP + 1])
    read = Team.objects.filter(grants(user, Action.LAUNCH_VIEW, team="pk", lead="")).values("pk")
    in_teams = rows.filter(team__in=read)
    found = [in_teams, rows.filter(grants(user, Action.LAUNCH_VIEW, lead=lead), **{lead: user})]
    if user.is_guest:
        found.append(rows.filter(**{f"{lead.removesuffix('__lead')}__in": let_in_to(user)}))
    first, *others = (way.order_by("-pk").values("pk")[: CAP + 1] for way in found)
    return list(rows.filter(pk__in=first.union(*others)).order_by("-pk")[: CAP + 1])


def _details(words: str, *said: str) -> SafeString:
    return highlighted(", ".join(filter(None, said)), words)


def _ref(item: LaunchItem | None) -> str:
    return item.item.ref if item else ""


def _address(comment: Comment) -> str:
    return comment.get_absolute_url()


def _around_hit(text: str, words: str) -> str:
    """A line of a long text, from shortly before the first word that was asked for."""
    line = " ".join(text.split())
    hits = [line.lower().find(word.lower()) for word in words.split()]
    start = max(0, min((hit for hit in hits if hit >= 0), default=0) - BEFORE)
    end = start + LINE
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
