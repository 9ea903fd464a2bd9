"""What the rule needs to know about a launch, in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet

from readiness.launches.models import ExemptionKind, Launch
from readiness.launches.models.items import LaunchItemQuerySet
from readiness.launches.queries.pinned import ItemRule, Pinned, pinned
from readiness.rules.states import FULL, NOTHING, Item, Na, is_before
from readiness.rules.truth import Truth
from readiness.web import prepared
from readiness.web.statements import Statement

# One row per item, standing sign-off and exemption; an item's latest sign-off comes first.
# Django would take longer to compile this than PostgreSQL takes to answer it.
READ = """
SELECT l.version_id, i.launch_id, i.id, i.key, i.applies, i.blocker, i.due_on, i.progress,
       i.version, i.owner_id, i.lacks_evidence OR cardinality(i.evidence) = 0 AS is_bare,
       i.supported_until, i.has_fact,
       s.id, s.by_id, s.credit, s.answer, (extract(epoch FROM s.at) * 1000000)::bigint,
       s.expires_at,
       s.basis = i.basis AND s.evidence <@ i.evidence AS is_on_basis,
       CASE WHEN NOT s.broke_glass THEN 1 WHEN s.confirmed_at IS NULL THEN 0 ELSE 9 END,
       e.kind, e.agreed_at IS NOT NULL AS is_agreed, e.ends_at
FROM {} i
JOIN launches_launch l ON l.id = i.launch_id
LEFT JOIN launches_signoff s ON s.item_id = i.id AND s.withdrawn_at IS NULL
LEFT JOIN launches_exemption e ON e.item_id = i.id AND e.closed_at IS NULL
"""
ROWS = READ.format("launches_launchitem")
# One launch is asked by its number: of a list PostgreSQL expects so much that it plans each anew.
OF_LAUNCH = "WHERE i.launch_id = %s ORDER BY i.position, s.at DESC, s.id DESC"
OF_LAUNCHES = "WHERE i.launch_id = ANY(%s) ORDER BY i.launch_id, i.position, s.at DESC, s.id DESC"
OF_ITEMS = "WHERE i.id IN ({}) ORDER BY i.id, s.at DESC, s.id DESC"
# Items that were chosen stand in the place of all: by their ids each would be looked up again.
OF_CHOSEN = f"{READ.format('({})')} ORDER BY i.id, s.at DESC, s.id DESC"
COLUMNS = (
    "id", "launch_id", "key", "applies", "blocker", "due_on", "progress", "version", "owner_id",
    "lacks_evidence", "evidence", "supported_until", "has_fact", "basis",
)  # fmt: skip
# What the sign-offs of a launch were made on, and whether all their evidence is still there.
STOOD = """
SELECT s.id, s.basis, s.evidence <@ i.evidence
FROM launches_signoff s JOIN launches_launchitem i ON i.id = s.item_id
WHERE i.launch_id = %s AND s.withdrawn_at IS NULL
"""
VERSION, LAUNCH, ITEM, SIGNED, ON_BASIS, EXEMPT = 0, 1, 2, 13, 19, 21
EVERYBODY = 9  # as many as any policy asks for: so many does confirmed broken glass speak for
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)
TRUTHS = {truth.value: truth for truth in Truth}
KNOWN = {NOTHING: NOTHING, FULL: FULL}
NOT_EXEMPT = (None, None, None)
FULLY_SUPPORTED = (False, None)
NOT_DISPUTED = False  # nothing disputes yet


class Word(NamedTuple):
    """One standing sign-off of an item; `signed` in microseconds since 1970.

    It stands for one signature, `speaks_for`: for all where it broke the glass and that was
    confirmed, for none while it was not.
    """

    pk: int
    by: int
    credit: Fraction
    answer: str
    signed: int
    expires_at: datetime | None
    is_on_basis: bool
    speaks_for: int

    @property
    def at(self) -> datetime:
        return EPOCH + timedelta(microseconds=self.signed)

    def counts(self, now: datetime) -> bool:
        if not self.is_on_basis or self.speaks_for == 0:
            return False
        return self.expires_at is None or now < self.expires_at


class Fact(NamedTuple):
    """One item of a launch as the rule sees it, and whose word it rests on."""

    pk: int
    key: str
    version: int
    owner: int | None
    progress: str
    words: tuple[Word, ...]
    item: Item

    def signed(self, now: datetime) -> int:
        """How many of the signatures that its policy asks for are there."""
        return signed(self.words, now)


def facts_of(launch: Launch, now: datetime) -> list[Fact]:
    """Every item of the launch, in the checklist's order."""
    return _facts(rows_of(launch), now)


def rows_of(launch: Launch) -> list[tuple]:
    """What `facts_from` makes the items of the launch of."""
    return asked_rows_of(launch.pk).read()


def asked_rows_of(pk: int) -> prepared.Answer[list[tuple]]:
    """The same, asked for and not yet read."""
    return prepared.ask(f"{ROWS} {OF_LAUNCH}", [pk], list)


def facts_from(rows: Iterable[tuple], now: datetime) -> list[Fact]:
    """The items that such rows tell of, at any instant: what was read, or once was so."""
    return _facts(rows, now)


def facts_if(launch: Launch, bases: Mapping[int, str], now: datetime) -> list[Fact]:
    """The items as they would be if their sign-offs had to stand on these, by item id."""
    stood = {pk: (basis, holds) for pk, basis, holds in prepared.rows(STOOD, [launch.pk])}

    def changed(row: tuple) -> tuple:
        if row[SIGNED] is None or row[ITEM] not in bases:
            return row
        basis, holds = stood[row[SIGNED]]
        is_on_basis = basis == bases[row[ITEM]] and holds
        return (*row[:ON_BASIS], is_on_basis, *row[ON_BASIS + 1 :])

    return _facts(map(changed, rows_of(launch)), now)


def facts_of_many(launches: Iterable[Launch], now: datetime) -> dict[int, list[Fact]]:
    """The same for several launches at once, by launch id."""
    rows = _rows(OF_LAUNCHES, [[launch.pk for launch in launches]])
    return {pk: _facts(group, now) for pk, group in groupby(rows, key=itemgetter(LAUNCH))}


def facts_of_items(items: LaunchItemQuerySet, now: datetime) -> list[Fact]:
    """Some items, of whatever launches, in the order of their ids."""
    try:
        wanted, parameters = items.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    return _facts(_rows(OF_ITEMS.format(wanted), parameters), now)


def facts_of_chosen(chosen: Statement, values: Mapping[Any, Any], now: datetime) -> list[Fact]:
    """The items whose `COLUMNS` a statement finds, in the order of their ids."""
    return _facts(Statement.around(OF_CHOSEN, chosen).run(values), now)


def _rows(which: str, parameters: Sequence[Any]) -> list[tuple]:
    return prepared.rows(f"{ROWS} {which}", parameters)


def _facts(rows: Iterable[tuple], now: datetime) -> list[Fact]:
    return [_fact(list(group), now) for _, group in groupby(rows, key=itemgetter(ITEM))]


def _fact(rows: list[tuple], now: datetime) -> Fact:
    content, _, pk, key, applies, blocker, due, progress, number, owner, *has = rows[0][:SIGNED]
    version = pinned(content)
    rule = version.items[key]
    words: tuple[Word, ...] = ()
    credit, ends_at, is_superseded = NOTHING, None, False
    lacks, lacks_from = FULLY_SUPPORTED
    na, na_expires_at, waiver_until = _exemptions(rows, now) if rows[0][EXEMPT] else NOT_EXEMPT
    if rows[0][SIGNED]:
        word = _word(rows[0])
        words, ends_at = (word,), word.expires_at
        if len(rows) > 1 or rule.signing.signatures > 1:
            words = _words(rows)
            word = deciding(words, now)
            ends_at = _ends_at(word, words, rule.signing.signatures, now)
        credit, is_superseded = word.credit, not word.is_on_basis
        lacks, lacks_from = _lacking(rule, version, word, words, now, *has)
    # By place, as there are forty of them on a page: by name it would take twice as long.
    item = Item(
        key, rule.section, rule.position, rule.weight, TRUTHS[applies], TRUTHS[blocker],
        rule.na_allowed, credit, ends_at, is_superseded, NOT_DISPUTED, lacks, lacks_from,
        na, na_expires_at, waiver_until, due,
    )  # fmt: skip
    return Fact(pk, key, number, owner, progress, words, item)


def _words(rows: list[tuple]) -> tuple[Word, ...]:
    """The standing sign-offs among joined rows, the latest first."""
    by_pk: dict[int, tuple] = {}
    for row in rows:
        by_pk.setdefault(row[SIGNED], row)
    return tuple(map(_word, by_pk.values()))


@lru_cache(maxsize=256)
def fraction(said: str) -> Fraction:
    """A credit as it stands in the database; there are few."""
    exact = Fraction(said)
    return KNOWN.get(exact, exact)


def _word(row: tuple) -> Word:
    pk, by, credit, *rest = row[SIGNED:EXEMPT]
    return Word(pk, by, fraction(credit), *rest)


def deciding(words: tuple[Word, ...], now: datetime) -> Word:
    """The word that says most among those that count; where none does, among all.

    A second person who says less takes nothing away from the first.
    """
    if len(words) == 1:
        return words[0]
    return max(words, key=lambda word: (word.counts(now), word.credit, word.signed, word.pk))


def _ends_at(
    word: Word, words: tuple[Word, ...], signatures: int, now: datetime
) -> datetime | None:
    """When the item may stop counting: as the word does, or once too few others are left."""
    if signatures == 1:
        return word.expires_at
    ends = ([one.expires_at or FOREVER] * one.speaks_for for one in words if one.counts(now))
    counting = sorted(chain.from_iterable(ends), reverse=True)
    if len(counting) < signatures:
        return word.expires_at
    first = min(counting[signatures - 1], word.expires_at or FOREVER)
    return None if first == FOREVER else first


def _lacking(
    rule: ItemRule,
    version: Pinned,
    word: Word,
    words: tuple[Word, ...],
    now: datetime,
    is_bare: bool,  # noqa: FBT001 - as it stands in the row
    supported_until: datetime | None,
    has_fact: bool,  # noqa: FBT001
) -> tuple[bool, datetime | None]:
    """Whether something the item requires is missing, and from when on it will be.

    That is evidence of the right kind and age, a fact, or a further signature.
    """
    if rule.needs_evidence or version.answers[word.answer].needs_evidence:
        if is_bare:
            return True, None
    else:
        supported_until = None
    if rule.needs_fact and not has_fact:
        return True, None
    wanted = rule.signing.signatures
    there = signed(words, now) if wanted > 1 else word.speaks_for
    return there < wanted, supported_until


def signed(words: Iterable[Word], now: datetime) -> int:
    """How many signatures these words stand for now."""
    return sum(one.speaks_for for one in words if one.counts(now))


def _exemptions(
    rows: list[tuple], now: datetime
) -> tuple[Na | None, datetime | None, datetime | None]:
    """What was agreed; a proposal to leave the item out speaks where no agreement stands."""
    na: Na | None = None
    na_expires_at, waiver_until = None, None
    for kind, is_agreed, ends_at in (row[EXEMPT:] for row in rows):
        if kind == ExemptionKind.WAIVER.value:
            waiver_until = ends_at if is_agreed else waiver_until
        elif is_agreed and (na is None or is_before(now, ends_at)):
            na, na_expires_at = Na.CONFIRMED, ends_at
        elif not is_agreed and (na is None or not is_before(now, na_expires_at)):
            na, na_expires_at = Na.PROPOSED, None
    return na, na_expires_at, waiver_until


def due_on(launch: Launch, rule: ItemRule) -> date | None:
    """The day an item is due by the checklist: so many days before the launch."""
    if rule.due_days is None:
        return None
    return date.fromordinal(launch.launch_on.toordinal() - rule.due_days)
