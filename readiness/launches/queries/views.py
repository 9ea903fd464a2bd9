"""What stands beside the list: teams and versions to filter by, views and launches to go to."""

import json
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from readiness import clock
from readiness.accounts.models import Membership, Team, User
from readiness.accounts.permissions import Action, grants, roles_for
from readiness.launches.models import Guest, Launch
from readiness.launches.queries.filtering import NOW, PERSON
from readiness.launches.queries.launch_rows import SHAPES, title_of
from readiness.rules.scheme import NOT_ASSESSABLE, Outcome
from readiness.web import locales
from readiness.web.statements import Statement

TEAMS, VIEWS = 100, 50
TEAM, VERSION, VIEW, PIN = "team", "version", "view", "pin"
# One statement: who reads which teams, which versions are in use, saved views and pins.
BESIDE = f"""
WITH teams (id, name, opens, is_everywhere) AS MATERIALIZED ({{}})
SELECT 'team', id, name, '', opens, is_everywhere FROM teams
UNION ALL
SELECT 'version', v.id, '', '', false, false FROM checklists_version v
WHERE EXISTS (SELECT FROM launches_launch l WHERE l.version_id = v.id)
UNION ALL
SELECT * FROM (
    SELECT 'view', s.id, s.name, s.query, s.team_id IS NOT NULL, false
    FROM launches_savedview s
    WHERE s.person_id = {{}} AND s.team_id IS NULL OR s.team_id IN (SELECT id FROM teams)
    ORDER BY s.team_id IS NOT NULL, lower(s.name), s.id LIMIT {VIEWS}
) views
UNION ALL
SELECT 'pin', id, name,
       json_build_array(version_id, verdict, outcome, shown, checked, counted)::text, false, false
FROM ({{}}) pins (id, name, version_id, verdict, outcome, shown, checked, counted)
"""  # noqa: S608


class View(NamedTuple):
    """A name for what to look for; `icon` says which kind of view it is.

    `number` is how many launches it has, where they were counted.
    """

    pk: int
    name: str
    query: str
    icon: str
    number: str = ""


class Pinned(NamedTuple):
    """A pinned launch; of its ring `share` hundredths are full."""

    pk: int
    name: str
    shape: str
    title: str
    shown: str
    share: int


PRESETS = (
    View(0, "Next 14 days", "within=14", "calendar"),
    View(0, "Waiting for my decision", "mine=1", "pen-line"),
    View(0, "Falling readiness", "falling=1", "trending-down"),
)


class Beside(NamedTuple):
    """`teams` are id, name, and whether the person may open a launch in it."""

    teams: tuple[tuple[int, str, bool], ...]
    versions: tuple[int, ...]
    views: tuple[View, ...]
    pins: tuple[Pinned, ...]
    sees_everything: bool


def beside(user: User) -> Beside:
    found = _beside(user.is_site_admin).run({PERSON: user.pk, NOW: clock.now()})
    teams = sorted((row for row in found if row[0] == TEAM), key=lambda row: row[2].casefold())
    return Beside(
        teams=tuple((pk, name, opens) for _, pk, name, _, opens, _ in teams),
        versions=tuple(sorted(row[1] for row in found if row[0] == VERSION)),
        views=tuple(
            View(pk, name, query, "users-round" if is_of_team else "bookmark")
            for kind, pk, name, query, is_of_team, _ in found
            if kind == VIEW
        ),
        pins=tuple(_pinned(row[1], row[2], *json.loads(row[3])) for row in found if row[0] == PIN),
        sees_everything=user.is_site_admin or any(row[5] for row in teams),
    )


def _pinned(
    pk: int,
    name: str,
    version: int,
    verdict: str,
    outcome: str,
    shown: str,
    checked: int,
    counted: int,
) -> Pinned:
    return Pinned(
        pk=pk,
        name=name,
        shape=NOT_ASSESSABLE if verdict == NOT_ASSESSABLE else SHAPES[Outcome(outcome)],
        title=title_of(version, verdict),
        shown=locales.number(shown),
        share=100 * checked // (counted or 1),
    )


def tidy(query: str) -> str:
    """A query string without what is empty, and without a place in the list."""
    return urlencode([(key, said) for key, said in parse_qsl(query) if key != "after"])


def seen_teams(user: User) -> QuerySet[Team]:
    return Team.objects.filter(grants(user, Action.LAUNCH_VIEW, team="pk", lead=""))


@lru_cache(maxsize=2)
def _beside(is_site_admin: bool) -> Statement:  # noqa: FBT001
    """The teams, and whether the person may open a launch in each."""
    user = User(pk=PERSON, is_site_admin=is_site_admin)
    opens = grants(user, Action.LAUNCH_OPEN, team="pk", lead="")
    everywhere = Membership.objects.filter(
        person=PERSON, team=None, role__in=roles_for(Action.LAUNCH_VIEW)
    )
    rows = seen_teams(user).annotate(opens=opens, is_everywhere=Exists(everywhere))
    teams = Statement.of(
        rows.order_by("name").values_list("pk", "name", "opens", "is_everywhere")[:TEAMS], {PERSON}
    )
    as_guest = Guest.objects.filter(launch=OuterRef("pk"), person=PERSON, until__gt=NOW)
    seen = Q(grants(user, Action.LAUNCH_VIEW)) | Q(Exists(as_guest))
    launches = Launch.objects.filter(seen, pins__person=PERSON).order_by("pins__pk")
    columns = ("pk", "name", "version", "verdict", "outcome", "shown", "checked", "counted")
    pins = Statement.of(launches.values_list(*columns), {PERSON, NOW})
    person = Statement("(SELECT %s)", (PERSON,), is_kept=True)
    return Statement.around(BESIDE, teams, person, pins)
