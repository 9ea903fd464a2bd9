"""A GO stands only while the verdict it saw still holds and no hold has come back."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import record
from readiness.launches.models import Decision, Launch
from readiness.launches.models.decisions import Outcome
from readiness.launches.models.launches import Stage
from readiness.launches.policies import deciding
from readiness.launches.queries.pinned import pinned
from readiness.rules.verdict import Verdict
from readiness.web import lean


def void_if_fallen(launch: Launch, verdict: Verdict, *, by: User | None, now: datetime) -> None:
    """Void the GO of a locked launch that was just judged, if it no longer stands.

    A launch that is over has acted on its decision: what falls later is history.
    """
    if launch.is_over:
        return
    decision = Decision.objects.without_record().get(pk=launch.decision_id or 0)
    content = pinned(launch.version_id)
    because = deciding.fallen(
        decision,
        candidate=launch.candidate_id,
        version=launch.version_id,
        verdict=verdict,
        bands=content.scheme.bands,
        titles={key: f"{rule.ref} {rule.title}" for key, rule in content.items.items()},
    )
    if because:
        void(decision, launch, because=because, to=Stage.PREPARING, by=by, now=now)


def void(
    decision: Decision, launch: Launch, *, because: str, to: Stage, by: User | None, now: datetime
) -> None:
    """End the GO that stands on a locked launch; the record of it stays."""
    decision.voided_at, decision.voided_by, decision.voided_because = now, by, because
    decision.save(update_fields=["voided_at", "voided_by", "voided_because"])
    lean.update(launch, decision=None, stage=to.value, edition=launch.edition + 1)
    record(
        Kind.DECISION_VOIDED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        decision=decision.number,
        because=because,
    )


def leave(launch: Launch, to: Stage, *, by: User, now: datetime) -> None:
    """End what was being decided, or was decided, of a locked launch that goes elsewhere.

    Archiving keeps a GO: it was acted on.
    """
    if launch.decision_id and to is not Stage.ARCHIVED:
        decision = Decision.objects.without_record().get(pk=launch.decision_id)
        because = f"The launch was taken to another stage: {to.value.replace('_', ' ')}."
        void(decision, launch, because=because, to=to, by=by, now=now)
    if to is not Stage.IN_REVIEW:
        for decision in launch.decisions.open():
            close(decision, launch, by=by, now=now)


def close(decision: Decision, launch: Launch, *, by: User, now: datetime) -> None:
    """End a round without a decision."""
    decision.outcome, decision.decided_at = Outcome.WITHDRAWN.value, now
    decision.save(update_fields=["outcome", "decided_at"])
    record(
        Kind.DECISION_UNASKED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        decision=decision.number,
    )
