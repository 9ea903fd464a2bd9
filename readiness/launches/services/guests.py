"""Letting people from outside the team in to one launch, for a while."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import record
from readiness.launches.models import Guest, Launch


def let_in(launch: Launch, person: User, *, until: datetime, by: User, now: datetime) -> None:
    """Let somebody in to a locked launch; or, whom it lets in already, for longer or shorter."""
    guest = launch.guests.filter(person=person).first()
    if guest and guest.until > now:
        if guest.until != until:
            guest.until = until
            guest.save(update_fields=["until"])
        return
    again = {"granted_by": by, "since": now, "until": until}
    Guest.objects.update_or_create(launch=launch, person=person, defaults=again)
    if not person.is_guest:
        person.is_guest = True
        person.save(update_fields=["is_guest"])
    _record(Kind.GUEST_LET_IN, launch, person, by=by, now=now)


def let_go(guest: Guest, launch: Launch, *, by: User, now: datetime) -> None:
    """Take back that a locked launch lets somebody in: from this moment they do not see it."""
    guest.until = now
    guest.save(update_fields=["until"])
    _record(Kind.GUEST_LET_GO, launch, guest.person, by=by, now=now)


def _record(kind: Kind, launch: Launch, person: User, *, by: User, now: datetime) -> None:
    record(
        kind,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        person=person.pk,
        name=person.name,
    )
