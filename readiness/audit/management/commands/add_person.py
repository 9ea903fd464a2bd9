"""Let a person in from the command line: the first one, and whoever comes after."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from readiness import clock
from readiness.accounts.models import Role, User
from readiness.audit.people import Seat, seat
from readiness.web.refusal import Refused

SET_ONE = "manage.py changepassword"


class TeamName(str):
    """A word said after --team; the roles that follow are held there."""

    __slots__ = ()


class Command(BaseCommand):
    help = (
        "Add a person, or give more to one who is here. A --role holds in the --team said before "
        "it, and without one in every team; a team that is not here yet is added. At a terminal "
        f"a new person's password is asked for; later it is set with {SET_ONE} EMAIL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="as it is printed under what they sign")
        parser.add_argument("--admin", action="store_true", help="administers the installation")
        words: dict[str, Any] = {"action": "append", "dest": "words", "default": []}
        parser.add_argument("--team", type=TeamName, metavar="NAME", **words)
        parser.add_argument("--role", type=Role, choices=list(Role), **words)

    def handle(self, *args: Any, **options: Any) -> None:
        email = checked(options["email"])
        is_new = not User.objects.filter(email__iexact=email).exists()
        seats = list(seats_in(options["words"]))
        try:
            person = seat(
                email,
                name=options["name"],
                seats=seats,
                is_admin=options["admin"],
                now=clock.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{person.name} is {'added' if is_new else 'here already'}.")
        for held in person.memberships.select_related("person", "team").order_by("pk"):
            self.stdout.write(f"{held}.")
        if person.is_site_admin:
            self.stdout.write(f"{person.name} administers the installation.")
        if is_new and sys.stdin.isatty():
            call_command("changepassword", person.email, stdout=self.stdout)
        if person.has_usable_password() or (is_new and sys.stdin.isatty()):
            self.stdout.write(f"Sign in at {settings.BASE_URL} as {person.email}.")
        else:
            self.stdout.write(f"No password yet. Set one: {SET_ONE} {person.email}")


def checked(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email} is no mail address.") from error
    return email


def seats_in(words: Iterable[TeamName | Role]) -> Iterator[Seat]:
    """The roles, each with the team that was named last before it."""
    team, is_used = "", True
    for word in words:
        if isinstance(word, Role):
            yield word, team
            is_used = True
        else:
            if not is_used or not word.strip():
                break
            team, is_used = word.strip(), False
    if not is_used:
        raise CommandError("Say after each --team NAME which --role the person holds there.")
