"""Letting others hear of late work: who is queued for it, and what a team chooses."""

from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts import policies
from readiness.accounts.models import Team, User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.people import again, take_team
from readiness.audit.services import record
from readiness.notifications.models import EscalationPolicy, State
from readiness.notifications.queries.escalating import LATE, parameters
from readiness.notifications.services.queueing import domain, queue
from readiness.web.refusal import refuse_if

ESCALATE = f"""
INSERT INTO notifications_delivery (
    recipient_id, kind, "window", channel, state, due_at, give_up_at, not_before, attempts,
    because, message_id, address, subject, text, html, queued_at
)
SELECT late.id, %(kind)s, late.day, %(channel)s, %(queued)s, late.at, late.until, %(now)s, 0,
       '', '<' || gen_random_uuid() || '@' || %(domain)s || '>', '', '', '', '', %(now)s
FROM ({LATE}) late
ON CONFLICT (recipient_id, kind, "window", channel) DO NOTHING
"""  # noqa: S608


def queue_escalations(*, now: datetime) -> int:
    """Tell leads and approvers of work that became late enough; one mail a person and day."""
    queued = {"queued": State.QUEUED.value, "domain": domain(), "now": now}
    return queue(ESCALATE, parameters(now) | queued)


@transaction.atomic
def set_escalation(
    team: Team, *, is_on: bool, lead_after: int, approver_after: int, by: User, now: datetime
) -> None:
    """Choose whether, and after how many workdays, others hear of late work in a team."""
    subject = take_team(team)
    refuse_if(policies.changing_roles(again(by), team))
    chosen: dict[str, Any] = {
        "is_on": is_on,
        "lead_after": lead_after,
        "approver_after": approver_after,
    }
    was = EscalationPolicy.objects.filter(team=team).first() or EscalationPolicy(team=team)
    if all(getattr(was, name) == value for name, value in chosen.items()):
        return
    EscalationPolicy.objects.update_or_create(team=team, defaults=chosen)
    before = [was.is_on, was.lead_after, was.approver_after]
    said = {**chosen, "was": before, "name": team.name}
    record(Happened.TEAM_ESCALATION_SET, subject=subject, by=by, at=now, team=team, **said)
