"""Work on items: who owns them, until when, how it goes, what supports them."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.services import once
from readiness.launches import policies
from readiness.launches.models import (
    Comment,
from readiness.launches.queries.signing import signed_as_peer, signing_of
    CommentRevision,
    Evidence,
    EvidenceKind,
    EvidenceLink,
    EvidenceRevision,
    Launch,
    LaunchItem,
    Progress,
)
from readiness.launches.queries.asked import item_for
from readiness.launches.queries.facts import due_on
from readiness.launches.queries.pinned import pinned
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import (
    permit,
    record_on_item,
    take_item,
    take_launch_of,
    touch,
    touched,
)
from readiness.web import lean
from readiness.web.refusal import Refused, refuse_if


@transaction.atomic
def assign(
    item: LaunchItem, *, to: User | None, by: User, version: int, key: str, now: datetime
) -> LaunchItem:
    """Hand an item to a person, or to nobody."""
    body = f"assign {to.pk if to else ''}"
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=body, now=now)
    refuse_if(policies.working_on(item) or policies.owning(item.launch, to))
    hand_over(item, to=to, by=by, now=now)
    return item


def hand_over(
    item: LaunchItem, *, to: User | None, by: User, now: datetime, since: datetime | None = None
) -> None:
    """Write who does a taken item, from now on or `since` then; not who signed it as a peer."""
    if to and signing_of(item).bars_owner:
        refuse_if(owning_what_one_signed(to) if signed_as_peer(to, [item]) else "")
    was = item.owner.name if item.owner else ""
    touch(item, by=by, now=now, owner=to, owned_since=(since or now) if to else None)
    said = {"owner": to.name if to else "", "was": was}
    record_on_item(Kind.ITEM_ASSIGNED, item, by=by, now=now, **said)


@transaction.atomic
def set_due(
    item: LaunchItem, *, on: date | None, by: User, version: int, key: str, now: datetime
) -> LaunchItem:
    """Set a due date by hand; without one it follows the launch date again."""
    item = take_item(
        item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=f"due {on}", now=now
    )
    refuse_if(policies.working_on(item) or policies.due_by(item.launch, on))
    say_due(item, on=on, by=by, now=now)
    return item


def say_due(item: LaunchItem, *, on: date | None, by: User, now: datetime) -> None:
    """Write when a taken item is due; without a day it follows the launch."""
    rule = pinned(item.launch.version_id).items[item.key]
    due, was = on or due_on(item.launch, rule), item.due_on
    touch(item, by=by, now=now, due_on=due, due_set_by_hand=on is not None)
    said = {"due": due.isoformat() if due else "", "was": was.isoformat() if was else ""}
    record_on_item(Kind.ITEM_DUE_SET, item, by=by, now=now, **said)


@transaction.atomic
def set_progress(
    item: LaunchItem,
    *,
    to: Progress,
    by: User,
    version: int,
    key: str,
    now: datetime,
    because: str = "",
) -> Judged:
    """Say how the work goes. It never counts, but the dashboard shows what is blocked."""
    body = f"progress {to} {because}"
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=body, now=now)
    refuse_if(policies.working_on(item))
    say_progress(item, to=to, by=by, now=now, because=because)
    return judge(item.launch, now=now, by=by)


def say_progress(item: LaunchItem, *, to: Progress, by: User, now: datetime, because: str) -> None:
    """Write how the work goes on a taken item; what is blocked says why."""
    if to is Progress.BLOCKED and not because.strip():
        raise Refused("Say what it waits for.")
    reason = because.strip() if to is Progress.BLOCKED else ""
    was = item.progress
    touch(item, by=by, now=now, progress=to.value, blocked_because=reason)
    said = {"to": to.value, "was": was, "because": reason}
    record_on_item(Kind.ITEM_PROGRESSED, item, by=by, now=now, **said)


@transaction.atomic
def add_evidence(
    item: LaunchItem,
    *,
    title: str,
    url: str,
    by: User,
    version: int,
    key: str,
    now: datetime,
) -> Judged:
    """Link a page that supports the item."""
    body = f"evidence {title} {url}"
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=body, now=now)
    refuse_if(policies.working_on(item))
    support(item, page_linked(item.launch, title, url, by=by, now=now), by=by, now=now)
    return judge(item.launch, now=now, by=by)


def page_linked(
    launch: Launch, title: str, url: str, *, by: User, now: datetime
) -> EvidenceRevision:
    """A new piece of evidence in a locked launch: a page, as it is named now."""
    evidence = Evidence.objects.create(
        team_id=launch.team_id, launch=launch, added_by=by, added_at=now
    )
    return EvidenceRevision.objects.create(
        evidence=evidence,
        number=1,
        kind=EvidenceKind.LINK.value,
        title=title,
        url=url,
        sha256=hashlib.sha256(f"{title}\n{url}".encode()).hexdigest(),
        author=by,
        captured_at=now,
    )


def support(item: LaunchItem, revision: EvidenceRevision, *, by: User, now: datetime) -> None:
    """Link a piece of evidence to a taken item."""
    link = {
        "team_id": item.team_id,
        "item_id": item.pk,
        "evidence_id": revision.evidence_id,
        "revision_id": revision.pk,
        "added_by_id": by.pk,
        "added_at": now,
    }
    changed = touched(item, by=by, now=now) | {"evidence": [*item.evidence, revision.pk]}
    lean.insert_and_update(EvidenceLink, link, item, changed)
    said = {"evidence": revision.pk, "title": revision.title, "url": revision.url}
    record_on_item(Kind.EVIDENCE_ADDED, item, by=by, now=now, **said)


@transaction.atomic
def remove_evidence(
    link: EvidenceLink, *, by: User, version: int, key: str, now: datetime
) -> Judged:
    """Take a piece of evidence off an item; sign-offs that stood on it stop counting."""
    item = take_item(
        link.item,
        to=Action.ITEM_WORK,
        by=by,
        version=version,
        key=key,
        body=f"remove {link.pk}",
        now=now,
    )
    refuse_if(policies.working_on(item))
    link = item.evidence_links.select_related("revision").get(pk=link.pk)
    take_off(item, link, by=by, now=now)
    return judge(item.launch, now=now, by=by)


def take_off(item: LaunchItem, link: EvidenceLink, *, by: User, now: datetime) -> None:
    """Take a piece of evidence off a taken item."""
    if link.removed_at:
        raise Refused("This evidence was removed already.")
    lean.update(link, removed_at=now, removed_by=by)
    left = [pk for pk in item.evidence if pk != link.revision_id]
    touch(item, by=by, now=now, evidence=left)
    said = {"evidence": link.revision_id, "title": link.revision.title}
    record_on_item(Kind.EVIDENCE_REMOVED, item, by=by, now=now, **said)


@transaction.atomic
def comment(item: LaunchItem, *, text: str, by: User, key: str, now: datetime) -> Comment:
    """Say something about an item, in plain text."""
    launch = take_launch_of(item)
    once(key, by=by, body=f"comment {item.pk} {text}", at=now)
    item = item_for(item.pk, by=by, to=Action.COMMENT)
    item.launch = launch
    permit(item)
    said = Comment.objects.create(
        team_id=item.team_id, launch=item.launch, item=item, by=by, at=now, text=text
    )
    CommentRevision.objects.create(comment=said, number=1, text=text, by=by, at=now)
    record_on_item(Kind.COMMENT_WRITTEN, item, by=by, now=now, comment=said.pk)
    return said
