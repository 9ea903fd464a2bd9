"""Making the link to a launch's badge, and revoking it."""

import secrets
from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import Badge, Launch
from readiness.launches.services.taking import take_launch
from readiness.web.refusal import Refused, refuse_if

BYTES = 32


@transaction.atomic
def make_badge(launch: Launch, *, by: User, key: str, now: datetime) -> Badge:
    """Make a link to the launch's badge that nobody can guess; there is one at a time."""
    launch = _taken(launch, by=by, key=key, body="make", now=now)
    if launch.badges.filter(revoked_at=None).exists():
        raise Refused("There is a link to the badge already. Revoke it first.")
    token = secrets.token_urlsafe(BYTES)
    badge = Badge.objects.create(launch=launch, token=token, made_by=by, made_at=now)
    _record(Kind.BADGE_MADE, badge, by=by, now=now)
    return badge


@transaction.atomic
def revoke_badge(launch: Launch, *, by: User, key: str, now: datetime) -> Badge:
    """From now on the link leads nowhere, as if it had never been."""
    launch = _taken(launch, by=by, key=key, body="revoke", now=now)
    badge = launch.badges.filter(revoked_at=None).first()
    if badge is None:
        raise Refused("There is no link to the badge any more.")
    badge.launch, badge.revoked_by, badge.revoked_at = launch, by, now
    badge.save(update_fields=["revoked_by", "revoked_at"])
    _record(Kind.BADGE_REVOKED, badge, by=by, now=now)
    return badge


def _taken(launch: Launch, *, by: User, key: str, body: str, now: datetime) -> Launch:
    """The launch, locked, if this person may still edit it."""
    launch = take_launch(launch.pk)
    once(key, by=by, body=f"badge {launch.pk} {body}", at=now)
    may = Launch.objects.editable_by(by).filter(pk=launch.pk).exists()
    refuse_if("" if may else policies.NO_LONGER)
    return launch


def _record(kind: Kind, badge: Badge, *, by: User, now: datetime) -> None:
    launch = badge.launch
    record(kind, subject=launch.subject, team=launch.team_id, by=by, at=now, badge=badge.pk)
