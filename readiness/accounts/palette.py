"""What accounts leave in the palette: people one works with, and the ways to one's own pages."""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse

from readiness.accounts.models import Membership, Team, User
from readiness.accounts.permissions import Action, grants
from readiness.web.registry import Entry, Group
from readiness.web.statements import Statement
from readiness.web.templatetags.face import avatar, icon
from readiness.web.words import STANDS, Sort, holds, sorts_of, standing_for, values_of

MOST = 3
PERSON = -101  # stands for the reader
SEARCHED = Concat("name", Value(" "), "email", output_field=TextField())


def entries(user: User, words: str) -> Iterator[Entry]:
    """People whose name or address has the words, and commands."""
    if words:
        found = _people(user.is_site_admin, sorts_of(words))
        for name, email in found.run({PERSON: user.pk} | values_of(words)):
            person = User(name=name, email=email)
            history = f"{reverse('launches:activity')}?{urlencode({'person': email})}"
            face = avatar(person, hide=True)
            yield Entry(Group.PEOPLE, str(person), history, face, detail=email)
    yield _command("Preferences", "accounts:preferences", "settings", "profile mails zone me")
    yield _command("Change password", "account_change_password", "key-round", "security")
    yield _command("Change mail address", "accounts:address", "mail", "email sign in")
    yield _command("Sign out", "account_logout", "log-out", "log out leave")


@lru_cache(maxsize=256)
def _people(is_site_admin: bool, sorts: tuple[Sort, ...]) -> Statement:  # noqa: FBT001
    """Names and addresses of people, written once per kind of reader and of words."""
    known = known_to(User(pk=PERSON, is_site_admin=is_site_admin))
    found = known.filter(holds(SEARCHED, standing_for(sorts))).values_list("name", "email")
    return Statement.of(found[:MOST], {PERSON, *STANDS})


def known_to(user: User) -> QuerySet[User]:
    """The active people with a role in a team that this person reads, or in all teams."""
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    if user.is_site_admin:
        return people
    read = Team.objects.filter(grants(user, Action.LAUNCH_VIEW, team="pk", lead=""))
    held = Membership.objects.filter(person=OuterRef("pk"))
    in_all_teams = Q(Exists(held.filter(team=None)), Exists(read))
    return people.filter(Exists(held.filter(team__in=read.values("pk"))) | in_all_teams)


def _command(title: str, page: str, image: str, also: str) -> Entry:
    return Entry(Group.COMMANDS, title, reverse(page), icon(image), also=also)
