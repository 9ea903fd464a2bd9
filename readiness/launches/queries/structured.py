"""The structured facts of a launch: every current row, and what their rules look at them with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from readiness.accounts.models import User
from readiness.checklists.facts.reading import fact_types
from readiness.launches.models import FactRevision, Launch, LaunchItem
from readiness.launches.queries.pinned import pinned
from readiness.rules.facts.around import NOTHING, WHOLE, Around, Filled, Row
from readiness.rules.facts.definitions import FactType, Field, FieldType
from readiness.rules.facts.looking import Finding, computed, findings_of, is_sound
from readiness.rules.facts.values import values_of
from readiness.web import locales

SERVING = "serving"
TYPED_FREELY = (FieldType.TEXT, FieldType.URL)


@dataclass(frozen=True, slots=True)
class Structured:
    """Facts of a launch by item, the revisions they stand on, and the items themselves."""

    around: Around
    filled: Mapping[int, Filled]
    revisions: Mapping[tuple[int, int], FactRevision]
    items: Mapping[int, LaunchItem]

    def with_row(self, item: int, row: Row | None, number: int) -> "Structured":
        """The same with another row in place of one, or without it."""
        fact = self.filled[item]
        if number == WHOLE:
            fact = replace(fact, whole=row or NOTHING)
        else:
            others = [one for one in fact.rows if one.number != number]
            rows = sorted([*others, *([row] if row else [])], key=lambda one: one.number)
            fact = replace(fact, rows=tuple(rows))
        filled = {**self.filled, item: fact}
        return replace(self, filled=filled, around=replace(self.around, facts=_by_type(filled)))

    def findings(self, item: int) -> tuple[Finding, ...]:
        return findings_of(self.filled[item], self.around)

    def is_sound(self, item: int) -> bool:
        """Whether the item's fact is there and nothing keeps it from counting."""
        return is_sound(self.filled[item], self.findings(item))


def fact_type_of(item: LaunchItem) -> FactType | None:
    """The fact that an item carries, if any that the product knows."""
    return _type_of(item.launch, item)


def _type_of(launch: Launch, item: LaunchItem) -> FactType | None:
    rule = pinned(launch.version_id).items.get(item.key)
    return fact_types().get(rule.fact) if rule else None


def structured_of(launch: Launch, now: datetime, also: LaunchItem | None = None) -> Structured:
    """The facts of a launch as they stand: those filled in, and that of one item `also`."""
    return structured_from(launch, current_revisions(launch), now, also)


def structured_from(
    launch: Launch,
    current: Sequence[FactRevision],
    now: datetime,
    also: LaunchItem | None = None,
) -> Structured:
    """The facts that these revisions say, in the order of their items: today's or older ones."""
    items = {one.item_id: one.item for one in current} | ({also.pk: also} if also else {})
    by_item = groupby(current, key=attrgetter("item_id"))
    said = {pk: list(revisions) for pk, revisions in by_item}
    filled = {}
    for item in sorted(items.values(), key=attrgetter("position")):
        if type_ := _type_of(launch, item):
            filled[item.pk] = _filled(type_, said.get(item.pk, []))
    around = replace(_around(launch, now), facts=_by_type(filled))
    return Structured(
        around=around,
        filled={pk: with_computed(fact, around) for pk, fact in filled.items()},
        revisions={(one.item_id, one.row): one for one in current},
        items=items,
    )


def current_revisions(launch: Launch) -> list[FactRevision]:
    """The latest revision of every row, those that took a row away among them; with its item."""
    revisions = FactRevision.objects.filter(item__launch=launch).select_related("item")
    row = ("item_id", "fact", "row")
    return list(revisions.order_by(*row, "-number").distinct(*row))


def row_in(type_: FactType, revision: FactRevision) -> Row:
    """The row that a revision says; nothing where it was redacted."""
    fields = type_.fields_of(revision.row)
    return Row(revision.row, values_of(fields, revision.payload or {}))


def with_computed(fact: Filled, around: Around) -> Filled:
    """The fact with what follows from each of its rows."""
    rows = tuple(
        Row(row.number, {**row.values, **computed(fact.type, row, around)}) for row in fact.rows
    )
    return replace(fact, rows=rows)


def named_in(facts: Iterable[Filled]) -> set[int]:
    """The ids of everybody whom these facts name."""
    return {
        person
        for fact in facts
        for row in (*fact.rows, fact.whole)
        for person in people_in(fact.type.fields_of(row.number), row.values)
    }


def people_in(fields: Iterable[Field], values: Mapping[str, Any]) -> set[int]:
    """The ids of everybody whom a row names."""
    found: set[int] = set()
    for field in fields:
        value = values.get(field.key)
        if field.type is FieldType.USER and value is not None:
            found.add(value)
        elif field.of is FieldType.USER:
            found.update(value or [])
        for line in (value or []) if field.record else []:
            found |= people_in(field.record, line)
    return found


def names_of(people: Iterable[int]) -> dict[int, str]:
    """People's names by id, in one statement, if there is anybody."""
    wanted = set(people)
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def saying_the_same(pk: int) -> list[int]:
    """A revision, and the others of its row that say one of the texts that came with it."""
    revision = FactRevision.objects.get(pk=pk)
    row = FactRevision.objects.filter(item=revision.item_id, row=revision.row, fact=revision.fact)
    before = row.filter(number=revision.number - 1).first()
    came = _texts(revision) - (_texts(before) if before else set())
    return [one.pk for one in row if one.pk == pk or came & _texts(one)]


def _texts(revision: FactRevision) -> set[str]:
    """Every text that somebody typed into a revision."""
    type_ = fact_types().get(revision.fact)
    fields = type_.fields_of(revision.row) if type_ else ()
    return _texts_in(fields, revision.payload or {})


def _texts_in(fields: Iterable[Field], payload: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for field in fields:
        said = payload.get(field.key)
        if field.type in TYPED_FREELY and said:
            found.add(said)
        elif field.of in TYPED_FREELY:
            found.update(said or [])
        for line in (said or []) if field.record else []:
            found |= _texts_in(field.record, line)
    return found


def _filled(type_: FactType, revisions: Iterable[FactRevision]) -> Filled:
    rows = [row_in(type_, one) for one in revisions if one.fact == type_.key and not one.is_removed]
    whole = next((row for row in rows if row.number == WHOLE), NOTHING)
    return Filled(type_, tuple(row for row in rows if row.number != WHOLE), whole)


def _around(launch: Launch, now: datetime) -> Around:
    candidate, serving = launch.candidate, launch.facets.get(SERVING)
    return Around(
        launch=launch.pk,
        launch_at=launch.launch_at,
        zone=launch.tzinfo,
        now=now,
        candidate=str(candidate) if candidate else "",
        version=candidate.version if candidate else "",
        serving=[serving] if isinstance(serving, str) else serving,
        duties=dict(launch.duties.values_list("duty", "person")),
        weekday=locales.weekday,
        in_full=locales.current().in_full,
        written=locales.current().number,
    )


def _by_type(filled: Mapping[int, Filled]) -> dict[str, Filled]:
    """The facts by their type; of two items with the same the first one that says anything."""
    found: dict[str, Filled] = {}
    for fact in filled.values():
        if fact.type.key not in found or not found[fact.type.key].rows:
            found[fact.type.key] = fact
    return found
