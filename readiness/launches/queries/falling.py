"""Why a sign-off counts no more: what of its basis changed, from what to what, when and by whom."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from readiness.launches.models import EvidenceLink, SignOff
from readiness.launches.queries import changing
from readiness.launches.queries.changing import Change, change_in_words
from readiness.launches.queries.standing_on import LAUNCH_DATE, MODEL_VERSION
from readiness.launches.queries.told import Cut, Record, links_at

EVIDENCE = "evidence"


class Fall(NamedTuple):
    """One reason, by its code and in words: "candidate changed from v13 to v14 on 3 Dec by Mei"."""

    code: str
    words: str


def fallen_because(
    signoff: SignOff, parts: Mapping[str, str], record: Record, cut: Cut
) -> tuple[Fall, ...]:
    """All that took the ground from under a sign-off; nothing while it stands on its basis.

    `parts` are those of the item's basis at the cut.
    """
    falls = [
        Fall(kind, _changed(kind, signoff, parts, record, cut))
        for kind in {**signoff.basis_parts, **parts}
        if signoff.basis_parts.get(kind) != parts.get(kind)
    ]
    linked = {one.revision_id for one in links_at(record, signoff.item_id, cut)}
    return (*falls, *_gone(signoff, linked, record, cut))


def _changed(
    kind: str, signoff: SignOff, parts: Mapping[str, str], record: Record, cut: Cut
) -> str:
    was, becomes = signoff.basis_parts.get(kind, ""), parts.get(kind, "")
    return change_in_words(kind, was, becomes, _last(kind, record, cut), record.launch)


def _last(kind: str, record: Record, cut: Cut) -> Change | None:
    """When such a part of the basis changed last, and by whom."""
    if kind == LAUNCH_DATE:
        return _moved(record, cut)
    declared = [one for one in record.declared if one.kind == kind]
    told = record.candidates if kind == MODEL_VERSION else declared
    found = [one for one in told if record.is_so(one.at, cut)]
    return Change(found[-1].at, found[-1].by.name) if found else None


def _moved(record: Record, cut: Cut) -> Change | None:
    """When the launch was moved last, and by whom."""
    moves = [
        one
        for one in record.heard
        if one.number <= cut.number and {"launch_at", "zone"} & {*one.said.get("changes", {})}
    ]
    return Change(moves[-1].at, moves[-1].who) if moves else None


def _gone(signoff: SignOff, linked: Collection[int], record: Record, cut: Cut) -> Iterator[Fall]:
    """The evidence that was linked when it was signed, and is no more."""
    links = record.links.get(signoff.item_id, ())
    for revision in signoff.evidence:
        if revision in linked:
            continue
        link = next(
            (one for one in reversed(links) if one.revision_id == revision and one.removed_at), None
        )
        yield Fall(EVIDENCE, _taken_off(link, record, cut) if link else "evidence was removed")


def _taken_off(link: EvidenceLink, record: Record, cut: Cut) -> str:
    revised = any(
        one.evidence_id == link.evidence_id for one in links_at(record, link.item_id, cut)
    )
    did = "revised" if revised else "removed"
    by = link.removed_by.name if link.removed_by else ""
    removal = Change(link.removed_at, by) if link.removed_at else None
    return f"evidence “{link.revision.title}” was {did}{changing.when(removal, record.launch)}"


def short_day(at: datetime, record: Record) -> str:
    return changing.short_day(at, record.launch)
