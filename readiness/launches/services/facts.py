"""Structured facts of items: filled in row by row, taken away, and accepted by who is named."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit import chain
from readiness.audit.kinds import Kind
from readiness.launches import policies
from readiness.launches.models import FactRevision, Launch, LaunchItem
from readiness.launches.policies import facts as fact_policies
from readiness.launches.queries.structured import (
    Structured,
    current_revisions,
    fact_type_of,
    people_in,
    structured_from,
    structured_of,
)
from readiness.launches.services.judging import Judged, judge
from readiness.launches.services.taking import record_on_item, take_item, touch
from readiness.rules.facts.around import WHOLE, Row
from readiness.rules.facts.definitions import FactType
from readiness.rules.facts.looking import KEPT, Finding, errors_of
from readiness.rules.facts.values import Values, kept_of
from readiness.web import lean
from readiness.web.refusal import Refused, refuse_if

ONLY = 1
WINDOW = ("window_start", "window_end")


class Faulty(Refused):
    """A row that its rules refuse, with a sentence for each field."""

    status = 422

    def __init__(self, errors: Sequence[Finding]) -> None:
        super().__init__(" ".join(one.says for one in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Taken:
    """A taken item, its fact, and the facts of its launch as they stand under the lock."""

    item: LaunchItem
    type: FactType
    facts: Structured
    by: User
    now: datetime

    def revision_of(self, row: int) -> FactRevision | None:
        return self.facts.revisions.get((self.item.pk, row))

    def row(self, number: int) -> Row | None:
        """A row as it stands, if it does."""
        fact = self.facts.filled[self.item.pk]
        if number == WHOLE:
            return fact.whole
        return next((row for row in fact.rows if row.number == number), None)


@transaction.atomic
def save_fact(
    item: LaunchItem,
    *,
    row: int | None,
    values: Values,
    by: User,
    version: int,
    key: str,
    now: datetime,
) -> Judged:
    """Fill in one row of an item's fact: a new one, one that is there, or, as 0, the whole.

    What the rules refuse raises Faulty and leaves everything as it was. Other facts of the
    launch that look at this one are looked at again in the same transaction.
    """
    body = f"fact {row} {sorted((name, repr(value)) for name, value in values.items())}"
    taken = _take(item, by=by, version=version, key=key, body=body, now=now)
    number = _number(taken, row)
    was = taken.row(number)
    said = {**_typed(taken.type, number, values), **_kept(taken, was, values)}
    becomes = Row(number, said)
    foreseen = taken.facts.with_row(taken.item.pk, becomes, number)
    if errors := errors_of(foreseen.filled[taken.item.pk], foreseen.around, number):
        raise Faulty(errors)
    _refuse_strangers(taken, becomes, was)
    before = taken.revision_of(number)
    payload = kept_of(taken.type.fields_of(number), said)
    if before is None or before.is_removed or before.payload != payload:
        revision = _append(taken, number, payload)
        _record(Kind.FACT_SAVED, taken, revision, changed=_changed(taken, was, payload, number))
    return _settled(taken)


@transaction.atomic
def remove_row(
    item: LaunchItem, *, row: int, by: User, version: int, key: str, now: datetime
) -> Judged:
    """Take a row of an item's fact away; what it said is kept."""
    taken = _take(item, by=by, version=version, key=key, body=f"fact row {row} away", now=now)
    refuse_if(fact_policies.removing_row(is_one_of_many=taken.type.many))
    refuse_if("" if row != WHOLE and taken.row(row) else fact_policies.ROW_GONE)
    revision = _append(taken, row, {}, is_removed=True)
    _record(Kind.FACT_ROW_REMOVED, taken, revision)
    return _settled(taken)


@transaction.atomic
def accept(item: LaunchItem, *, by: User, version: int, key: str, now: datetime) -> Judged:
    """Accept personally to roll back in the window; another person or window voids it."""
    taken = _take(item, by=by, version=version, key=key, body="fact accepted", now=now)
    row = taken.row(ONLY)
    refuse_if(fact_policies.accepting(row.values if row else {}, by))
    assert row is not None
    seats = [seat for seat in fact_policies.SEATS if row.get(seat) == by.pk]
    said = {**row.values, **{f"accepted_by_{seat}_at": now for seat in seats}}
    revision = _append(taken, ONLY, kept_of(taken.type.fields, said))
    _record(Kind.DUTY_ACCEPTED, taken, revision, seats=seats)
    return _settled(taken)


def settle_facts(launch: Launch, *, now: datetime) -> None:
    """Say on each item of a locked launch whether its fact is there and nothing blocks it.

    Called by all that a fact may follow from: facts themselves, candidate, date, answers.
    """
    current = current_revisions(launch)
    if not current:
        return
    facts = structured_from(launch, current, now)
    for pk, item in facts.items.items():
        has_fact = pk in facts.filled and facts.is_sound(pk)
        if has_fact != item.has_fact:
            lean.update(item, has_fact=has_fact)


def _take(item: LaunchItem, *, by: User, version: int, key: str, body: str, now: datetime) -> Taken:
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=body, now=now)
    refuse_if(policies.working_on(item))
    type_ = fact_type_of(item)
    if type_ is None:
        raise Refused(fact_policies.NO_FACT)
    return Taken(item, type_, structured_of(item.launch, now, item), by, now)


def _number(taken: Taken, row: int | None) -> int:
    """The number of the row to write; a new one comes after all that ever were."""
    if not taken.type.many:
        return ONLY
    if row == WHOLE and taken.type.whole:
        return WHOLE
    if row is None:
        fact = taken.facts.filled[taken.item.pk]
        refuse_if(fact_policies.adding_row(len(fact.rows)))
        ever = [number for item, number in taken.facts.revisions if item == taken.item.pk]
        return max([WHOLE, *ever]) + 1
    refuse_if("" if taken.row(row) and row != WHOLE else fact_policies.ROW_GONE)
    return row


def _typed(type_: FactType, number: int, values: Values) -> dict[str, Any]:
    fields = type_.fields_of(number)
    return {field.key: values.get(field.key) for field in fields if not field.computed}


def _kept(taken: Taken, was: Row | None, values: Values) -> dict[str, Any]:
    """What is computed once and then kept: who wrote it first, and who accepted what stands."""
    said: dict[str, Any] = {}
    for name in KEPT.get(taken.type.key, ()):
        if name == "author":
            said[name] = (was.get(name) if was else None) or taken.by.pk
        elif was is not None:
            seat = name.removeprefix("accepted_by_").removesuffix("_at")
            is_same = all(was.get(one) == values.get(one) for one in (seat, *WINDOW))
            said[name] = was.get(name) if is_same else None
    return said


def _refuse_strangers(taken: Taken, becomes: Row, was: Row | None) -> None:
    """Whom a row names anew is somebody who is here."""
    fields = taken.type.fields_of(becomes.number)
    named = people_in(fields, becomes.values) - (people_in(fields, was.values) if was else set())
    here = User.objects.filter(pk__in=named, is_active=True).count() if named else 0
    refuse_if("" if here == len(named) else "Choose people who are here.")


def _append(
    taken: Taken, row: int, payload: Mapping[str, Any], *, is_removed: bool = False
) -> FactRevision:
    before = taken.revision_of(row)
    number = before.number + 1 if before else 1
    said = {
        "fact": taken.type.key,
        "definition": taken.type.version,
        "row": row,
        "number": number,
        "payload": dict(payload),
        "is_removed": is_removed,
    }
    return FactRevision.objects.create(
        team_id=taken.item.team_id,
        item=taken.item,
        sha256=hashlib.sha256(chain.canonical(said)).hexdigest(),
        author=taken.by,
        at=taken.now,
        **said,
    )


def _changed(taken: Taken, was: Row | None, payload: Mapping[str, Any], number: int) -> list[str]:
    """The labels of the fields that say something else than before."""
    fields = taken.type.fields_of(number)
    before = kept_of(fields, was.values) if was else {}
    return [
        field.label
        for field in fields
        if not field.computed and before.get(field.key) != payload.get(field.key)
    ]


def _record(kind: Kind, taken: Taken, revision: FactRevision, **more: Any) -> None:
    record_on_item(
        kind,
        taken.item,
        by=taken.by,
        now=taken.now,
        fact=taken.type.key,
        title=taken.type.title,
        row=revision.row,
        number=revision.number,
        revision=revision.pk,
        **more,
    )


def _settled(taken: Taken) -> Judged:
    launch = taken.item.launch
    touch(taken.item, by=taken.by, now=taken.now)
    settle_facts(launch, now=taken.now)
    return judge(launch, now=taken.now, by=taken.by)
