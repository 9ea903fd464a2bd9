"""What people do with accounts: add people and teams, give roles, set preferences."""

from collections.abc import Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.text import slugify

from readiness.accounts.models import AddressChange, Membership, Role, Session, Team, User


@transaction.atomic
def add_person(email: str, *, name: str, now: datetime, password: str | None = None) -> User:
    """Add a person who can sign in; without a password only by a link or single sign-on."""
    return User.objects.create_user(email, password, name=name, joined_at=now)


@transaction.atomic
def give_role(person: User, role: Role, *, team: Team | None = None) -> Membership:
    """Let a person hold a role in a team, or in every team; holding it already is fine."""
    held, _ = Membership.objects.get_or_create(person=person, team=team, role=role.value)
    return held


@transaction.atomic
def add_team(name: str) -> Team:
    """Add a team; it is empty until people get roles in it."""
    return Team.objects.create(name=name, slug=slugify(name, allow_unicode=True)[:64])


@transaction.atomic
def set_quorum(team: Team, quorum: int | None) -> None:
    """Let a GO of the team's launches take so many approvers, or all of them."""
    team.quorum = quorum
    team.save(update_fields=["quorum"])


@transaction.atomic
def make_site_admin(person: User) -> None:
    """Let a person administer the installation. They may read all, and sign nothing by that."""
    person.is_site_admin = True
    person.save(update_fields=["is_site_admin"])


@transaction.atomic
def set_preferences(person: User, chosen: Mapping[str, object]) -> None:
    """Keep what a person chose for themselves."""
    for name, value in chosen.items():
        setattr(person, name, value)
    person.save(update_fields=list(chosen))
    look_again(person)


@transaction.atomic
def mails_came_back(person: User, address: str) -> None:
    """Remember the address that mails to a person came back from; "" once it works again."""
    person.returned_address = address
    person.save(update_fields=["returned_address"])


@transaction.atomic
def want_address(
    person: User, address: str, *, asked_at: datetime, ends_at: datetime
) -> AddressChange:
    """Keep which address a person asks for; what they asked for before is forgotten."""
    said = {"email": address, "asked_at": asked_at, "ends_at": ends_at}
    change, _ = AddressChange.objects.update_or_create(person=person, defaults=said)
    return change


@transaction.atomic
def forget_wanted_address(person: User) -> None:
    """The link that a person was sent to an address they asked for ends."""
    AddressChange.objects.filter(person=person).delete()


@transaction.atomic
def change_address(person: User, address: str) -> None:
    """A person signs in with this address from now on, and gets their mails there."""
    person.email = address
    person.save(update_fields=["email"])
    forget_wanted_address(person)
    EmailAddress.objects.filter(user=person).delete()  # allauth lets people in by these, too


def look_again(person: User) -> None:
    """Ask anew what their hour brings: they chose something else."""
    User.objects.filter(pk=person.pk).update(next_hour_at=None)


@transaction.atomic
def take_role(person: User, role: Role, *, team: Team | None = None) -> None:
    """A person holds a role no longer; not having held it is fine."""
    person.memberships.filter(team=team, role=role.value).delete()


@transaction.atomic
def deactivate(person: User) -> None:
    """A person is let in no more, from their next request on. What they signed stays theirs."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)


@transaction.atomic
def reactivate(person: User) -> None:
    """A person is let in again, in the roles they had."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    look_again(person)


def end_sessions(person: User, *, but: str | None = None) -> int:
    """End all sessions of a person, or all but one, at once; says how many."""
    ended, _ = Session.objects.filter(person=person).exclude(pk=but or "").delete()
    return ended
