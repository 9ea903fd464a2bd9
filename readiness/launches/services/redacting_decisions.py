"""Where words stand that were typed in deciding: rounds, signatures, what is owed, the record."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet

from readiness.audit.kinds import TEXTS, Kind
from readiness.audit.models import Event
from readiness.launches.models import ActionItem, Decision, DecisionSignature, Launch
from readiness.launches.queries.record import condition_without, hash_of, without_words

DECISION, SIGNATURE = "launches_decision", "launches_decisionsignature"
ACTION_ITEM = "launches_actionitem"
TAKEN_BACK = (Kind.DECISION_UNSIGNED.value, Kind.DECISION_VOIDED.value)


class Document(NamedTuple):
    """A column of JSON, as it reads without the words."""

    table: str
    pk: int
    column: str
    value: Any


class Records(NamedTuple):
    """What has to be written anew, and the hash of each record before and since, for the log."""

    documents: list[Document]
    hashes: list[dict[str, Any]]


def rows_of(event: Event) -> Iterator[tuple[str, list[int], str]]:
    """The rows that hold the words of this event: table, ids and column."""
    said = event.said
    match Kind(event.kind):
        case Kind.DECISION_ASKED:
            yield DECISION, _pks(_decisions(event)), "note"
        case Kind.DECISION_VOIDED:
            yield DECISION, _pks(_decisions(event)), "voided_because"
        case Kind.DECISION_SIGNED:
            yield SIGNATURE, _pks(_signatures(event).filter(at=event.at)), "reason"
        case Kind.DECISION_UNSIGNED:
            back = _signatures(event).filter(withdrawn_at=event.at)
            yield SIGNATURE, _pks(back), "withdrawn_because"
        case Kind.ACTION_ITEM_DONE:
            yield ACTION_ITEM, [said["action"]], "done_note"


def saying_the_same(event: Event, others: QuerySet[Event]) -> Iterator[Event]:
    """Other events with these words: of a GO that ended with them, of a condition that is done."""
    if event.kind in TAKEN_BACK:
        yield from others.filter(at=event.at, by=event.by_id, kind__in=TAKEN_BACK)
    if event.kind == Kind.DECISION_SIGNED.value:
        owed = ActionItem.objects.filter(decision__in=_decisions(event), text__in=words_of(event))
        done = {"kind": Kind.ACTION_ITEM_DONE.value, "payload__action__in": _pks(owed)}
        yield from others.filter(**done)


def words_of(event: Event) -> set[str]:
    """What people typed into this event, and into the conditions that came with it."""
    said, kind = event.said, Kind(event.kind)
    typed = (said.get(name, "") for name in TEXTS[kind])
    words: set[str] = {text for text in typed if isinstance(text, str)}
    for pair in said["changes"].values() if "changes" in TEXTS[kind] else ():
        words |= set(pair)
    if kind is Kind.DECISION_SIGNED:
        for signature in _signatures(event).filter(at=event.at):
            words |= {one["text"] for one in signature.conditions}
    if kind is Kind.ACTION_ITEM_DONE:
        words |= set(ActionItem.objects.filter(pk=said["action"]).values_list("text", flat=True))
    return words - {""}


def owed_in(launch: Launch, words: Collection[str]) -> list[int]:
    """The action items that were asked for in these words."""
    return _pks(ActionItem.objects.filter(launch=launch, text__in=words))


def records_of(launch: Launch, words: Collection[str]) -> Records:
    """The signatures and records of a launch in which these words stand, without them."""
    documents, hashes = [], []
    for signature in DecisionSignature.objects.filter(decision__launch=launch):
        conditions = [condition_without(one, words) for one in signature.conditions]
        if conditions != signature.conditions:
            documents.append(Document(SIGNATURE, signature.pk, "conditions", conditions))
    for decision in launch.decisions.exclude(record=None):
        kept: dict[str, Any] = decision.record or {}
        record = without_words(kept, words)
        if record != kept:
            documents.append(Document(DECISION, decision.pk, "record", record))
            was, now = hash_of(kept), hash_of(record)
            hashes.append({"decision": decision.number, "was": was, "sha256": now})
    return Records(documents, hashes)


def _decisions(event: Event) -> QuerySet[Decision]:
    return Decision.objects.filter(launch__subject=event.subject, number=event.said["decision"])


def _signatures(event: Event) -> QuerySet[DecisionSignature]:
    return DecisionSignature.objects.filter(decision__in=_decisions(event), by=event.by_id)


def _pks(rows: QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))
