"""Who is a guest, of which launch, and who could become one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from readiness import clock
from readiness.accounts.models import User
from readiness.launches.models import Guest, Launch
from readiness.launches.queries.mentions import members_of

FOUND, SHORTEST = 8, 2


def let_in_to(person: User) -> QuerySet[Any]:
    """The ids of the launches that let a person in now."""
    return Guest.objects.standing(clock.now()).filter(person=person.pk).values("launch")


def guests_of(launch: Launch, now: datetime) -> QuerySet[Guest]:
    """Whom a launch lets in now, by name."""
    return launch.guests.standing(now).select_related("person").order_by("person__name", "person")


def outside(launch: Launch) -> QuerySet[User]:
    """Whom a launch could let in: people who may not see it by what they are."""
    return User.objects.filter(is_active=True).exclude(pk__in=members_of(launch).values("pk"))


def found_outside(launch: Launch, words: str) -> list[User]:
    """Those of them with all these words in their name, or at the start of their mail address."""
    if len(words.strip()) < SHORTEST:
        return []
    found = outside(launch)
    for word in words.split():
        found = found.filter(name__icontains=word) | found.filter(email__istartswith=word)
    return list(found.order_by("name", "pk")[:FOUND])


def chosen_outside(launch: Launch, pks: Iterable[int]) -> list[User]:
    return list(outside(launch).filter(pk__in=list(pks)).order_by("name", "pk"))
