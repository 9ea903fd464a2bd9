"""Judging: what the rule finds is written on the launch, in the transaction of the change."""

from dataclasses import dataclass
from datetime import datetime

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
    was, held = (launch.verdict, launch.is_held), launch.holds
    is_new = _differs(launch, found)
    if is_new:
        kept = _snapshot(launch, found, verdict)
        lean.insert_and_update(VerdictSnapshot, kept, launch, found)
    else:
        lean.update(launch, **found)
    if was[0] and (was != (launch.verdict, launch.is_held) or launch.holds > held):
        recording(
            Kind.VERDICT_CHANGED,
            subject=launch.subject,
            team=launch.team_id,
            by=by,
            at=now,
            was=was[0],
            becomes=launch.verdict,
            shown=launch.shown,
            holds=list(verdict.holds),
        )
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


def _differs(launch: Launch, found: dict[str, object]) -> bool:
    """Whether the verdict is another one than the launch holds."""
    return any(
        getattr(launch, name) != found[name]
        for name in ("verdict", "earned", "total", "checked", "counted", "holds")
    )


def _snapshot(launch: Launch, found: dict[str, object], verdict: rule.Verdict) -> dict[str, object]:
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
