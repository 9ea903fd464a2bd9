"""Adding people, teams and roles, and writing it down.

Accounts stand below the log and cannot write to it, so this stands here.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from readiness.accounts import services as accounts
from readiness.accounts.models import Role, Team, User
from readiness.audit.kinds import Kind
from readiness.audit.models import Subject
from readiness.audit.services import record, site_subject
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
            _role_given(site, person, role.value, team, now)
    return person


def _team(site: Subject, name: str, now: datetime) -> Team:
    found = Team.objects.filter(name__iexact=name).first()
    if found:
        return found
    added = accounts.add_team(name)
    record(Kind.TEAM_ADDED, subject=site, by=None, at=now, team=added, name=added.name)
    return added


def _role_given(site: Subject, person: User, role: str, team: Team | None, now: datetime) -> None:
    record(
        Kind.ROLE_GIVEN,
        subject=site,
        by=None,
        at=now,
        team=team,
        role=role,
        person=person.name,
        person_id=person.pk,
        team_name=team.name if team else "",
    )
