"""Inviting people by mail, and letting them in.

What is written here is all that goes out later: the mail follows from the row.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from readiness.accounts import policies
from readiness.accounts import services as accounts
from readiness.accounts.invitations import LASTS, invitation_of
from readiness.accounts.models import Invitation, Role, Team, User
from readiness.audit.kinds import Kind
from readiness.audit.models import Subject
from readiness.audit.people import again, give_roles, take_team
from readiness.audit.services import once, record, site_subject
from readiness.web.refusal import Refused, refuse_if

AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 30
BETWEEN_MAILS = timedelta(minutes=10)
ENDED = "This invitation has ended. Ask for a new one."
KNOWN = "There is an account with this address already. Sign in with it."


@transaction.atomic
def invite(
    email: str, *, team: Team, roles: Collection[Role], by: User, key: str, now: datetime
) -> Invitation:
    """Ask a mail address into a team; who has an account with it gets the roles at once.

    Either way a mail goes to the address, and the answer is the same. Invited again, the
    address gets a newer mail, and the link in the older one ends.
    """
    email = email.strip().lower()
    subject = take_team(team)
    once(key, by=by, body=f"invite {team.pk} {email} {sorted(roles)}", at=now)
    by = again(by)
    refuse_if(policies.changing_roles(by, team) or policies.giving(by, roles))
    refuse_if(too_often(by, now))
    person = User.objects.filter(email__iexact=email).first()
    refuse_if(_inviting(person, team, roles))
    invitation = _standing(team).filter(email=email).first()
    if invitation:
        refuse_if(too_soon(invitation, now))
        invitation.sent += 1
    else:
        invitation = Invitation(team=team, email=email)
    invitation.roles, invitation.invited_by = [role.value for role in roles], by
    invitation.sent_at, invitation.ends_at = now, now + LASTS
    if person:
        invitation.person, invitation.accepted_at = person, now
    invitation.save()
    _recorded(Kind.PERSON_INVITED, invitation, subject, by=by, now=now)
    if person:
        give_roles(person, roles, team=team, subject=subject, by=by, now=now)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, sent: int, by: User, now: datetime) -> None:
    """Send an invitation once more; the link in the mail before ends. Asked twice, it goes once."""
    subject = take_team(invitation.team)
    invitation.refresh_from_db()
    if invitation.sent != sent:
        return
    by = again(by)
    refuse_if(policies.changing_roles(by, invitation.team) or _over(invitation))
    refuse_if(too_often(by, now) or too_soon(invitation, now))
    invitation.sent, invitation.sent_at, invitation.ends_at = sent + 1, now, now + LASTS
    invitation.invited_by = by
    invitation.save()
    _recorded(Kind.PERSON_INVITED, invitation, subject, by=by, now=now)


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, now: datetime) -> None:
    """End an invitation: its link lets nobody in any more. Revoked before, it stays so."""
    subject = take_team(invitation.team)
    invitation.refresh_from_db()
    if invitation.revoked_at:
        return
    refuse_if(policies.changing_roles(again(by), invitation.team) or _over(invitation))
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _recorded(Kind.INVITATION_REVOKED, invitation, subject, by=by, now=now)


@transaction.atomic
def accept(token: str, *, name: str, zone: str, password: str, now: datetime) -> User:
    """Let the person behind an address in, with all roles that it is invited to hold.

    An invitation does not outlive the rights of who sent it.

    Two who use the link at once find each other at the lock: the second is refused.
    """
    invitation = invitation_of(token, now)
    if invitation is None:
        raise Refused(ENDED)
    teams = Team.objects.filter(invitations__email=invitation.email).distinct().order_by("pk")
    chains = {team.pk: take_team(team) for team in list(teams)}
    refuse_if("" if invitation_of(token, now) else ENDED)
    refuse_if(KNOWN if User.objects.filter(email__iexact=invitation.email).exists() else "")
    person = accounts.add_person(invitation.email, name=name, now=now, password=password)
    accounts.set_preferences(person, {"zone": zone})
    site = site_subject()
    record(Kind.PERSON_ADDED, subject=site, by=person, at=now, person=person.pk, name=name)
    standing = Invitation.objects.filter(
        email=invitation.email, accepted_at=None, revoked_at=None, ends_at__gt=now
    )
    for one in standing.select_related("team", "invited_by").order_by("pk"):
        if not policies.backing(one):
            continue
        subject = chains[one.team_id]
        one.accepted_at, one.person = now, person
        one.save(update_fields=["accepted_at", "person"])
        _recorded(Kind.PERSON_JOINED, one, subject, by=person, now=now)
        roles = [Role(role) for role in one.roles]
        give_roles(person, roles, team=one.team, subject=subject, by=one.invited_by, now=now)
    return person


def too_often(by: User, now: datetime) -> str:
    """Nobody sends mails by the hundred."""
    sent = Invitation.objects.filter(invited_by=by, sent_at__gt=now - AN_HOUR).count()
    if sent < MOST_AN_HOUR:
        return ""
    return f"You invited {sent} people in the last hour. Go on in an hour."


def too_soon(invitation: Invitation, now: datetime) -> str:
    """Nor one after the other to the same address."""
    if now - invitation.sent_at >= BETWEEN_MAILS:
        return ""
    return f"A mail went to {invitation.email} just now. Give it ten minutes before the next."


def _inviting(person: User | None, team: Team, roles: Collection[Role]) -> str:
    if person is None:
        return ""
    if not person.is_active:
        return f"{person.name} has left. A site admin can let them in again."
    held = {*person.memberships.filter(team=team).values_list("role", flat=True)}
    if {role.value for role in roles} <= held:
        return f"{person.name} holds this in {team.name} already."
    return ""


def _over(invitation: Invitation) -> str:
    if invitation.accepted_at:
        return f"{invitation.email} has joined already."
    return "This invitation was revoked." if invitation.revoked_at else ""


def _standing(team: Team) -> QuerySet[Invitation]:
    return Invitation.objects.filter(team=team, accepted_at=None, revoked_at=None)


def _recorded(
    kind: Kind, invitation: Invitation, subject: Subject, *, by: User, now: datetime
) -> None:
    record(
        kind,
        subject=subject,
        team=invitation.team_id,
        by=by,
        at=now,
        invitation=invitation.pk,
        email=invitation.email,
        roles=invitation.roles,
        team_name=invitation.team.name,
    )
