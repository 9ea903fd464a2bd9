"""All that was ever said about a launch, read in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import (
    Candidate,
    ConfigEvent,
    EvidenceLink,
    Exemption,
    FactRevision,
    Launch,
    SignOff,
)
from readiness.launches.queries.pinned import pinned

MOVES = (Kind.LAUNCH_EDITED.value, Kind.LAUNCH_RESCHEDULED.value)
SETTLING = (  # what facts are looked at again for, with moves and answers
    Kind.CANDIDATE_PROPOSED.value,
    Kind.FACT_SAVED.value,
    Kind.FACT_ROW_REMOVED.value,
    Kind.DUTY_ACCEPTED.value,
)
HEARD = (
    Kind.LAUNCH_OPENED.value,
    *MOVES,
    Kind.FACETS_ANSWERED.value,
    Kind.ITEM_PROGRESSED.value,
    Kind.ITEM_DUE_SET.value,
    *SETTLING,
    Kind.EVENT_REDACTED.value,
)
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
OfItem = TypeVar("OfItem", SignOff, Exemption, EvidenceLink)


class Heard(NamedTuple):
    """One event that shapes a launch; `at` is when it was in force, `said` what it says."""

    number: int
    kind: str
    at: datetime
    who: str
    said: Mapping[str, Any]
    is_redacted: bool


class Cut(NamedTuple):
    """An instant, and the number of the last event that had come by then."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    """All that was ever said about a launch, in a fixed number of statements.

    Two acts at once may be written in another order than they were begun in. What carries a
    time was so from the event on that carries it, too: `numbers` says which, and `since` when
    each event of the log had come.
    """

    launch: Launch
    items: tuple[tuple[int, str], ...]
    heard: tuple[Heard, ...]
    numbers: Mapping[tuple[datetime, int], int]  # by time and item; of no item, 0
    since: Mapping[int, datetime]
    signoffs: Mapping[int, Sequence[SignOff]]  # these three by item
    exemptions: Mapping[int, Sequence[Exemption]]
    links: Mapping[int, Sequence[EvidenceLink]]
    candidates: tuple[Candidate, ...]
    declared: tuple[ConfigEvent, ...]
    facts: tuple[FactRevision, ...]  # only where a fact can matter

    def cut_at(self, at: datetime) -> Cut:
        """Where an instant cuts the log."""
        return Cut(
            at, max((number for number, since in self.since.items() if since <= at), default=0)
        )

    def is_so(self, begun: datetime | None, cut: Cut, item: int = 0) -> bool:
        """Whether what carries this time was so already; an act on an item says on which.

        What no event of the log carries is older than the log, or was written while it was read.
        """
        if begun is None:
            return False
        number = self.numbers.get((begun, item), self.numbers.get((begun, 0)))
        if number is not None:
            return number <= cut.number
        return begun <= min(cut.at, max(self.since.values(), default=cut.at))


def record_of(launch: Launch) -> Record:
    """Everything said about a launch so far."""
    events = Event.objects.filter(subject=launch.subject_id).order_by("sequence")
    told = list(events.values_list("sequence", "kind", "at", "printed_name", "payload"))
    left = {
        one["sequence"]: one["rest"]
        for _, kind, _, _, said in told
        if kind == Kind.EVENT_REDACTED.value and said
        for one in said["events"]
    }
    numbers: dict[tuple[datetime, int], int] = {}
    since: dict[int, datetime] = {}
    latest = BEFORE_ALL
    for number, kind, at, _, said in told:
        latest = max(latest, at)
        since[number] = latest
        if kind != Kind.VERDICT_CHANGED.value:  # that is no act, but what one led to
            numbers.setdefault((at, 0), number)
            numbers.setdefault((at, (said or left.get(number, {})).get("item", 0)), number)
    return Record(
        launch=launch,
        items=tuple(launch.items.order_by("position").values_list("pk", "key")),
        heard=tuple(
            Heard(number, kind, since[number], who, said or left.get(number, {}), said is None)
            for number, kind, at, who, said in told
            if kind in HEARD
        ),
        numbers=numbers,
        since=since,
        signoffs=_by_item(SignOff.objects.filter(item__launch=launch).order_by("-at", "-pk")),
        exemptions=_by_item(
            Exemption.objects.filter(item__launch=launch)
            .select_related("asked_by", "agreed_by")
            .order_by("pk")
        ),
        links=_by_item(
            EvidenceLink.objects.filter(item__launch=launch)
            .select_related("revision", "removed_by")
            .order_by("pk")
        ),
        candidates=tuple(launch.candidates.select_related("by").order_by("pk")),
        declared=tuple(launch.config_events.select_related("by").order_by("pk")),
        facts=_facts_of(launch),
    )


def _facts_of(launch: Launch) -> tuple[FactRevision, ...]:
    """All that its facts ever said, where an item needs one to count."""
    if not any(one.needs_fact for one in pinned(launch.version_id).items.values()):
        return ()
    revisions = FactRevision.objects.filter(item__launch=launch).select_related("item")
    return tuple(revisions.order_by("item_id", "pk"))


def _by_item(rows: Iterable[OfItem]) -> dict[int, list[OfItem]]:
    found = defaultdict(list)
    for one in rows:
        found[one.item_id].append(one)
    return found


def exemptions_at(record: Record, item: int, at: Cut) -> Iterator[Exemption]:
    """The exemptions of an item that stood at an instant."""
    for one in record.exemptions.get(item, ()):
        if record.is_so(one.asked_at, at, item) and not record.is_so(one.closed_at, at, item):
            yield one


def links_at(record: Record, item: int, at: Cut) -> Iterator[EvidenceLink]:
    """The evidence of an item that was linked at an instant."""
    for one in record.links.get(item, ()):
        if record.is_so(one.added_at, at, item) and not record.is_so(one.removed_at, at, item):
            yield one
