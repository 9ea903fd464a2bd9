"""The latest of a launch's events, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Launch, Progress
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.rows import weekday

LATEST = 5
COLUMNS = ("kind", "at", "printed_name", "payload", "by_id", "by__name", "by__email")


@dataclass(frozen=True, slots=True)
class Line:
    """One event: who did it, what, to what, when."""

    who: str
    person: User | None
    did: str
    what: str
    then: str
    at: datetime


def latest(launch: Launch, content: Pinned, item: int | None = None) -> list[Line]:
    """The last things that happened in a launch, or to one of its items."""
    events = Event.objects.filter(subject=launch.subject_id).order_by("-id")
    if item is not None:
        events = events.filter(payload__item=item)
    return list(_lines(events.values_list(*COLUMNS)[:LATEST], content))


def _lines(rows: Iterable[tuple], content: Pinned) -> Iterable[Line]:
    for kind, at, printed_name, payload, by, name, email in rows:
        did, what, then = said(kind, payload, content)
        yield Line(
            who=printed_name.split(" ")[0],
            person=User(pk=by, name=name, email=email) if by else None,
            did=did,
            what=what,
            then=then,
            at=at,
        )


def said(kind: str, payload: Mapping, content: Pinned) -> tuple[str, str, str]:
    """An event as words: what was done, the thing in words of its own, and the rest."""
    rule = content.items.get(payload.get("key", ""))
    ref = rule.ref if rule else "an item"
    if kind == Kind.ITEM_PROGRESSED.value:
        return _progressed(payload, ref)
    if kind == Kind.ITEM_ASSIGNED.value:
        owner = payload["owner"]
        return ("handed", ref, f"to {owner}") if owner else ("left", ref, "without an owner")
    if kind == Kind.ITEM_DUE_SET.value:
        due = payload["due"]
        return "set", ref, f"due {weekday(date.fromisoformat(due))}" if due else "due never"
    if kind == Kind.VERDICT_CHANGED.value:
        titles = {band.key: band.title for band in content.scheme.bands}
        return "moved the verdict to", titles.get(payload["becomes"], "not assessable"), ""
    return _plainly(kind, payload, ref)


def _plainly(kind: str, payload: Mapping, ref: str) -> tuple[str, str, str]:
    return {
        Kind.ITEM_SIGNED_OFF.value: ("checked", ref, ""),
        Kind.SIGNOFF_WITHDRAWN.value: ("took back the check of", ref, ""),
        Kind.EVIDENCE_ADDED.value: ("added", payload.get("title", ""), f"to {ref}"),
        Kind.EVIDENCE_REMOVED.value: ("removed", payload.get("title", ""), f"from {ref}"),
        Kind.COMMENT_WRITTEN.value: ("commented on", ref, ""),
        Kind.LAUNCH_OPENED.value: ("opened", "this launch", ""),
        Kind.LAUNCH_EDITED.value: ("edited", "this launch", ""),
        Kind.LAUNCH_RESCHEDULED.value: ("moved", "the launch date", ""),
        Kind.CANDIDATE_PROPOSED.value: ("proposed", payload.get("candidate", ""), ""),
        Kind.DUTY_GIVEN.value: ("gave a duty to", payload.get("to") or "nobody", ""),
        Kind.FACETS_ANSWERED.value: ("answered", "the questions about this launch", ""),
    }.get(kind, (kind.replace(".", " ").replace("_", " "), "", ""))


def _progressed(payload: Mapping, ref: str) -> tuple[str, str, str]:
    to = payload["to"].replace("_", " ")
    waits = f", waits for: {payload['because']}" if payload["to"] == Progress.BLOCKED.value else ""
    return "marked", ref, to + waits
