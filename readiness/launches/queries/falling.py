"""Why a sign-off counts no more: what of its basis changed, from what to what, when and by whom."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from readiness.launches.models import EvidenceLink, SignOff
from readiness.launches.queries.rows import day_of_month
from readiness.launches.queries.standing_on import LAUNCH_DATE, MODEL_VERSION, TEXT
from readiness.launches.queries.told import Cut, Record, links_at
from readiness.web import locales

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
        Fall(kind, _changed(kind, signoff, parts.get(kind, ""), record, cut))
        for kind in {**signoff.basis_parts, **parts}
        if signoff.basis_parts.get(kind) != parts.get(kind)
    ]
    linked = {one.revision_id for one in links_at(record, signoff.item_id, cut)}
    return (*falls, *_gone(signoff, linked, record, cut))


def _changed(kind: str, signoff: SignOff, becomes: str, record: Record, cut: Cut) -> str:
    was = signoff.basis_parts.get(kind, "")
    if kind == TEXT:
        return "the text or the policy of the item changed"
    if kind == MODEL_VERSION:
        return _candidate_changed(signoff, record, cut)
    if kind == LAUNCH_DATE:
        return f"the launch moved{_from_to(_day(was), _day(becomes))}{_moved(record, cut)}"
    declared = [one for one in record.declared if one.kind == kind and record.is_so(one.at, cut)]
    when = _when(declared[-1].at, declared[-1].by.name, record) if declared else ""
    return f"{kind.replace('_', ' ')} changed{_from_to(_quoted(was), _quoted(becomes))}{when}"


def _candidate_changed(signoff: SignOff, record: Record, cut: Cut) -> str:
    found = [one for one in record.candidates if record.is_so(one.at, cut)]
    if not found:
        return "the candidate changed"
    was = next((one for one in record.candidates if one.pk == signoff.candidate_id), None)
    becomes = found[-1]
    when = _when(becomes.at, becomes.by.name, record)
    if was is None:
        return f"candidate changed to {becomes}{when}"
    if (was.name, was.version) == (becomes.name, becomes.version):
        return f"candidate {becomes} has another digest{when}"
    if was.name == becomes.name:
        return f"candidate changed from {was.version} to {becomes.version}{when}"
    return f"candidate changed from {was} to {becomes}{when}"


def _moved(record: Record, cut: Cut) -> str:
    """When the launch was moved last, and by whom."""
    moves = [
        one
        for one in record.heard
        if one.number <= cut.number and {"launch_at", "zone"} & {*one.said.get("changes", {})}
    ]
    return _when(moves[-1].at, moves[-1].who, record) if moves else ""


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
    when = _when(link.removed_at, by, record) if link.removed_at else ""
    return f"evidence “{link.revision.title}” was {did}{when}"


def _from_to(was: str, becomes: str) -> str:
    return f"{f' from {was}' if was else ''}{f' to {becomes}' if becomes else ''}"


def _quoted(said: str) -> str:
    return f"“{said}”" if said else ""


def _when(at: datetime, by: str, record: Record) -> str:
    return f" on {short_day(at, record)}{f' by {by}' if by else ''}"


def short_day(at: datetime, record: Record) -> str:
    """The day of an instant where the launch is; with its year where that is not the launch's."""
    day = at.astimezone(record.launch.tzinfo).date()
    is_near = day.year == record.launch.launch_on.year
    return day_of_month(day) if is_near else locales.current().dated(day)


def _day(said: str) -> str:
    return day_of_month(date.fromisoformat(said)) if said else ""
