"""Which events a history tells: those a reader may see, narrowed to what they ask for."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, grants
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Launch, LaunchItem

OF_THE_SITE = {
    "calendar_link",
    "checklist",
    "hook",
    "invitation",
    "password",
    "person",
    "preferences",
    "reminders",
    "role",
    "sessions",
    "team",
    "view",
}
# What a history can be narrowed to: a word for the address, a title, and the kinds it means.
NAMED: dict[str, tuple[str, frozenset[Kind]]] = {
    "checks": (
        "Checks",
        frozenset(
            {
                Kind.ITEM_SIGNED_OFF,
                Kind.ITEM_REAFFIRMED,
                Kind.SIGNOFF_WITHDRAWN,
                Kind.GLASS_BROKEN,
                Kind.GLASS_CONFIRMED,
            }
        ),
    ),
    "verdicts": ("Verdicts", frozenset({Kind.VERDICT_CHANGED})),
    "decisions": (
        "Decisions",
        frozenset(kind for kind in Kind if kind.partition(".")[0] in ("decision", "action_item")),
    ),
    "reviews": (
        "Reviews",
        frozenset(kind for kind in Kind if kind.partition(".")[0] == "review"),
    ),
    "work": (
        "Owners, dates and progress",
        frozenset(
            {
                Kind.ITEM_ASSIGNED,
                Kind.ITEM_DUE_SET,
                Kind.ITEM_PROGRESSED,
                Kind.ITEMS_CHANGED_TOGETHER,
                Kind.DUTY_GIVEN,
            }
        ),
    ),
    "evidence": (
        "Evidence",
        frozenset({Kind.EVIDENCE_ADDED, Kind.EVIDENCE_REMOVED, Kind.EVIDENCE_REVISED}),
    ),
    "facts": (
        "Facts",
        frozenset({Kind.FACT_SAVED, Kind.FACT_ROW_REMOVED, Kind.DUTY_ACCEPTED}),
    ),
    "comments": (
        "Comments",
        frozenset(kind for kind in Kind if kind.partition(".")[0] in ("comment", "thread")),
    ),
    "exemptions": (
        "Waivers and N/A",
        frozenset(
            {
                Kind.EXEMPTION_CONFIRMED,
                Kind.EXEMPTION_DECLINED,
                Kind.EXEMPTION_PROPOSED,
                Kind.EXEMPTION_WITHDRAWN,
            },
        ),
    ),
    "site": (
        "Checklists, people and roles",
        frozenset(kind for kind in Kind if kind.partition(".")[0] in OF_THE_SITE),
    ),
}
REST = frozenset(Kind).difference(*(kinds for _, kinds in NAMED.values()))
GROUPS = NAMED | {"launch": ("The launch itself", REST)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a history is asked for; what is empty narrows nothing."""

    kinds: frozenset[Kind] = frozenset()
    people: tuple[int, ...] | None = None
    item: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: dict[str, str] = field(default_factory=dict)  # as the address says it

    @property
    def is_narrow(self) -> bool:
        return bool(self.words)


EVERYTHING = Wanted()


def events_of(launch: Launch, wanted: Wanted) -> "QuerySet[Event]":
    """The events of a launch that the reader may see."""
    return _narrowed(Event.objects.filter(subject=launch.subject_id), wanted)


def events_for(reader: User, wanted: Wanted) -> "QuerySet[Event]":
    """The events of all launches the reader may see; site admins read every event."""
    events = _narrowed(Event.objects.all(), wanted)
    if wanted.item:
        items = LaunchItem.objects.filter(pk=wanted.item)
        events = events.filter(subject__in=items.values("launch__subject"))
    if reader.is_site_admin:
        return events
    seen = grants(reader, Action.LAUNCH_VIEW, lead="subject__launch__lead")
    return events.filter(seen, subject__launch__isnull=False)


def _narrowed(events: "QuerySet[Event]", wanted: Wanted) -> "QuerySet[Event]":
    narrow = Q()
    if wanted.kinds:
        narrow &= Q(kind__in=sorted(kind.value for kind in wanted.kinds))
    if wanted.people is not None:
        narrow &= Q(by__in=wanted.people)
    if wanted.item:
        narrow &= Q(payload__contains={"item": wanted.item})
    if wanted.since:
        narrow &= Q(at__gte=wanted.since)
    if wanted.until:
        narrow &= Q(at__lt=wanted.until)
    return events.filter(narrow)
