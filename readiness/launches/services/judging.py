"""Judging: what the rule finds is written on the launch, in the transaction of the change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import recording
from readiness.launches.models import Launch, VerdictSnapshot
from readiness.launches.queries.columns import columns_of
from readiness.launches.queries.facts import Fact, facts_of
from readiness.launches.queries.launch_page import Look
from readiness.launches.queries.pinned import pinned
from readiness.launches.services.voiding import void_if_fallen
from readiness.rules import verdict as rule
from readiness.web import lean

BATCH = 200
KEPT = (
    "rule_version", "verdict", "outcome", "score", "shown", "earned", "total", "checked",
    "counted", "sections",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """A launch's items and the verdict on them, at one instant; and a look at it, if one was."""

    launch: Launch
    now: datetime
    facts: list[Fact]
    verdict: rule.Verdict
    look: Look | None = None


def judge(launch: Launch, *, now: datetime, by: User | None) -> Judged:
    """Judge a locked launch again; keep a snapshot, and an event, when the verdict changed.

    One more must-have that is open changes it, too. A GO that stood on what it no longer is
    ends in the same transaction.
    """
    facts = facts_of(launch, now)
    version = pinned(launch.version_id)
    verdict = rule.judge([fact.item for fact in facts], version.scheme, now)
    found = columns_of(verdict, facts, version, now)
    if _differs(launch, found):
        _keep(launch, found, verdict, by=by, now=now)
    else:
        lean.update(launch, **found)
    if launch.decision_id:
        void_if_fallen(launch, verdict, by=by, now=now)
    return Judged(launch, now, facts, verdict)


def judge_due(*, now: datetime) -> int:
    """Judge every launch that time has overtaken; says how many.

    Each launch is judged in a transaction of its own; one that somebody is changing now is
    left to them. Safe to run twice, and beside another run.
    """
    judged = 0
    due = Launch.objects.due_for_judging(now).order_by("next_change").values_list("pk", flat=True)
    for pk in due[:BATCH]:
        with transaction.atomic():
            launch = (
                Launch.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
                .select_related("subject", "version")
                .due_for_judging(now)
                .filter(pk=pk)
                .first()
            )
            if launch:
                judge(launch, now=now, by=None)
                judged += 1
    return judged


def _differs(launch: Launch, found: dict[str, Any]) -> bool:
    """Whether the verdict is another one than the launch holds."""
    return any(
        getattr(launch, name) != found[name]
        for name in ("verdict", "earned", "total", "checked", "counted", "holds")
    )


def _keep(
    launch: Launch, found: dict[str, Any], verdict: rule.Verdict, *, by: User | None, now: datetime
) -> None:
    """Write another verdict down, and a snapshot of it; with news the log has an event of it.

    The event takes the rest along: a statement less.
    """
    was, kept = launch.verdict, _snapshot(launch, found, verdict)
    if not _is_news(launch, found):
        lean.insert_and_update(VerdictSnapshot, kept, launch, found)
        return
    recording(
        Kind.VERDICT_CHANGED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        beside=lean.beside(VerdictSnapshot, kept, launch, found),
        was=was,
        becomes=launch.verdict,
        shown=launch.shown,
        holds=list(verdict.holds),
    )


def _is_news(launch: Launch, found: dict[str, Any]) -> bool:
    """Whether the log says so: another verdict, held or no longer, or one more must-have open."""
    if not launch.verdict:
        return False
    became = found["verdict"], found["holds"] > 0
    return became != (launch.verdict, launch.is_held) or found["holds"] > launch.holds


def _snapshot(launch: Launch, found: dict[str, Any], verdict: rule.Verdict) -> dict[str, Any]:
    """The verdict as it is kept for ever."""
    return {
        "team_id": launch.team_id,
        "launch_id": launch.pk,
        "candidate_id": launch.candidate_id,
        "version_id": launch.version_id,
        "sequence": launch.subject.sequence,
        "at": found["judged_at"],
        **{name: found[name] for name in KEPT},
        "holds": list(verdict.holds),
        "states": verdict.states,
    }
