"""Talking about launches and items: said, answered, edited, resolved and opened again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import Comment, CommentMention, CommentRevision, Launch, LaunchItem
from readiness.launches.policies import talking
from readiness.launches.queries.mentions import mentioned
from readiness.launches.queries.threads import latest_wording
from readiness.launches.services.taking import take_at_edition, take_launch
from readiness.web.refusal import NotPermitted, NotVisible, Refused, refuse_if


@transaction.atomic
def comment(item: LaunchItem, *, text: str, by: User, key: str, now: datetime) -> Comment:
    """Begin a thread about an item."""
    return _say(item.launch_id, item.pk, None, f"comment {item.pk}", text, by, key, now)


@transaction.atomic
def comment_on_launch(launch: Launch, *, text: str, by: User, key: str, now: datetime) -> Comment:
    """Begin a thread about a launch as a whole."""
    return _say(launch.pk, None, None, f"comment on launch {launch.pk}", text, by, key, now)


@transaction.atomic
def reply(to: Comment, *, text: str, by: User, key: str, now: datetime) -> Comment:
    """Answer in a thread; an answer to an answer stands in the same thread."""
    body = f"reply {to.pk}"
    return _say(to.launch_id, to.item_id, to.parent_id or to.pk, body, text, by, key, now)


def _say(
    launch_id: int,
    item_id: int | None,
    parent: int | None,
    body: str,
    text: str,
    by: User,
    key: str,
    now: datetime,
) -> Comment:
    """Write something down about a launch, or about one of its items."""
    launch = take_launch(launch_id)
    once(key, by=by, body=f"{body} {text}", at=now)
    _permit(launch, by)
    people = mentioned(launch, text)
    said = Comment.objects.create(
        team_id=launch.team_id,
        launch=launch,
        item_id=item_id,
        parent_id=parent,
        by=by,
        at=now,
        text=text,
        names=sorted(people),
    )
    CommentRevision.objects.create(comment=said, number=1, text=text, by=by, at=now)
    new = _mention(said, people, now=now)
    more = {"parent": parent} if parent else {}
    _record(Kind.COMMENT_WRITTEN, said, by=by, now=now, **more, **new)
    return said


@transaction.atomic
def edit(comment: Comment, *, text: str, number: int, by: User, key: str, now: datetime) -> Comment:
    """Say it in other words; every earlier wording is kept. `number` is the one that was seen."""
    said = _take(comment, f"edit {comment.pk} {number} {text}", by=by, key=key, now=now)
    refuse_if(talking.editing(said, by))
    refuse_if(talking.EDITED if latest_wording(said.pk) != number else "")
    refuse_if(talking.SAME if said.text == text else "")
    people = mentioned(said.launch, text)
    said.text, said.names, said.edited_at = text, sorted(people), now
    said.save(update_fields=["text", "names", "edited_at"])
    CommentRevision.objects.create(comment=said, number=number + 1, text=text, by=by, at=now)
    new = _mention(said, people, now=now)
    _record(Kind.COMMENT_EDITED, said, by=by, now=now, number=number + 1, **new)
    return said


@transaction.atomic
def resolve(thread: Comment, *, by: User, key: str, now: datetime) -> Comment:
    """Say that a thread is done with; it stays, with who said so and when."""
    thread = _take(thread, f"resolve {thread.pk}", by=by, key=key, now=now)
    refuse_if(talking.RESOLVED if thread.resolved_at else "")
    launch = thread.launch
    refuse_if(talking.resolving(thread, by, launch.acts_of(by)))
    return _set_resolved(thread, Kind.THREAD_RESOLVED, at=now, by=by, now=now)


@transaction.atomic
def reopen(thread: Comment, *, by: User, key: str, now: datetime) -> Comment:
    """Open a thread again: whoever may comment may."""
    thread = _take(thread, f"reopen {thread.pk}", by=by, key=key, now=now)
    refuse_if("" if thread.resolved_at else talking.OPEN)
    return _set_resolved(thread, Kind.THREAD_REOPENED, at=None, by=by, now=now)


@transaction.atomic
def let_threads_hold_go(
    launch: Launch, *, hold: bool, by: User, edition: int, key: str, now: datetime
) -> Launch:
    """Say whether a GO is refused while threads of the launch are open."""
    body = f"threads {hold}"
    launch = take_at_edition(launch, by=by, edition=edition, key=key, body=body, now=now)
    refuse_if(policies.editing(launch))
    if launch.threads_hold_go == hold:
        raise Refused(talking.SAME)
    launch.threads_hold_go, launch.edition = hold, launch.edition + 1
    launch.save(update_fields=["threads_hold_go", "edition"])
    changes = {"open_threads": [not hold, hold]}
    record(
        Kind.LAUNCH_EDITED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        changes=changes,
    )
    return launch


def _permit(launch: Launch, by: User) -> None:
    """Refuse who may not comment on a locked launch."""
    acts = launch.acts_of(by)
    if Action.LAUNCH_VIEW not in acts:
        raise NotVisible(policies.NO_LONGER)
    if Action.COMMENT not in acts:
        raise NotPermitted(policies.NO_LONGER)


def _take(comment: Comment, body: str, *, by: User, key: str, now: datetime) -> Comment:
    """A comment as it is now that nobody else can change it, with its locked launch."""
    launch = take_launch(comment.launch_id)
    once(key, by=by, body=body, at=now)
    _permit(launch, by)
    said = Comment.objects.select_related("by", "item").get(pk=comment.pk)
    said.launch = launch
    return said


def _set_resolved(
    thread: Comment, kind: Kind, *, at: datetime | None, by: User, now: datetime
) -> Comment:
    if thread.parent_id:
        raise Refused("Only a whole thread is resolved.")
    thread.resolved_at, thread.resolved_by = at, by if at else None
    thread.save(update_fields=["resolved_at", "resolved_by"])
    _record(kind, thread, by=by, now=now)
    return thread


def _mention(said: Comment, people: dict[str, User], *, now: datetime) -> dict[str, list[int]]:
    """Remember whom a comment mentions; says who was not mentioned in it before."""
    before = set(said.mentions.values_list("person", flat=True)) if people else set()
    new = {person.pk for person in people.values()} - before - {said.by_id}
    CommentMention.objects.bulk_create(
        CommentMention(comment=said, person_id=pk, at=now) for pk in sorted(new)
    )
    return {"mentions": sorted(new)} if new else {}


def _record(kind: Kind, said: Comment, *, by: User, now: datetime, **more: Any) -> None:
    launch = said.launch
    about: dict[str, Any] = {"item": said.item_id, "key": said.item.key} if said.item else {}
    record(
        kind,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        **about,
        comment=said.pk,
        **more,
    )
