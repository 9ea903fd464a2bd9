"""The list of launches while it is open: rows that changed, to those who may see the launch."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import partial
from typing import NamedTuple

from readiness import clock
from readiness.accounts.models import Membership
from readiness.accounts.permissions import ALLOWED, Action, Relation, roles_for
from readiness.launches.models import Guest
from readiness.launches.queries.launch_rows import rows_of
from readiness.launches.queries.listing import start_of_day
from readiness.launches.queries.rows_of_some import Listed, some
from readiness.launches.queries.runway import point_of
from readiness.launches.templatetags.launch_rows import drawn
from readiness.web import locales
from readiness.web.live import Asked, Frame, Known, Notice, Seat

MOST_KNOWN = 2_000
EVERY_LAUNCH = frozenset({"subjects"})


class Audience(NamedTuple):
    """On what it depends who sees a launch: its team, its lead, and whom it lets in."""

    team: int
    lead: int
    launch: int


def authorise(asked: Sequence[Asked]) -> list[Seat | None]:
    """Everyone has a list: of the launches of their teams, and those they lead or are guests of."""
    people = {one.person.pk for one in asked}
    held = Membership.objects.filter(person__in=people, role__in=roles_for(Action.LAUNCH_VIEW))
    teams: dict[int, set[int | None]] = {}
    for person, team in held.values_list("person", "team"):
        teams.setdefault(person, set()).add(team)
    let_in: dict[int, set[int]] = {}
    grants = Guest.objects.standing(clock.now()).filter(person__in=people)
    for person, launch in grants.values_list("person", "launch"):
        let_in.setdefault(person, set()).add(launch)
    return [
        Seat(
            EVERY_LAUNCH,
            partial(
                _sees,
                one.person.pk,
                _all_of(one, teams),
                frozenset(let_in.get(one.person.pk, ())),
            ),
        )
        for one in asked
    ]


def _all_of(one: Asked, teams: dict[int, set[int | None]]) -> frozenset[int] | None:
    """The teams whose launches a person sees; None for all."""
    of_person = teams.get(one.person.pk, set())
    sees_all = one.person.is_site_admin and Relation.SITE_ADMIN in ALLOWED[Action.LAUNCH_VIEW]
    return None if sees_all or None in of_person else frozenset(filter(None, of_person))


def _sees(
    person: int, teams: frozenset[int] | None, let_in: frozenset[int], audience: Audience
) -> bool:
    is_theirs = teams is None or audience.team in teams or audience.lead == person
    return is_theirs or audience.launch in let_in


def render(pk: int, notices: Sequence[Notice], known: Known) -> Iterable[Frame]:
    """The rows of the launches that something happened to, if that changed them."""
    subjects = {int(one.key.partition("/")[2]) for one in notices}
    if len(known) > MOST_KNOWN:
        known.clear()
    now = clock.now()
    for listed in some(subjects, now=now) if subjects else ():
        audience = Audience(listed.team, listed.lead, listed.columns.pk)
        if known.get(str(listed.columns.pk)) != listed:
            known[str(listed.columns.pk)] = listed
            yield from _told(listed, audience)


def _told(listed: Listed, audience: Audience) -> Iterable[Frame]:
    if listed.is_over:
        yield Frame(json.dumps({"pk": listed.columns.pk}), "gone", audience)
        return
    now = clock.now()
    [row] = rows_of([listed.columns], now)
    yield Frame(drawn(row, locales.current()), "html", audience)
    if listed.columns.score is not None:
        point = point_of(listed.columns, start_of_day(now, UTC))
        yield Frame(json.dumps(point), "point", audience)
