"""A launch as it was at any instant, from what is kept for ever: never from columns of today.

Sign-offs, exemptions, links, candidates and declared changes carry their own times; what only
columns hold now (answers, date, zone, progress, due dates) is heard from the log again.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from readiness.audit.kinds import Kind
from readiness.launches.models import (
    EvidenceLink,
    Launch,
    Progress,
    SignOff,
    VerdictSnapshot,
)
from readiness.launches.queries.applying import conditions_of
from readiness.launches.queries.columns import RULE_VERSION, columns_of
from readiness.launches.queries.facts import (
    EPOCH,
    EVERYBODY,
    ITEM,
    SIGNED,
    Fact,
    due_on,
    facts_from,
)
from readiness.launches.queries.past_facts import with_facts
from readiness.launches.queries.pinned import ItemRule, Pinned, pinned
from readiness.launches.queries.standing_on import parts_of
from readiness.launches.queries.told import MOVES, Cut, Heard, Record, exemptions_at, links_at
from readiness.rules import verdict as rule
from readiness.rules.basis import fingerprint
from readiness.rules.support import Piece, Support, support_of

HAS = slice(10, SIGNED)
NO_WORD = (None,) * 8
NO_EXEMPTION = (None, None, None)


@dataclass(frozen=True, slots=True)
class World:
    """What the log had said of a launch by one instant."""

    launch: Launch
    progress: Mapping[str, str]
    due: Mapping[str, date | None]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A launch at one instant; `rows` are what `facts` reads of a launch that is there now."""

    record: Record
    at: datetime
    cut: Cut
    launch: Launch
    rows: tuple[tuple, ...]
    parts: Mapping[str, Mapping[str, str]]
    gaps: tuple[str, ...]

    @property
    def content(self) -> Pinned:
        return pinned(self.launch.version_id)

    def has(self, item: int) -> tuple[bool, bool]:
        """Whether an item had evidence that is worth something, and the fact it asks for."""
        is_bare, _, has_fact = next(row[HAS] for row in self.rows if row[ITEM] == item)
        return not is_bare, has_fact

    def facts(self, at: datetime | None = None) -> list[Fact]:
        """Its items then, or as nothing but time will have made them at another instant."""
        return facts_from(self.rows, at or self.at)

    def verdict(self, at: datetime | None = None) -> rule.Verdict:
        items = [fact.item for fact in self.facts(at)]
        return rule.judge(items, self.content.scheme, at or self.at)


@dataclass(frozen=True, slots=True)
class Kept:
    """The snapshot that stood at an instant, and what differs from it once recomputed."""

    snapshot: VerdictSnapshot
    differences: tuple[str, ...]
    is_overtaken: bool  # time alone had changed the verdict, and no snapshot was kept yet

    @property
    def agrees(self) -> bool:
        return not self.differences


def as_of(record: Record, at: datetime) -> Past:
    """The launch at an instant, the acts of that very instant among it."""
    return _cut(record, record.cut_at(at))


def as_of_event(record: Record, number: int) -> Past:
    """The launch as it was when its log had come to this event."""
    return _cut(record, Cut(record.since[number], number))


def _cut(record: Record, at: Cut) -> Past:
    world = _world(record, at)
    launch, version = world.launch, pinned(world.launch.version_id)
    conditions = conditions_of(version, launch.facets)
    declared = {one.kind: one.value for one in record.declared if record.is_so(one.at, at)}
    has_fact, gone = with_facts(record, launch, at)
    rows: list[tuple] = []
    parts = {}
    for pk, key in record.items:
        parts[key] = parts_of(launch, version.items[key], declared)
        found, links = conditions[key], list(links_at(record, pk, at))
        linked, support = {one.revision_id for one in links}, _support(version.items[key], links)
        item = (
            launch.version_id, launch.pk, pk, key, found.applies.value, found.blocker.value,
            world.due.get(key), world.progress.get(key, Progress.NOT_STARTED.value), 0, None,
            support.lacks or not linked, support.until, pk in has_fact,
        )  # fmt: skip
        words = _words(record, pk, at, fingerprint(parts[key]), linked)
        exempt = _exemptions(record, pk, at)
        rows += [(*item, *word, *one) for word, one in product(words, exempt)]
    return Past(record, at.at, at, launch, tuple(rows), parts, (*world.gaps, *gone))


def kept_at(past: Past) -> Kept | None:
    """The snapshot that stood then, held against a recomputation at the instant it was kept."""
    record = past.record
    snapshot = (
        VerdictSnapshot.objects.filter(
            launch=past.launch, sequence__lte=past.cut.number, at__lte=past.at
        )
        .select_related("candidate")
        .order_by("-pk")
        .first()
    )
    if snapshot is None:
        return None
    was = _cut(record, Cut(snapshot.at, snapshot.sequence))
    verdict = was.verdict(snapshot.at)
    differences = _differences(snapshot, was, verdict)
    is_overtaken = False
    if _counts(past.verdict()) != _counts(verdict):
        is_overtaken = verdict.next_change is not None and verdict.next_change <= past.at
        differences += () if is_overtaken else ("later changes without a snapshot",)
    return Kept(snapshot, differences, is_overtaken)


def _differences(snapshot: VerdictSnapshot, was: Past, verdict: rule.Verdict) -> tuple[str, ...]:
    """What of a stored snapshot a recomputation at its instant does not find."""
    if snapshot.rule_version != RULE_VERSION:
        return (f"it was found by rule {snapshot.rule_version}, today's is {RULE_VERSION}",)
    version = pinned(was.launch.version_id)
    found = columns_of(verdict, was.facts(snapshot.at), version, snapshot.at) | {
        "holds": list(verdict.holds),
        "states": {key: state.value for key, state in verdict.states.items()},
        "candidate_id": was.launch.candidate_id,
    }
    names = (
        "verdict", "outcome", "score", "shown", "earned", "total", "checked", "counted",
        "sections", "holds", "states", "candidate_id",
    )  # fmt: skip
    return tuple(
        name.removesuffix("_id") for name in names if getattr(snapshot, name) != found[name]
    )


def _counts(verdict: rule.Verdict) -> tuple[object, ...]:
    """What a new snapshot is kept for when it changes."""
    counted = verdict.earned, verdict.total, verdict.checked, verdict.counted
    return verdict.key, *counted, len(verdict.holds)


def _world(record: Record, cut: Cut) -> World:
    launch, progress = copy(record.launch), {}
    by_hand: dict[str, date | None] = {}
    gaps = []
    for one in record.heard:
        if one.number > cut.number:
            continue
        said, key = one.said, one.said.get("key", "")
        if not said:
            gaps.append(f"Event {one.number} cannot be read any more.")
        elif one.kind == Kind.LAUNCH_OPENED.value:
            launch.launch_at, launch.zone = datetime.fromisoformat(said["launch_at"]), said["zone"]
            launch.facets = said["facets"]
        elif one.kind in MOVES:
            _move(launch, one, record, gaps)
        elif one.kind == Kind.FACETS_ANSWERED.value:
            launch.facets = said["answers"]
        elif one.kind == Kind.ITEM_PROGRESSED.value:
            progress[key] = said["to"]
        elif one.kind == Kind.ITEM_DUE_SET.value:
            by_hand[key] = _by_hand(launch, key, said["due"])
    standing = [one for one in record.candidates if record.is_so(one.at, cut)]
    launch.candidate = standing[-1] if standing else None
    rules = pinned(launch.version_id).items
    due = {key: by_hand.get(key) or due_on(launch, one) for key, one in rules.items()}
    return World(launch, progress, due, tuple(gaps))


def _by_hand(launch: Launch, key: str, due: str) -> date | None:
    """The day somebody set; none where it follows the launch again."""
    on = date.fromisoformat(due) if due else None
    rule_of = pinned(launch.version_id).items.get(key)
    return None if rule_of and on == due_on(launch, rule_of) else on


def _move(launch: Launch, one: Heard, record: Record, gaps: list[str]) -> None:
    """Another date or zone. What was redacted is found in what the next change was from."""
    changes = one.said["changes"]
    for name, (_, becomes) in changes.items():
        if name not in ("launch_at", "zone"):
            continue
        if one.is_redacted and not becomes:
            becomes = _next_was(record, one, name)
            gaps.append(
                f"Event {one.number}, which changed the time zone of the launch, was redacted:"
                " its zone is taken from what came after."
            )
        setattr(launch, name, datetime.fromisoformat(becomes) if name == "launch_at" else becomes)


def _next_was(record: Record, redacted: Heard, name: str) -> str:
    later = (
        one.said["changes"][name][0]
        for one in record.heard
        if one.number > redacted.number and one.kind in MOVES
        if name in one.said.get("changes", {}) and one.said["changes"][name][0]
    )
    return next(later, str(getattr(record.launch, name)))


def _support(about: ItemRule, links: Iterable[EvidenceLink]) -> Support:
    """What the evidence that was linked is worth to the item."""
    pieces = [
        Piece(one.revision.kind, one.revision.captured_at, one.revision.expires_at) for one in links
    ]
    return support_of(pieces, kinds=about.evidence_kinds, max_age=about.evidence_max_age)


def _words(record: Record, item: int, at: Cut, basis: str, linked: set[int]) -> Sequence[tuple]:
    """The sign-offs that stood, the latest first, as `facts` reads them."""
    found = [
        (
            one.pk, one.by_id, one.credit, one.answer, _microseconds(one.at), one.expires_at,
            one.basis == basis and linked.issuperset(one.evidence),
            _speaks_for(one, record, at),
        )
        for one in record.signoffs.get(item, ())
        if record.is_so(one.at, at, item) and not record.is_so(one.withdrawn_at, at, item)
    ]  # fmt: skip
    return found or [NO_WORD]


def _speaks_for(one: SignOff, record: Record, at: Cut) -> int:
    """How many signatures it stood for: for all where broken glass had been confirmed."""
    if not one.broke_glass:
        return 1
    return EVERYBODY if record.is_so(one.confirmed_at, at, one.item_id) else 0


def _exemptions(record: Record, item: int, at: Cut) -> Sequence[tuple]:
    """The exemptions that stood, as `facts` reads them."""
    found = [(one.kind, record.is_so(one.agreed_at, at, item), one.ends_at)
             for one in exemptions_at(record, item, at)]  # fmt: skip
    return found or [NO_EXEMPTION]


def _microseconds(at: datetime) -> int:
    """A time as `facts` counts it."""
    past = at - EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds
