"""What the rule needs to know about a launch, in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from django.db.models import FilteredRelation, Q

from readiness.checklists.models import Version
from readiness.launches.models import ExemptionKind, Launch, LaunchItem
from readiness.launches.queries.pinned import ItemRule, Pinned, pinned
from readiness.rules.states import Item, Na
from readiness.rules.truth import Truth

COLUMNS = (
    "launch_id",
    "pk",
    "key",
    "applies",
    "blocker",
    "due_on",
    "basis",
    "evidence",
    "progress",
    "version",
    "owner_id",
    "signed__pk",
    "signed__by_id",
    "signed__credit",
    "signed__answer",
    "signed__basis",
    "signed__evidence",
    "signed__at",
    "signed__expires_at",
    "exempt__kind",
    "exempt__agreed_at",
    "exempt__ends_at",
)
SIGNED, EXEMPT = 11, 19
FOREVER = datetime.max.replace(tzinfo=UTC)
fraction = lru_cache(maxsize=256)(Fraction)


@dataclass(frozen=True, slots=True)
class Word:
    """One standing sign-off of an item."""

    pk: int
    by: int
    credit: Fraction
    answer: str
    at: datetime
    expires_at: datetime | None
    is_on_basis: bool

    def counts(self, now: datetime) -> bool:
        return self.is_on_basis and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Fact:
    """One item of a launch as the rule sees it, and whose word it rests on."""

    pk: int
    key: str
    version: int
    owner: int | None
    progress: str
    words: tuple[Word, ...]
    item: Item


def facts_of(launch: Launch, now: datetime) -> list[Fact]:
    """Every item of the launch, in the checklist's order."""
    rows = _rows(LaunchItem.objects.filter(launch=launch))
    return _facts(rows, pinned(launch.version), now)


def facts_of_many(launches: Sequence[Launch], now: datetime) -> dict[int, list[Fact]]:
    """The same for several launches at once, by launch id."""
    versions = {launch.pk: launch.version for launch in launches}
    rows = _rows(LaunchItem.objects.filter(launch__in=versions).order_by("launch", "position"))
    return {
        pk: _facts(group, pinned(versions[pk]), now)
        for pk, group in groupby(rows, key=itemgetter(0))
    }


def facts_of_items(items: Iterable, now: datetime) -> list[Fact]:
    """Some items, of whatever launches, in an order in which no two items tie."""
    found = []
    rows = _rows(items, "launch__version_id", "launch__version__content")
    for _, group in groupby(rows, key=itemgetter(1)):
        of_item = list(group)
        pk, content = of_item[0][len(COLUMNS) :]
        found.append(_fact(of_item, pinned(Version(pk=pk, content=content)), now))
    return found


def _rows(items: Iterable, *more: str) -> Iterable[tuple]:
    return items.annotate(
        signed=FilteredRelation("signoffs", condition=Q(signoffs__withdrawn_at=None)),
        exempt=FilteredRelation("exemptions", condition=Q(exemptions__closed_at=None)),
    ).values_list(*COLUMNS, *more)


def _facts(rows: Iterable[tuple], version: Pinned, now: datetime) -> list[Fact]:
    return [_fact(list(group), version, now) for _, group in groupby(rows, key=itemgetter(1))]


def _fact(rows: list[tuple], version: Pinned, now: datetime) -> Fact:
    row = rows[0]
    rule = version.items[row[2]]
    words = _words(rows)
    na, na_expires_at, waiver_until = _exemptions(rows)
    word = _deciding(words, now)
    return Fact(
        pk=row[1],
        key=row[2],
        version=row[9],
        owner=row[10],
        progress=row[8],
        words=words,
        item=Item(
            key=row[2],
            section=rule.section,
            position=rule.position,
            weight=rule.weight,
            applies=Truth(row[3]),
            blocker=Truth(row[4]),
            na_allowed=rule.na_allowed,
            credit=word.credit if word else fraction("0"),
            expires_at=_ends_at(word, words, rule.signatures, now),
            superseded=word is not None and not word.is_on_basis,
            provisional=word is not None and _lacks(rule, version, row[7], word, words, now),
            na=na,
            na_expires_at=na_expires_at,
            waiver_until=waiver_until,
            due_on=row[5],
        ),
    )


def _words(rows: list[tuple]) -> tuple[Word, ...]:
    """The standing sign-offs among joined rows, the latest first."""
    by_pk = {}
    for row in rows:
        pk, by, credit, answer, basis, evidence, at, expires_at = row[SIGNED:EXEMPT]
        if pk is not None and pk not in by_pk:
            is_on_basis = basis == row[6] and set(evidence) <= set(row[7])
            by_pk[pk] = Word(pk, by, fraction(credit), answer, at, expires_at, is_on_basis)
    return tuple(sorted(by_pk.values(), key=lambda word: (word.at, word.pk), reverse=True))


def _deciding(words: tuple[Word, ...], now: datetime) -> Word | None:
    """The latest word that counts; where none does, the latest."""
    return next((word for word in words if word.counts(now)), words[0] if words else None)


def _ends_at(
    word: Word | None, words: tuple[Word, ...], signatures: int, now: datetime
) -> datetime | None:
    """When the item stops counting: with several signatures needed, once too few are left."""
    counting = sorted((one.expires_at or FOREVER for one in words if one.counts(now)), reverse=True)
    if word is None or len(counting) < max(signatures, 2):
        return word.expires_at if word else None
    last = counting[signatures - 1]
    return None if last == FOREVER else last


def _lacks(
    rule: ItemRule,
    version: Pinned,
    evidence: list[int],
    word: Word,
    words: tuple[Word, ...],
    now: datetime,
) -> bool:
    """Whether something the item requires is missing: evidence, a fact, a second signature."""
    needs_evidence = rule.needs_evidence or version.answers[word.answer].needs_evidence
    signatures = sum(one.counts(now) for one in words) if rule.signatures > 1 else 1
    return (needs_evidence and not evidence) or rule.needs_fact or signatures < rule.signatures


def _exemptions(rows: list[tuple]) -> tuple[Na | None, datetime | None, datetime | None]:
    na, na_expires_at, waiver_until = None, None, None
    for row in rows:
        kind, agreed_at, ends_at = row[EXEMPT : len(COLUMNS)]
        if kind == ExemptionKind.NA.value:
            na, na_expires_at = (Na.CONFIRMED if agreed_at else Na.PROPOSED), ends_at
        elif kind == ExemptionKind.WAIVER.value and agreed_at:
            waiver_until = ends_at
    return na, na_expires_at, waiver_until


def due_on(launch: Launch, rule: ItemRule) -> date | None:
    """The day an item is due by the checklist: so many days before the launch."""
    if rule.due_days is None:
        return None
    return date.fromordinal(launch.launch_on.toordinal() - rule.due_days)
