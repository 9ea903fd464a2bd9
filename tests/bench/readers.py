"""People who have a launch open, and what happens to it meanwhile."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from uuid import uuid4

from django.db import transaction

from readiness import clock
from readiness.accounts.models import Membership, Role, User
from readiness.launches.models import Launch
from readiness.launches.services import signoffs
from tests.stage import session_of


def sessions_of_readers(count: int) -> list[str]:
    """The keys of the sessions of so many people who read every team."""
    people = [
        User.objects.get_or_create(email=f"reader-{n}@scale.example", name=f"Reader {n}")[0]
        for n in range(count)
    ]
    for person in people:
        Membership.objects.get_or_create(person=person, team=None, role=Role.AUDITOR.value)
    return [session_of(person) for person in people]


def changes_of_a_launch() -> tuple[int, Iterator[float]]:
    """A launch, and an endless row of sign-offs and withdrawals in it: when each was committed."""
    user = User.objects.get(email="bench@scale.example")
    usual = Counter(Launch.objects.values_list("version", flat=True)).most_common(1)[0][0]
    launch = Launch.objects.running().filter(version=usual).latest("pk")
    committed: list[float] = []

    @transaction.atomic
    def change(act: Callable[..., object], *of: object, **said: object) -> None:
        """Note the commit before anybody hears of it."""
        transaction.on_commit(lambda: committed.append(time.perf_counter()))
        act(*of, **said)

    def changes() -> Iterator[float]:
        for number in count():
            item = launch.items.filter(applies="yes").order_by("position", "pk")[number % 7]
            said = {"by": user, "version": item.version, "key": uuid4().hex, "now": clock.now()}
            mine = item.signoffs.filter(withdrawn_at=None, by=user).first()
            committed.clear()
            if mine:
                change(signoffs.withdraw, mine, **said)
            else:
                change(signoffs.sign_off, item, **said)
            yield committed[0]

    return launch.pk, changes()
