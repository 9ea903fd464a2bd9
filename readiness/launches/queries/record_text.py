"""The record of a decision as people read it; nothing is computed anew but whether it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from readiness.launches.models import Decision
from readiness.launches.models.decisions import Says, said_of_need
from readiness.launches.queries.deciding_words import TITLES
from readiness.launches.queries.looks import WORDS
from readiness.launches.queries.markdown import code, plain
from readiness.launches.queries.record import hash_of
from readiness.launches.queries.redactions import blots_of, hash_by_log
from readiness.rules.scheme import Outcome
from readiness.web import locales

SAYS = {
    Says.APPROVE.value: "Approved",
    Says.APPROVE_WITH_CONDITIONS.value: "Approved with conditions",
    Says.SEND_BACK.value: "Sent back",
    Says.CONFIRM.value: "Confirmed the override",
}
SHAPES = {
    Outcome.NO_GO.value: "delay",
    Outcome.CONDITIONAL.value: "monitor",
    Outcome.GO.value: "ready",
    Outcome.INFO.value: "not_assessable",
}
LOOKS = {word: look for look, word in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """A record with what became of the decision, in words."""

    decision: Decision
    record: dict[str, Any]
    title: str
    shape: str
    decided_at: str
    voided_at: str
    signatures: list[dict[str, Any]]
    sections: list[tuple[str, list[dict[str, Any]]]]
    conditions: list[dict[str, Any]]
    redactions: list[str]
    sha256: str
    is_whole: bool


def shown_of(decision: Decision) -> Shown:
    record: dict[str, Any] = decision.record or {}
    zone = record["launch"]["zone"]
    items = [_item(one, zone) for one in record["items"]]
    sections = groupby(items, key=lambda one: one["section"])
    blots = blots_of(decision)
    sha256 = hash_by_log(decision, blots)
    return Shown(
        decision=decision,
        record=record,
        title=TITLES[decision.outcome],
        shape=SHAPES.get(record["verdict"]["outcome"], "not_assessable"),
        decided_at=_when(record["decision"]["decided_at"], zone),
        voided_at=_when(decision.voided_at.isoformat(), zone) if decision.voided_at else "",
        signatures=[
            one | {"said": SAYS[one["says"]], "when": _when(one["at"], "UTC")}
            for one in record["signatures"]
        ],
        sections=[(title, list(listed)) for title, listed in sections],
        conditions=[
            one
            | {
                "text": f"{said_of_need(one['need'])}: {one['text']}"
                if one["need"]
                else one["text"],
                "due_on": _day(one["due_on"]),
            }
            for one in record["conditions"]
        ],
        redactions=[
            f"Redacted by {one.by}, {_when(one.at.isoformat(), zone)}, because: {one.because}"
            for one in blots
        ],
        sha256=sha256,
        is_whole=hash_of(record) == sha256,
    )


def markdown(shown: Shown) -> str:
    """The whole record, to be kept beside the code."""
    return "\n".join([*_head(shown), *_signed(shown), *_items(shown), *_foot(shown)])


def _head(shown: Shown) -> Iterator[str]:
    record, verdict = shown.record, shown.record["verdict"]
    yield f"# Decision {record['decision']['number']} on {plain(record['launch']['name'])}"
    yield ""
    override = " (an override)" if record["decision"]["against"] else ""
    yield f"**{shown.title}{override}**, {plain(shown.decided_at)}."
    if record["decision"]["against"]:
        yield ""
        yield f"**Against the verdict.** {plain(record['decision']['against'])}"
    if shown.voided_at:
        yield ""
        because = plain(shown.decision.voided_because)
        yield f"**No longer in force since {plain(shown.voided_at)}.** {because}"
    for redaction in shown.redactions:
        yield ""
        yield f"**Words were taken out of this record.** {plain(redaction)}"
    yield ""
    candidate = record["candidate"]
    yield f"- Verdict: {plain(verdict['says'])}, {plain(verdict['shown'])}"
    yield f"- Checked: {verdict['checked']} of {verdict['counted']}, exactly {verdict['score']}"
    if candidate:
        name = code(f"{candidate['name']}@{candidate['version']}")
        yield f"- Candidate: {name}"
    checklist = record["checklist"]
    name = f"{plain(checklist['title'])} {checklist['version']}"
    yield f"- Checklist: {name}, `{checklist['sha256']}`"
    yield f"- Lead: {plain(record['launch']['lead'])}, team {plain(record['launch']['team'])}"
    for one in verdict["must_haves_open"]:
        yield f"- Must-have open: {plain(one)}"


def _signed(shown: Shown) -> Iterator[str]:
    yield ""
    yield "## Signatures"
    yield ""
    for one in shown.signatures:
        yield f"- **{plain(one['by'])}**, {one['when']}: {plain(one['meaning'])}"
        if one["reason"]:
            yield f"  - {plain(one['reason'])}"
    if shown.record["conditions"]:
        yield ""
        yield "## Conditions"
        yield ""
    for one in shown.conditions:
        yield f"- {plain(one['text'])} ({plain(one['owner_name'])}, until {one['due_on']})"


def _items(shown: Shown) -> Iterator[str]:
    for title, listed in shown.sections:
        yield ""
        yield f"## {plain(title)}"
        yield ""
        for one in listed:
            box = "x" if one["state"] == "met" else " "
            must = ", must-have" if one["is_must_have"] else ""
            yield f"- [{box}] **{one['ref']}** {plain(one['title'])}, {one['shown_as']}{must}"
            for signed in one["signed"]:
                fallen = "" if signed["counts"] else ", which did not count"
                yield f"  - Checked by {plain(signed['by'])}, {signed['when']}{fallen}"
            for proof in one["evidence"]:
                yield f"  - Evidence: {plain(proof['title'])} {plain(proof['url'])}".rstrip()
            for excuse in one["exemptions"]:
                yield f"  - {excuse['kind']}: {plain(excuse['reason'])}"


def _foot(shown: Shown) -> Iterator[str]:
    log = shown.record["log"]
    yield ""
    yield f"Head of the log: event {log['event']} of chain {log['chain']}, `{log['head']}`."
    if shown.redactions:
        yield f"SHA-256 of the record as it was signed: `{shown.decision.record_hash}`."
    yield f"SHA-256 of the record: `{shown.sha256}`."


def _item(one: dict[str, Any], zone: str) -> dict[str, Any]:
    signed = [each | {"when": _when(each["at"], zone)} for each in one["signed"]]
    due_on = _day(one["due_on"]) if one["due_on"] else ""
    return one | {
        "signed": signed,
        "due_on": due_on,
        "look": LOOKS.get(one["shown_as"], "not_started"),
    }


def _day(said: str) -> str:
    return locales.PLAIN.dated(date.fromisoformat(said))


def _when(at: str, zone: str) -> str:
    local = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b} {local.year}, {local:%H:%M} {zone}"
