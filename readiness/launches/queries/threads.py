"""Threads: what was said about a launch and its items, with the answers to it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.safestring import SafeString

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import Comment, CommentRevision, Launch, LaunchItem
from readiness.launches.policies import talking
from readiness.web.markdown import drawn

SHOWN = 50
AROUND = ("item__item", "launch")
LATEST = (
    CommentRevision.objects.filter(comment=OuterRef("pk")).order_by("-number").values("number")[:1]
)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment, for one reader."""

    comment: Comment
    html: SafeString
    may_edit: bool
    number: int

    @property
    def pk(self) -> int:
        return self.comment.pk


@dataclass(frozen=True, slots=True)
class Thread:
    """What somebody began, and what was answered; `not_resolving` is why this reader may not."""

    first: Said
    replies: tuple[Said, ...]
    item: LaunchItem | None
    may_reply: bool
    not_resolving: str

    @property
    def pk(self) -> int:
        return self.first.pk

    @property
    def target(self) -> str:
        """Where the thread stands on a page."""
        return f"#thread-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.first.comment.resolved_at is None


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording a comment had."""

    revision: CommentRevision
    html: SafeString


@dataclass(frozen=True, slots=True)
class Discussion:
    """Threads of a launch, and how many there are of each sort; `older` is where to go on."""

    threads: tuple[Thread, ...]
    open: int
    resolved: int
    older: int | None


def latest_wording(comment: int) -> int:
    """The number of the wording that stands."""
    wordings = CommentRevision.objects.filter(comment=comment)
    return wordings.aggregate(number=Max("number"))["number"]


def open_threads(launch: Launch) -> int:
    """How many threads of a launch and its items nobody resolved."""
    return launch.comments.open_threads().count()


def threads_of_item(
    item: LaunchItem, *, reader: User, acts: Collection[Action]
) -> tuple[Thread, ...]:
    """All that was said about an item, the oldest thread first."""
    told = list(_told(item.comments))
    for one in told:
        one.item, one.launch = item, item.launch
    return _threads(told, reader, acts)


def thread_of(comment: Comment, *, reader: User, acts: Collection[Action]) -> Thread:
    """The thread in which a comment stands."""
    root = comment.parent_id or comment.pk
    [found] = _threads(list(_told(Comment.objects, *AROUND).filter(_in([root]))), reader, acts)
    return found


def discussion_of(
    launch: Launch,
    *,
    reader: User,
    acts: Collection[Action],
    is_open: bool | None,
    before: int | None,
) -> Discussion:
    """The newest threads of a launch: open ones, resolved ones, or all."""
    begun = launch.comments.filter(parent=None)
    still_open = open_threads(launch)
    resolved = begun.filter(resolved_at__isnull=False).count()
    if is_open is not None:
        begun = begun.filter(resolved_at__isnull=is_open)
    if before is not None:
        begun = begun.filter(pk__lt=before)
    found = list(begun.order_by("-pk").values_list("pk", flat=True)[: SHOWN + 1])
    told = list(_told(launch.comments, *AROUND).filter(_in(found[:SHOWN]))) if found else []
    threads = _threads(told, reader, acts)[::-1]
    return Discussion(
        threads, still_open, resolved, found[SHOWN - 1] if len(found) > SHOWN else None
    )


def wordings_of(comment: Comment) -> list[Wording]:
    """Every wording of a comment, the latest first."""
    revisions = comment.revisions.select_related("by").order_by("-number")
    names = tuple(comment.names)
    return [Wording(one, drawn(one.text, names)) for one in revisions]


def _in(roots: Sequence[int]) -> Q:
    return Q(pk__in=roots) | Q(parent__in=roots)


def _told(comments: Any, *around: str) -> "QuerySet[Comment]":
    """Comments with all that is shown of them, and what they are about; the oldest first."""
    told: QuerySet[Comment] = comments.select_related("by", "resolved_by", *around)
    return told.annotate(wordings=Subquery(LATEST)).order_by("pk")


def _threads(told: Sequence[Comment], reader: User, acts: Collection[Action]) -> tuple[Thread, ...]:
    """Comments by the threads they stand in, each after the one that began it."""
    replies = defaultdict(list)
    for one in told:
        if one.parent_id:
            replies[one.parent_id].append(_said(one, reader, acts))
    return tuple(
        Thread(
            first=_said(one, reader, acts),
            replies=tuple(replies[one.pk]),
            item=one.item,
            may_reply=Action.COMMENT in acts,
            not_resolving=talking.resolving(one, reader, acts),
        )
        for one in told
        if one.parent_id is None
    )


def _said(comment: Comment, reader: User, acts: Collection[Action]) -> Said:
    return Said(
        comment=comment,
        html=drawn(comment.text, tuple(comment.names)),
        may_edit=Action.COMMENT in acts and not talking.editing(comment, reader),
        number=comment.wordings,  # type: ignore[attr-defined]
    )
