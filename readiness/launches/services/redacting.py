"""Taking out a secret that was pasted by mistake: from the log, and from where it still stands."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from readiness.accounts.models import User
from readiness.audit.guards import GONE
from readiness.audit.kinds import TEXTS, Kind
from readiness.audit.models import Event
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import (
    ActionItem,
    Comment,
    CommentRevision,
    EvidenceRevision,
    Exemption,
    Launch,
    LaunchItem,
    SavedView,
    SignOff,
)
from readiness.launches.queries.structured import saying_the_same
from readiness.launches.services import redacting_decisions as deciding
from readiness.launches.services.facts import settle_facts
from readiness.launches.services.judging import judge
from readiness.launches.services.taking import take_launch
from readiness.web.refusal import NotPermitted, refuse_if

Payload = Mapping[str, Any]
FACTS = "launches_factrevision"
EVIDENCE = (
    Kind.EVIDENCE_ADDED.value,
    Kind.EVIDENCE_REMOVED.value,
    Kind.EVIDENCE_REVISED.value,
)
Keeper = Callable[[Launch, Sequence[Event], Collection[str]], deciding.Records]
_keepers: list[Keeper] = []


def also_kept_by(keeper: Keeper) -> None:
    """A room above keeps words of a launch, too: it is asked in every redaction.

    It takes them out of what no guard keeps, and returns what has to be written anew.
    """
    _keepers.append(keeper)


@dataclass
class Places:
    """Where a text stands: rows that a guard keeps, by table and id, with their columns."""

    kept: dict[tuple[str, int], list[str]] = field(default_factory=dict)

    def add(self, table: str, pks: Iterable[int], *columns: str) -> None:
        for pk in pks:
            self.kept.setdefault((table, pk), []).extend(columns)

    def add_all(self, rows: Iterable[tuple[str, Iterable[int], str]]) -> None:
        for row in rows:
            self.add(*row)


@transaction.atomic
def redact(event: Event, *, by: User, because: str, key: str, now: datetime) -> Event:
    """Take the text of an event out of the log, and out of everything it was also written to.

    What it hashed to stays, so the chain stays whole; who did it, when and to what stays too.
    The redaction is an event of the same chain: without it the database keeps every word.
    """
    launch = Launch.objects.filter(subject=event.subject_id).only("pk").first()
    if launch:
        launch = take_launch(launch.pk)
    once(key, by=by, body=f"redact {event.pk} {because}", at=now)
    if not User.objects.filter(pk=by.pk, is_site_admin=True, is_active=True).exists():
        raise NotPermitted(policies.NO_LONGER)
    event = Event.objects.select_related("subject").get(pk=event.pk)
    refuse_if(policies.redacting(event, because))
    events = [event, *_saying_the_same(event)]
    places = Places()
    for one in events:
        _find(one, places)
    records = _find_in_records(launch, events, places) if launch else deciding.Records([], [])
    about: dict[str, Any] = {
        name: event.said[name] for name in ("item", "key") if name in event.said
    }
    if records.hashes:
        about["records"] = records.hashes
    redaction = record(
        Kind.EVENT_REDACTED,
        subject=event.subject,
        team=event.team_id,
        by=by,
        at=now,
        because=because.strip(),
        events=[_trace(one) for one in events],
        places=[[table, pk] for table, pk in places.kept],
        **about,
    )
    _take_out(places)
    _write_anew(records.documents)
    if launch and any(table == FACTS for table, _ in places.kept):
        launch.subject.refresh_from_db()
        settle_facts(launch, now=now)
        judge(launch, now=now, by=by)
    return redaction


def without_texts(kind: str, payload: Payload) -> dict[str, Any]:
    """What an event says, but for the words people typed."""
    rest = dict(payload)
    for name in TEXTS[Kind(kind)]:
        if name == "changes":
            rest[name] = {changed: ["", ""] for changed in payload[name]}
        elif name in rest:
            rest[name] = ""
    return rest


def _trace(event: Event) -> dict[str, Any]:
    """What is left to say of an event in its redaction."""
    rest = without_texts(event.kind, event.said)
    return {"sequence": event.sequence, "kind": event.kind, "rest": rest}


def _saying_the_same(event: Event) -> list[Event]:
    """Other events of the chain with the same words: of the same evidence, or of the same act.

    One act may write several: a check taken back as blocked, or many items changed together.
    """
    others = event.subject.events.exclude(pk=event.pk).filter(payload__isnull=False)
    if event.kind in EVIDENCE:
        same = {"evidence": event.said["evidence"]}
        return list(others.filter(kind__in=EVIDENCE, payload__contains=same).order_by("pk"))
    same_act = others.filter(at=event.at, by=event.by_id).order_by("pk")
    found = {one.pk: one for one in deciding.saying_the_same(event, others)}
    for name in ("because", "note"):
        if said := event.said.get(name):
            kinds = [kind.value for kind, texts in TEXTS.items() if name in texts]
            acts = same_act.filter(kind__in=kinds, payload__contains={name: said})
            found |= {one.pk: one for one in acts}
    return list(found.values())


def _find(event: Event, places: Places) -> None:
    """Add the event, and the rows that hold its words beside it."""
    said = event.said
    places.add("audit_event", [event.pk], "payload")
    places.add_all(deciding.rows_of(event))
    match Kind(event.kind):
        case Kind.COMMENT_WRITTEN | Kind.COMMENT_EDITED:
            wordings = CommentRevision.objects.filter(comment=said["comment"])
            places.add("launches_commentrevision", _pks(wordings), "text")
            places.add("launches_comment", [said["comment"]], "text")
        case Kind.EVIDENCE_ADDED | Kind.EVIDENCE_REMOVED | Kind.EVIDENCE_REVISED:
            revisions = EvidenceRevision.objects.filter(pk=said["evidence"])
            places.add("launches_evidencerevision", _pks(revisions), "title", "url", "body")
        case Kind.ITEM_SIGNED_OFF | Kind.ITEM_REAFFIRMED | Kind.GLASS_BROKEN:
            words = SignOff.objects.filter(item=said["item"], by=event.by_id, at=event.at)
            places.add("launches_signoff", _pks(words), "note")
        case Kind.FACT_SAVED:
            places.add(FACTS, saying_the_same(said["revision"]), "payload")
        case Kind.SIGNOFF_WITHDRAWN:
            words = SignOff.objects.filter(
                item=said["item"], withdrawn_by=event.by_id, withdrawn_at=event.at
            )
            places.add("launches_signoff", _pks(words), "withdrawn_because")
        case Kind.ITEM_PROGRESSED:
            items = LaunchItem.objects.filter(pk=said["item"], blocked_because=said["because"])
            places.add("launches_launchitem", _pks(items) if said["because"] else [], "because")
        case Kind.EXEMPTION_PROPOSED:
            exempt = Exemption.objects.filter(pk=said["exemption"])
            places.add("launches_exemption", _pks(exempt), "reason", "compensating_control")
        case Kind.EXEMPTION_DECLINED | Kind.EXEMPTION_WITHDRAWN:
            exempt = Exemption.objects.filter(pk=said["exemption"])
            places.add("launches_exemption", _pks(exempt), "closed_because")
        case Kind.VIEW_SAVED | Kind.VIEW_RENAMED:
            places.add("launches_savedview", _pks(SavedView.objects.filter(pk=said["view"])))


def _find_in_records(launch: Launch, events: Sequence[Event], places: Places) -> deciding.Records:
    """Add what decisions on the launch took the words over into, and return their records."""
    words = {text for event in events for text in deciding.words_of(event)}
    places.add(deciding.ACTION_ITEM, deciding.owed_in(launch, words), "text")
    records = deciding.records_of(launch, words)
    for keeper in _keepers:
        above = keeper(launch, events, words)
        records.documents.extend(above.documents)
        records.hashes.extend(above.hashes)
    for one in records.documents:
        places.add(one.table, [one.pk])
    return records


def _pks(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def _take_out(places: Places) -> None:
    """Redact what guards keep through the owner's functions, and what none keeps plainly."""
    for (table, pk), columns in places.kept.items():
        if table == "launches_comment":
            Comment.objects.filter(pk=pk).update(text=GONE)
        elif table == "launches_launchitem":
            LaunchItem.objects.filter(pk=pk).update(blocked_because=GONE)
        elif table == deciding.ACTION_ITEM:
            ActionItem.objects.filter(pk=pk).update(**dict.fromkeys(columns, GONE))
        elif table == "launches_savedview":
            SavedView.objects.filter(pk=pk).delete()
        elif columns:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT redact_{table}(%s, %s::text[])", [pk, columns])


def _write_anew(documents: Iterable[deciding.Document]) -> None:
    """Put JSON in its place in which words are redacted; the guard sees that nothing else is."""
    for one in documents:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT redact_{one.table}_{one.column}(%s, %s::jsonb)",
                [one.pk, json.dumps(one.value)],
            )
