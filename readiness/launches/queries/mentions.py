"""Who can be mentioned in a launch: those who may read it, by the names they go by."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from readiness import clock
from readiness.accounts.models import Membership, User
from readiness.accounts.permissions import Action, roles_for
from readiness.launches.models import Launch
from readiness.web.markdown import mentioned_in

OFFERED, MOST = 8, 30
BEGUN = re.compile(r"@([^\s@,.;:!?()\[\]*_`]+)")


def readers_of(launch: Launch) -> QuerySet[User]:
    """Everybody who may read a launch now."""
    guests = launch.guests.standing(clock.now()).values("person")
    return User.objects.filter(_reads(launch) | Q(pk__in=guests), is_active=True)


def members_of(launch: Launch) -> QuerySet[User]:
    """Everybody who may read it by what they are: nobody who is let in as a guest."""
    return User.objects.filter(_reads(launch))


def _reads(launch: Launch) -> Q:
    held = Membership.objects.filter(
        Q(team=launch.team_id) | Q(team=None),
        person=OuterRef("pk"),
        role__in=roles_for(Action.LAUNCH_VIEW),
    )
    return Q(Exists(held)) | Q(pk=launch.lead_id) | Q(is_site_admin=True)


def offered(launch: Launch, begun: str) -> list[User]:
    """Whom an "@" with the first letters of a name may mean."""
    named = Q(name__istartswith=begun) | Q(name__icontains=f" {begun}")
    return list(readers_of(launch).filter(named).order_by("name", "pk")[:OFFERED])


def written(launch: Launch, people: Sequence[User]) -> list[tuple[User, str]]:
    """Each person, and how they are written so that nobody else is meant."""
    same = readers_of(launch).filter(name__in=[person.name for person in people])
    named = Counter(same.values_list("name", flat=True))
    return [(one, one.name if named[one.name] == 1 else one.email) for one in people]


def mentioned(launch: Launch, text: str) -> dict[str, User]:
    """Whom a text mentions, by the name as it is written there, in small letters.

    A full name, a mail address, or a first name that only one of the readers has. A name that
    is nobody's, or that several have, stays text: so does that of who may not read the launch,
    and it is not taken for somebody else with the same first name.
    """
    begun = [*dict.fromkeys(word.lower() for word in BEGUN.findall(text))][:MOST]
    if not begun:
        return {}
    people = list(
        User.objects.filter(_begins(begun), is_active=True)
        .annotate(may_read=Exists(readers_of(launch).filter(pk=OuterRef("pk"))))
        .order_by("pk")
    )
    readers = [one for one in people if one.may_read]
    names = _names(people, readers)
    found = {name: names[name] for name in mentioned_in(text, names)}
    return {name: person for name, person in found.items() if person is not None}


def _begins(words: Sequence[str]) -> Q:
    """People whose name or mail address begins with one of these words."""
    ways = (Q(name__istartswith=word) | Q(email__istartswith=f"{word}@") for word in words)
    return reduce(or_, ways)


def _names(people: Sequence[User], readers: Sequence[User]) -> dict[str, User | None]:
    """Every name that may stand in the text, and the one reader it means, if it is one."""
    full = Counter(person.name.lower() for person in readers)
    first = Counter(person.first_name.lower() for person in readers)
    names: dict[str, User | None] = {person.name.lower(): None for person in people}
    names |= {p.name.lower(): p for p in readers if full[p.name.lower()] == 1}
    for person in readers:
        if first[person.first_name.lower()] == 1:
            names.setdefault(person.first_name.lower(), person)
    return names | {person.email.lower(): person for person in readers}
