"""The default rule a second time, naively: from the log and the checklist file alone.

Imports nothing of the product. It replays what was said, in order, and then counts on its
fingers: no shared state table, no fractions, no SQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    """One event as it stands in the log."""

    kind: str
    at: datetime
    payload: Mapping[str, Any]
    name: str


@dataclass(frozen=True)
class Count:
    """What the launch's columns must hold."""

    verdict: str
    outcome: str
    checked: int
    counted: int
    holds: int
    next_change: datetime | None


@dataclass
class Tick:
    """A standing sign-off, and what it stood on."""

    name: str
    at: datetime
    candidate: tuple[str, str]
    day: str
    evidence: set[int]
    declared: dict[str, str]
    voices: int = 1  # none while it broke the glass and nobody confirmed, then all


@dataclass
class World:
    """What the log says so far."""

    candidate: tuple[str, str] = ("", "")
    launch_at: str = ""
    zone: str = "UTC"
    declared: dict[str, str] = field(default_factory=dict)
    facets: Mapping[str, Any] = field(default_factory=dict)
    evidence: dict[str, set[int]] = field(default_factory=dict)
    ticks: dict[str, list[Tick]] = field(default_factory=dict)

    @property
    def day(self) -> str:
        """The date of the launch, where it is launched."""
        return (
            datetime.fromisoformat(self.launch_at)
            .astimezone(ZoneInfo(self.zone))
            .date()
            .isoformat()
        )


def recount(document: Mapping[str, Any], log: Iterable[Said], now: datetime) -> Count:
    """The verdict that this log means under this checklist at this instant."""
    world = World()
    for said in log:
        hear(world, said)
    checked = counted = holds = 0
    ends = []
    wanted = 2 if document["policy"].get("signing", {}).get("rule") == "two_persons" else 1
    for item in [item for section in document["sections"] for item in section["items"]]:
        if truth(document, item.get("applies_when"), world.facets, absent="yes") == "no":
            continue
        counted += 1
        ticks = world.ticks.get(item["key"], [])
        until = sorted((end for tick in ticks
                        if (end := end_of(tick, item, world, now))
                        for _ in range(tick.voices)), reverse=True)  # fmt: skip
        if len(until) >= wanted:
            checked += 1
            ends.append(until[wanted - 1])
            continue
        ends += waits_until(ticks, item, world, now)
        if truth(document, item.get("blocker"), world.facets, absent="no") != "no":
            holds += 1
    ends = [end for end in ends if end != FOREVER]
    verdict, outcome = band(checked, counted)
    return Count(verdict, outcome, checked, counted, holds, min(ends, default=None))


def waits_until(
    ticks: list[Tick], item: Mapping[str, Any], world: World, now: datetime
) -> list[datetime]:
    """When a tick that waits for further signatures, or to be confirmed, runs out."""

    def place(number: int) -> tuple[bool, datetime, int]:
        tick = ticks[number]
        return bool(tick.voices and end_of(tick, item, world, now)), tick.at, number

    if not ticks:
        return []
    end = end_of(ticks[max(range(len(ticks)), key=place)], item, world, now)
    return [end] if end else []


def band(checked: int, counted: int) -> tuple[str, str]:
    """The user's rule, in whole numbers."""
    if counted == 0:
        return "not_assessable", "no_go"
    if 100 * checked < 80 * counted:
        return "delay", "no_go"
    if 100 * checked <= 95 * counted:
        return "monitor", "conditional"
    return "ready", "go"


def end_of(tick: Tick, item: Mapping[str, Any], world: World, now: datetime) -> datetime | None:
    """When a tick stops to count; None if it counts no more."""
    stands_on = item.get("invalidated_by", ())
    if "model_version" in stands_on and tick.candidate != world.candidate:
        return None
    if "launch_date" in stands_on and tick.day != world.day:
        return None
    for kind in set(stands_on) - {"model_version", "launch_date"}:
        if tick.declared.get(kind) != world.declared.get(kind):
            return None
    if tick.evidence - world.evidence.get(item["key"], set()):
        return None
    if not item.get("fresh_days"):
        return FOREVER
    end = tick.at + timedelta(hours=24 * item["fresh_days"])
    return end if now < end else None


def truth(
    document: Mapping[str, Any], condition: Any, facets: Mapping[str, Any], absent: str
) -> str:
    """Yes, no or unknown: one no settles it, and what was not asked is unknown."""
    if condition is None:
        return absent
    if condition == "always":
        return "yes"
    kinds = {facet["key"]: facet["type"] for facet in document["facets"]}
    found = [match(kinds[key], wanted, facets.get(key)) for key, wanted in condition.items()]
    if "no" in found:
        return "no"
    return "unknown" if "unknown" in found else "yes"


def match(kind: str, wanted: Any, answer: Any) -> str:
    if answer is None or answer == []:
        return "unknown"
    if kind == "boolean":
        return "yes" if answer == wanted else "no"
    chosen = answer if isinstance(answer, list) else [answer]
    return "yes" if set(chosen) & set(wanted) else "no"


def hear(world: World, said: Said) -> None:
    """One event changes the world; most change nothing that counts."""
    payload, key = said.payload, said.payload.get("key", "")
    if said.kind == "launch.opened":
        world.launch_at, world.zone = payload["launch_at"], payload["zone"]
        world.facets = payload["facets"]
    elif said.kind == "candidate.proposed":
        world.candidate = (payload["candidate"], payload["digest"])
    elif said.kind in ("launch.edited", "launch.rescheduled"):
        world.launch_at = payload["changes"].get("launch_at", ["", world.launch_at])[1]
        world.zone = payload["changes"].get("zone", ["", world.zone])[1]
    elif said.kind == "facets.answered":
        world.facets = payload["answers"]
    elif said.kind == "evidence.added":
        world.evidence.setdefault(key, set()).add(payload["evidence"])
    elif said.kind == "evidence.removed":
        world.evidence[key].remove(payload["evidence"])
    elif said.kind == "evidence.revised":
        world.evidence[key].remove(payload["was"])
        world.evidence[key].add(payload["evidence"])
    elif said.kind == "config.declared":
        world.declared[payload["what"]] = payload["value"]
    else:
        hear_signing(world, said, key)


def hear_signing(world: World, said: Said, key: str) -> None:
    """What somebody signed, said again, signed alone, confirmed, or took back."""
    payload = said.payload
    if said.kind in ("item.signed_off", "item.reaffirmed", "glass.broken"):
        evidence, declared = set(world.evidence.get(key, ())), dict(world.declared)
        tick = Tick(said.name, said.at, world.candidate, world.day, evidence, declared)
        tick.voices = 0 if said.kind == "glass.broken" else 1
        world.ticks.setdefault(key, []).append(tick)
    elif said.kind == "glass.confirmed":
        signed = [tick for tick in world.ticks[key] if tick.name == payload["signed_by"]]
        signed[-1].voices = 9
    elif said.kind == "signoff.withdrawn":
        ticks = world.ticks[key]
        ticks.remove(next(tick for tick in ticks if tick.name == payload["signed_by"]))
