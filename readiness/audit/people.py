"""Adding people, teams and roles, and writing it down.

Accounts stand below the log and cannot write to it, so this stands here.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts import policies
from readiness.accounts import services as accounts
from readiness.accounts.models import Role, Session, Team, User
from readiness.accounts.sessions import mark_of
from readiness.audit.kinds import Kind
from readiness.audit.models import Subject, TeamChain
from readiness.audit.services import new_subject, record, site_subject
from readiness.web.refusal import refuse_if

SITE_ADMIN = "site admin"
Seat = tuple[Role, str]  # a role, and the name of its team; "" is every team


@transaction.atomic
def seat(email: str, *, name: str, seats: Iterable[Seat], is_admin: bool, now: datetime) -> User:
    """Add a person, unless they are here; then give them what they do not hold yet.

    A team that is not here yet is added. Nothing is ever taken away.
    """
    site = site_subject()
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        refuse_if("" if name.strip() else "Say the name too: it is printed under what they sign.")
        person = accounts.add_person(email, name=name.strip(), now=now)
        record(Kind.PERSON_ADDED, subject=site, by=None, at=now, person=person.pk, name=person.name)
    if is_admin and not person.is_site_admin:
        accounts.make_site_admin(person)
        _role_given(site, person, SITE_ADMIN, None, now)
    for role, team_name in seats:
        team = _team(site, team_name, now) if team_name else None
        if not person.memberships.filter(team=team, role=role.value).exists():
            accounts.give_role(person, role, team=team)
            subject = take_team(team) if team else site
            _role_given(subject, person, role.value, team, now)
    return person


@transaction.atomic
def set_roles(
    person: User, roles: Collection[Role], *, team: Team | None, by: User, now: datetime
) -> None:
    """Let a person hold exactly these roles in a team, or in every team.

    Roles that `by` may not give stay as they are. A team keeps a lead.
    """
    subject = take_team(team) if team else take_site()
    by = again(by)
    held = {
        Role(role) for role in person.memberships.filter(team=team).values_list("role", flat=True)
    }
    refuse_if(policies.changing_roles(by, team) or policies.giving(by, {*roles} - held))
    taken = (held & {*policies.roles_given_by(by)}) - {*roles}
    if team and Role.LEAD in taken:
        refuse_if(policies.leaving_without_lead(by, team, person))
    for role in Role:
        if role in taken:
            accounts.take_role(person, role, team=team)
            _role_taken(subject, person, role.value, team, now, by=by)
        elif role in roles and role not in held:
            accounts.give_role(person, role, team=team)
            _role_given(subject, person, role.value, team, now, by=by)


@transaction.atomic
def add_team(name: str, *, by: User, now: datetime) -> Team:
    """Add a team; it is empty until people are invited."""
    site = take_site()
    refuse_if("" if again(by).is_site_admin else policies.ONLY_ADMIN)
    taken = Team.objects.filter(name__iexact=name).first()
    refuse_if(f"There is a team {taken.name} already." if taken else "")
    return _team(site, name, now, by=by)


@transaction.atomic
def set_quorum(team: Team, quorum: int | None, *, by: User, now: datetime) -> None:
    """Say how many approvers a GO of the team's launches takes; None is all of them."""
    subject = take_team(team)
    refuse_if(policies.changing_roles(again(by), team))
    was = Team.objects.get(pk=team.pk).quorum
    if was != quorum:
        accounts.set_quorum(team, quorum)
        said: dict[str, Any] = {"quorum": quorum, "was": was, "name": team.name}
        record(Kind.TEAM_QUORUM_SET, subject=subject, by=by, at=now, team=team, **said)


@transaction.atomic
def set_preferences(person: User, chosen: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what a person chose for themselves, and what it was before."""
    was = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    changes = {
        name: [getattr(was, name), value]
        for name, value in chosen.items()
        if getattr(was, name) != value
    }
    accounts.set_preferences(person, chosen)
    if changes:
        subject = site_subject()
        record(Kind.PREFERENCES_CHANGED, subject=subject, by=person, at=now, changes=changes)


def switch_keys(person: User, *, now: datetime) -> None:
    """Turn single-key shortcuts on or off."""
    set_preferences(person, {"keys_on": not person.keys_on}, now=now)


@transaction.atomic
def end_sessions(person: User, *, current: str | None, which: str, by: User, now: datetime) -> int:
    """End one session by its mark, all "others" than the current one, or "all"; says how many.

    None of them lets anybody in from the next request on.
    """
    if which in {"others", "all"}:
        ended = accounts.end_sessions(person, but=current if which == "others" else None)
    else:
        keys = [one.pk for one in Session.objects.filter(person=person) if mark_of(one) == which]
        ended, _ = Session.objects.filter(pk__in=keys).delete()
    if ended:
        subject = site_subject()
        said: dict[str, Any] = {"person": person.pk, "name": person.name, "count": ended}
        record(Kind.SESSIONS_ENDED, subject=subject, by=by, at=now, **said)
    return ended


@transaction.atomic
def password_changed(person: User, *, current: str | None, now: datetime) -> None:
    """A person has a new password: they stay signed in here, and nowhere else."""
    said: dict[str, Any] = {"person": person.pk, "name": person.name}
    record(Kind.PASSWORD_CHANGED, subject=site_subject(), by=person, at=now, **said)
    accounts.end_sessions(person, but=current)
    accounts.forget_wanted_address(person)


def take_team(team: Team) -> Subject:
    """The team's chain, and the team locked: nobody else changes who is in it meanwhile."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    chain = TeamChain.objects.select_related("subject").filter(team=team).first()
    if chain is None:
        chain = TeamChain.objects.create(team=team, subject=new_subject("team"))
    return chain.subject


def take_site() -> Subject:
    """The chain of the installation, locked: last, after launches, teams and people.

    Whoever records there waits for it with what they hold.
    """
    return Subject.objects.select_for_update(no_key=True).get(pk=site_subject().pk)


def again(by: User) -> User:
    """The person as they are now: a right that was taken away meanwhile is gone."""
    return User.objects.get(pk=by.pk)


def _team(site: Subject, name: str, now: datetime, *, by: User | None = None) -> Team:
    found = Team.objects.filter(name__iexact=name).first()
    if found:
        return found
    added = accounts.add_team(name)
    record(Kind.TEAM_ADDED, subject=site, by=by, at=now, team=added, name=added.name)
    return added


def _role_given(
    subject: Subject,
    person: User,
    role: str,
    team: Team | None,
    now: datetime,
    *,
    by: User | None = None,
) -> None:
    said = _about(person, role, team)
    record(Kind.ROLE_GIVEN, subject=subject, by=by, at=now, team=team, **said)


def _role_taken(
    subject: Subject, person: User, role: str, team: Team | None, now: datetime, *, by: User
) -> None:
    said = _about(person, role, team)
    record(Kind.ROLE_TAKEN, subject=subject, by=by, at=now, team=team, **said)


def _about(person: User, role: str, team: Team | None) -> dict[str, Any]:
    return {
        "role": role,
        "person": person.name,
        "person_id": person.pk,
        "team_name": team.name if team else "",
    }


def give_roles(
    person: User,
    roles: Iterable[Role],
    *,
    team: Team,
    subject: Subject,
    by: User | None,
    now: datetime,
) -> list[Role]:
    """Give what a person does not hold yet in a team that is taken; says what that was."""
    held = {*person.memberships.filter(team=team).values_list("role", flat=True)}
    given = [role for role in roles if role.value not in held]
    for role in given:
        accounts.give_role(person, role, team=team)
        _role_given(subject, person, role.value, team, now, by=by)
    return given
