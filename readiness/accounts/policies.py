"""Who may give which role, and to whom: "" or a sentence for the person."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from readiness.accounts.models import Invitation, Membership, Role, Team, User
from readiness.accounts.permissions import Action, can, grants
from readiness.web import prepared

OF_A_TEAM = (Role.LEAD, Role.MEMBER, Role.VIEWER, Role.APPROVER)
OF_ALL = (*OF_A_TEAM, Role.EDITOR, Role.AUDITOR)
NO_LONGER = "You no longer have the right to do this in this team."
FURTHEST_AWAY = timedelta(days=366)
ONLY_ADMIN = "Only a site admin may do this."
HERE = "SELECT is_active FROM accounts_user WHERE id = %s FOR SHARE"


def roles_given_by(by: User) -> tuple[Role, ...]:
    """The roles this person gives and takes in the teams they lead."""
    return OF_ALL if by.is_site_admin else OF_A_TEAM


def changing_roles(by: User, team: Team | None) -> str:
    """Leads change roles in their team, and what it expects; site admins everywhere."""
    if team is None:
        return "" if by.is_site_admin else ONLY_ADMIN
    return "" if can(by, Action.TEAM_MANAGE, team_id=team.pk) else NO_LONGER


def giving(by: User, roles: Collection[Role]) -> str:
    beyond = [role.value for role in roles if role not in roles_given_by(by)]
    return f"Only a site admin gives the role {beyond[0]}." if beyond else ""


def leaving_without_lead(by: User, team: Team, person: User) -> str:
    """A team keeps a lead; only a site admin may leave it without one."""
    leads = Membership.objects.filter(team=team, role=Role.LEAD.value, person__is_active=True)
    if by.is_site_admin or leads.exclude(person=person).exists():
        return ""
    return (
        f"{person.name} is the only lead of {team.name}. "
        "Make somebody else lead first, or ask a site admin."
    )


def teams_seen_by(by: User) -> QuerySet[Team]:
    """The teams whose people this person may read of."""
    return Team.objects.filter(grants(by, Action.TEAM_VIEW, team="pk", lead=""))


def teams_managed_by(by: User) -> QuerySet[Team]:
    """The teams in which this person gives roles."""
    return Team.objects.filter(grants(by, Action.TEAM_MANAGE, team="pk", lead=""))


def people_managed_by(by: User) -> QuerySet[User]:
    """The people of those teams; for a site admin everyone."""
    if by.is_site_admin:
        return User.objects.all()
    theirs = Membership.objects.filter(person=OuterRef("pk"), team__in=teams_managed_by(by))
    return User.objects.filter(Exists(theirs))


def stand_ins_for(person: User) -> QuerySet[User]:
    """Who may stand in for a person: those they share a team with, by roles in every team too."""
    beside = Membership.objects.filter(person=OuterRef("pk"))
    teams = {*person.memberships.values_list("team", flat=True)}
    if None not in teams:
        beside = beside.filter(Q(team__in=teams) | Q(team=None))
    return User.objects.filter(Exists(beside), is_active=True).exclude(pk=person.pk)


def going_away(person: User, first_on: date, last_on: date, now: datetime) -> str:
    """Days of the person's own: in order, not all over, and none further than a year away."""
    today = now.astimezone(person.tzinfo).date()
    if last_on < first_on:
        return "Choose a last day that is not before the first."
    if last_on < today:
        return "These days are over. Choose a last day from today on."
    is_near = today - first_on <= FURTHEST_AWAY and last_on - today <= FURTHEST_AWAY
    return "" if is_near else "Choose days that are at most a year away."


def saying_away(by: User, person: User) -> str:
    """People say it of themselves; of somebody who cannot, who manages a team of theirs does."""
    if by.pk == person.pk or people_managed_by(by).filter(pk=person.pk).exists():
        return ""
    return f"Only {person.name}, or who leads a team of theirs, says this."


def stays(person: User) -> bool:
    """Whether a person is let in, asked anew; nobody lets them go until this transaction ends.

    Who lets somebody go has their row locked: one of the two waits, and sees what the other did.
    """
    found = prepared.row(HERE, [person.pk])
    return bool(found and found[0])


def backing(invitation: Invitation) -> bool:
    """Whether whoever sent an invitation may still let people in with it."""
    by, roles = invitation.invited_by, [Role(role) for role in invitation.roles]
    return stays(by) and not (changing_roles(by, invitation.team) or giving(by, roles))


def deactivating(by: User, person: User) -> str:
    """A site admin may deactivate anybody else, a lead who is in the teams they lead only."""
    if person.pk == by.pk:
        return "You cannot deactivate yourself. Ask another site admin."
    if by.is_site_admin:
        return ""
    held = person.memberships.all()
    elsewhere = held.exclude(team__in=teams_managed_by(by))
    if person.is_site_admin or elsewhere.exists() or not held.exists():
        return f"{person.name} is in other teams too, so only a site admin can do this."
    teams = Team.objects.filter(memberships__person=person, memberships__role=Role.LEAD.value)
    return next(filter(None, (leaving_without_lead(by, team, person) for team in teams)), "")
