"""The record of a decision: all that was seen, as plain JSON, made once and kept for ever."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from readiness.accounts.models import User
from readiness.audit.chain import canonical
from readiness.audit.guards import GONE
from readiness.launches.models import (
    Decision,
    DecisionSignature,
    EvidenceLink,
    Exemption,
    Launch,
    SignOff,
)
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.card import says
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.report import formula_of
from readiness.rules.truth import Truth

FORMAT = "readiness decision record 1"
Papers = Mapping[int, list[dict[str, Any]]]


def record_of(
    decision: Decision,
    launch: Launch,
    board: Board,
    signatures: Sequence[DecisionSignature],
    conditions: Sequence[Mapping[str, object]],
    *,
    seats: Iterable[User],
) -> dict[str, Any]:
    """What approvers saw, who they are, what they said, and the head of the log then."""
    return {
        "format": FORMAT,
        "decision": {
            "number": decision.number,
            "outcome": decision.outcome,
            "against": decision.against,
            "decided_at": _at(decision.decided_at),
            "asked_by": decision.asked_name,
            "asked_at": _at(decision.asked_at),
            "note": decision.note,
        },
        **_launch(launch),
        "verdict": _verdict(board),
        "items": _items(board),
        "approvers": [person.name for person in seats],
        "signatures": [_signature(one) for one in signatures],
        "conditions": [
            {name: said for name, said in one.items() if name != "owner"} for one in conditions
        ],
        "log": {
            "chain": launch.subject_id,
            "event": launch.subject.sequence,
            "head": launch.subject.head,
        },
    }


def _launch(launch: Launch) -> dict[str, Any]:
    """What was proposed, and on which checklist."""
    candidate, version = launch.candidate, launch.version
    return {
        "launch": {
            "id": launch.pk,
            "name": launch.name,
            "team": launch.team.name,
            "lead": launch.lead.name,
            "purpose": launch.purpose,
            "launch_at": _at(launch.launch_at),
            "zone": launch.zone,
            "sign_offs_past_policy": launch.broke_glass,
        },
        "candidate": {
            name: getattr(candidate, name) for name in ("name", "version", "digest", "registry_url")
        }
        if candidate
        else None,
        "checklist": {
            "title": version.title,
            "version": version.number,
            "sha256": version.content,
        },
    }


def hash_of(record: Mapping[str, Any]) -> str:
    """SHA-256 of the record in its one canonical form, in hex."""
    return hashlib.sha256(canonical(record)).hexdigest()


def without_words(record: Mapping[str, Any], words: Collection[str]) -> dict[str, Any]:
    """The record with these words redacted, wherever somebody typed them."""
    return {
        **record,
        "decision": _without(record["decision"], words, "note"),
        "launch": _without(record["launch"], words, "purpose"),
        "signatures": [_without(one, words, "reason") for one in record["signatures"]],
        "conditions": [condition_without(one, words) for one in record["conditions"]],
        "items": [
            {
                **one,
                "signed": [_without(each, words, "note") for each in one["signed"]],
                "evidence": [_without(each, words, "title", "url") for each in one["evidence"]],
                "exemptions": [
                    _without(each, words, "reason", "instead") for each in one["exemptions"]
                ],
            }
            for one in record["items"]
        ],
    }


def condition_without(condition: Mapping[str, Any], words: Collection[str]) -> dict[str, Any]:
    return _without(condition, words, "text")


def _without(part: Mapping[str, Any], words: Collection[str], *names: str) -> dict[str, Any]:
    return {**part, **{name: GONE for name in names if part[name] in words}}


def _verdict(board: Board) -> dict[str, Any]:
    verdict, rules = board.verdict, board.content.items
    return {
        "band": verdict.key,
        "title": verdict.band.title if verdict.band else "Not assessable",
        "says": says(verdict.band),
        "outcome": verdict.outcome.value,
        "shown": verdict.shown,
        "score": None if verdict.score is None else str(verdict.score),
        "earned": str(verdict.earned),
        "total": str(verdict.total),
        "checked": verdict.checked,
        "counted": verdict.counted,
        "formula": formula_of(board.content.scheme),
        "must_haves_open": [f"{rules[key].ref} {rules[key].title}" for key in verdict.holds],
        "notices": list(verdict.notices),
    }


def _items(board: Board) -> list[dict[str, Any]]:
    """Every item in the checklist's order, with whose word it rests on and what supports it."""
    signed, proofs, excuses = _signed(board), _proofs(board), _excuses(board)
    owners = dict(
        User.objects.filter(owned_items__launch=board.launch).values_list("pk", "name").distinct()
    )
    sections = {section.key: section.title for section in board.content.sections}
    return [
        _item(place, sections[place.rule.section], owners)
        | {
            "signed": signed[place.fact.pk],
            "evidence": proofs[place.fact.pk],
            "exemptions": excuses[place.fact.pk],
        }
        for place in board.places.values()
    ]


def _item(place: Place, section: str, owners: Mapping[int, str]) -> dict[str, Any]:
    fact, standing, due = place.fact, place.standing, place.fact.item.due_on
    return {
        "ref": place.rule.ref,
        "key": place.rule.key,
        "title": place.rule.title,
        "section": section,
        "state": standing.state.value,
        "shown_as": WORDS[place.look],
        "is_must_have": fact.item.blocker is not Truth.NO,
        "holds": standing.holds,
        "waived": standing.waived,
        "weight": str(fact.item.weight),
        "credit": None if standing.credit is None else str(standing.credit),
        "owner": owners.get(fact.owner, "") if fact.owner else "",
        "due_on": due.isoformat() if due else None,
    }


def _signed(board: Board) -> Papers:
    counting = {
        word.pk: word.counts(board.now)
        for place in board.places.values()
        for word in place.fact.words
    }
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in SignOff.objects.standing().filter(item__launch=board.launch).order_by("at", "pk"):
        found[one.item_id].append(
            {
                "by": one.printed_name,
                "seat": one.seat,
                "meaning": one.meaning,
                "answer": one.answer,
                "at": _at(one.at),
                "note": one.note,
                "counts": counting.get(one.pk, False),
            }
        )
    return found


def _proofs(board: Board) -> Papers:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    links = EvidenceLink.objects.filter(item__launch=board.launch, removed_at=None).order_by("pk")
    for one in links.select_related("revision", "added_by"):
        found[one.item_id].append(
            {
                "title": one.revision.title,
                "url": one.revision.url,
                "by": one.added_by.name,
                "at": _at(one.added_at),
            }
        )
    return found


def _excuses(board: Board) -> Papers:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    exemptions = Exemption.objects.filter(item__launch=board.launch, closed_at=None).order_by("pk")
    for one in exemptions.select_related("asked_by", "agreed_by"):
        found[one.item_id].append(
            {
                "kind": one.kind,
                "reason": one.reason,
                "instead": one.compensating_control,
                "asked_by": one.asked_by.name,
                "agreed_by": one.agreed_by.name if one.agreed_by else None,
                "ends_at": _at(one.ends_at),
            }
        )
    return found


def _signature(one: DecisionSignature) -> dict[str, Any]:
    return {
        "by": one.printed_name,
        "at": _at(one.at),
        "says": one.says,
        "meaning": one.meaning,
        "reason": one.reason,
        "against": one.against,
        "saw": one.shown,
        "seal": one.seal,
    }


def _at(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
