"""What supports items: added, used again, revised, taken off."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.audit.services import once
from readiness.launches import policies
from readiness.launches.models import (
    Evidence,
    EvidenceKind,
    EvidenceLink,
    EvidenceRevision,
    Launch,
    LaunchItem,
)
from readiness.launches.models.evidence import hash_of_evidence
from readiness.launches.policies import supporting
from readiness.launches.queries.asked import items_for
from readiness.launches.queries.evidence import Pieces, linked_to, supported, usable_by
from readiness.launches.queries.pinned import pinned
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import (
    permit,
    record_on_item,
    take_item,
    take_launch,
    touch,
    touched,
)
from readiness.rules.support import Piece
from readiness.web import lean
from readiness.web.refusal import Refused, refuse_if


@dataclass(frozen=True, slots=True)
class Content:
    """What a revision says; without a time it is captured now."""

    title: str
    url: str = ""
    kind: EvidenceKind = EvidenceKind.LINK
    body: str = ""
    captured_at: datetime | None = None
    expires_at: datetime | None = None


@transaction.atomic
def add_evidence(
    item: LaunchItem,
    *,
    title: str,
    by: User,
    version: int,
    key: str,
    now: datetime,
    url: str = "",
    kind: EvidenceKind = EvidenceKind.LINK,
    body: str = "",
    captured_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Judged:
    """Add a page, a note, a metric or a CI run that supports the item."""
    content = Content(title, url, kind, body, captured_at, expires_at)
    sent, to = f"evidence {content}", Action.EVIDENCE_ADD
    item = take_item(item, to=to, by=by, version=version, key=key, body=sent, now=now)
    refuse_if(policies.working_on(item) or supporting.capturing(captured_at, expires_at, now))
    revision = add_piece(item.launch, content, by=by, now=now)
    support(item, revision, linked_to([item.pk])[item.pk], by=by, now=now)
    return judge(item.launch, now=now, by=by)


@transaction.atomic
def use_evidence(
    item: LaunchItem, *, revision: int, by: User, version: int, key: str, now: datetime
) -> Judged:
    """Let what the team has support the item too, perhaps from another launch of the team.

    It is used in the revision that was looked at.
    """
    sent = f"use {revision}"
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=sent, now=now)
    refuse_if(policies.working_on(item))
    usable = usable_by(by, team_id=item.team_id).select_related("evidence__launch")
    found = usable.filter(pk=revision).first()
    if found is None:
        raise Refused(supporting.NOT_THERE)
    pieces = linked_to([item.pk])[item.pk]
    refuse_if(supporting.using(item, found.evidence_id))
    support(item, found, pieces, by=by, now=now)
    return judge(item.launch, now=now, by=by)


def add_piece(launch: Launch, content: Content, *, by: User, now: datetime) -> EvidenceRevision:
    """A new piece of evidence in a locked launch, in its first revision."""
    evidence = Evidence.objects.create(
        team_id=launch.team_id, launch=launch, added_by=by, added_at=now
    )
    return _revision(evidence, 1, content, by=by, now=now)


def _revision(
    evidence: Evidence, number: int, content: Content, *, by: User, now: datetime
) -> EvidenceRevision:
    return EvidenceRevision.objects.create(
        evidence=evidence,
        number=number,
        kind=content.kind.value,
        title=content.title,
        url=content.url,
        body=content.body,
        sha256=hash_of_evidence(content.title, content.url, content.body),
        author=by,
        captured_at=content.captured_at or now,
        expires_at=content.expires_at,
    )


def support(
    item: LaunchItem, revision: EvidenceRevision, pieces: Pieces, *, by: User, now: datetime
) -> None:
    """Link a piece of evidence to a taken item, beside the pieces that support it already."""
    _link(item, revision, [*item.evidence, revision.pk], [*pieces.values()], by=by, now=now)
    said: dict[str, Any] = {"evidence": revision.pk, "title": revision.title, "url": revision.url}
    if revision.evidence.launch_id != item.launch_id:
        said["origin"] = revision.evidence.launch_id
    record_on_item(Kind.EVIDENCE_ADDED, item, by=by, now=now, **said)


def _link(
    item: LaunchItem,
    revision: EvidenceRevision,
    evidence: Sequence[int],
    others: Collection[Piece],
    *,
    by: User,
    now: datetime,
) -> None:
    """Write the link, and on the item what supports it now."""
    link = {
        "team_id": item.team_id,
        "item_id": item.pk,
        "evidence_id": revision.evidence_id,
        "revision_id": revision.pk,
        "added_by_id": by.pk,
        "added_at": now,
    }
    changed = touched(item, by=by, now=now) | {"evidence": list(evidence)}
    changed |= _worth(item, [*others, revision.piece])
    lean.insert_and_update(EvidenceLink, link, item, changed)


def _worth(item: LaunchItem, pieces: Collection[Piece]) -> dict[str, object]:
    return supported(pinned(item.launch.version_id).items[item.key], pieces)


@transaction.atomic
def revise_evidence(
    link: EvidenceLink,
    content: Content,
    *,
    items: Sequence[tuple[int, int]],
    by: User,
    key: str,
    now: datetime,
) -> Judged:
    """Say anew what a piece of evidence says, and let that replace it on these items.

    Each item comes with the version that was looked at: sign-offs that stood on the earlier
    revision fall there, and nobody's falls unseen. All of it, or nothing. Launches are locked
    in the order of their ids.
    """
    launches = _take_launches(link.evidence, [pk for pk, _ in items])
    once(key, by=by, body=f"revise {link.evidence_id} {items} {content}", at=now)
    evidence = Evidence.objects.get(pk=link.evidence_id)
    refuse_if(supporting.revising(evidence, by))
    refuse_if(supporting.capturing(content.captured_at, content.expires_at, now))
    taken = _take_items(launches, dict(items), by=by, now=now)
    number = evidence.revisions.order_by("-number").values_list("number", flat=True)[0]
    revision = _revision(evidence, number + 1, content, by=by, now=now)
    pieces = linked_to(taken)
    links = {one.item_id: one for one in _standing(evidence, taken)}
    for pk, item in taken.items():
        _replace(item, links.get(pk), revision, pieces[pk], by=by, now=now)
    changed = {item.launch_id for item in taken.values()}
    judged = {pk: judge(launches[pk], now=now, by=by) for pk in sorted(changed)}
    return judged.get(link.item.launch_id) or judged[min(changed)]


def _take_launches(evidence: Evidence, items: Sequence[int]) -> dict[int, Launch]:
    """The launches of a piece of evidence and of items, locked in the order of their ids."""
    refuse_if("" if items else supporting.NOWHERE)
    used = LaunchItem.objects.filter(pk__in=items).values_list("launch", flat=True)
    return {pk: take_launch(pk) for pk in sorted({evidence.launch_id, *used})}


def _take_items(
    launches: Mapping[int, Launch], versions: Mapping[int, int], *, by: User, now: datetime
) -> dict[int, LaunchItem]:
    """The items as they are now, which this person may work on and saw in these versions."""
    found: dict[int, LaunchItem] = {}
    for launch in launches.values():
        found |= items_for(launch, versions, by=by, to=Action.ITEM_WORK)
    for pk, version in versions.items():
        item = found.get(pk)
        if item is None:
            raise Refused(policies.NOT_THERE)
        permit(item)
        refuse_if(policies.stale(item, version, now) or policies.working_on(item))
    return {pk: found[pk] for pk in versions}


def _standing(evidence: Evidence, items: Collection[int]) -> Sequence[EvidenceLink]:
    links = evidence.links.filter(item__in=list(items), removed_at=None)
    return list(links.select_related("revision"))


def _replace(
    item: LaunchItem,
    was: EvidenceLink | None,
    revision: EvidenceRevision,
    pieces: Pieces,
    *,
    by: User,
    now: datetime,
) -> None:
    """Put a revision in the place of the one that supports a taken item."""
    if was is None:
        raise Refused(supporting.TAKEN_OFF)
    lean.update(was, removed_at=now, removed_by=by)
    becomes = [revision.pk if pk == was.revision_id else pk for pk in item.evidence]
    others = [piece for pk, piece in pieces.items() if pk != was.revision_id]
    _link(item, revision, becomes, others, by=by, now=now)
    said: dict[str, Any] = {"evidence": revision.pk, "was": was.revision_id}
    said |= {"title": revision.title, "url": revision.url, "number": revision.number}
    record_on_item(Kind.EVIDENCE_REVISED, item, by=by, now=now, **said)


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
    take_off(item, link, linked_to([item.pk])[item.pk], by=by, now=now)
    return judge(item.launch, now=now, by=by)


def take_off(
    item: LaunchItem, link: EvidenceLink, pieces: Pieces, *, by: User, now: datetime
) -> None:
    """Take a piece of evidence off a taken item, which these pieces supported."""
    if link.removed_at:
        raise Refused("This evidence was removed already.")
    lean.update(link, removed_at=now, removed_by=by)
    left = [pk for pk in item.evidence if pk != link.revision_id]
    worth = _worth(item, [piece for pk, piece in pieces.items() if pk != link.revision_id])
    touch(item, by=by, now=now, evidence=left, **worth)
    said: dict[str, Any] = {"evidence": link.revision_id, "title": link.revision.title}
    record_on_item(Kind.EVIDENCE_REMOVED, item, by=by, now=now, **said)
