"""What stands beside the list: teams and versions to filter by, and views to go to."""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.db.models import Exists, QuerySet

from readiness.accounts.models import Membership, Team, User
from readiness.accounts.permissions import Action, grants, roles_for
from readiness.launches.queries.filtering import PERSON
from readiness.web.statements import Statement

TEAMS, VIEWS = 100, 50
TEAM, VERSION, VIEW = "team", "version", "view"
# One statement: who reads which teams, which versions are in use, and the saved views.
BESIDE = """
WITH teams (id, name, opens, is_everywhere) AS MATERIALIZED ({})
SELECT 'team', id, name, '', opens, is_everywhere FROM teams
UNION ALL
SELECT 'version', v.id, '', '', false, false FROM checklists_version v
WHERE EXISTS (SELECT FROM launches_launch l WHERE l.version_id = v.id)
UNION ALL
SELECT * FROM (
    SELECT 'view', s.id, s.name, s.query, s.team_id IS NOT NULL, false
    FROM launches_savedview s
    WHERE s.person_id = (SELECT %s) AND s.team_id IS NULL OR s.team_id IN (SELECT id FROM teams)
    ORDER BY s.team_id IS NOT NULL, lower(s.name), s.id LIMIT {}
) views
"""


class View(NamedTuple):
    """A name for what to look for; `icon` says which kind of view it is.

    `number` is how many launches it has, where they were counted.
    """

    pk: int
    name: str
    query: str
    icon: str
    number: str = ""


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
    sees_everything: bool


def beside(user: User) -> Beside:
    found = _beside(user.is_site_admin).run({PERSON: user.pk})
    teams = sorted((row for row in found if row[0] == TEAM), key=lambda row: row[2].casefold())
    return Beside(
        teams=tuple((pk, name, opens) for _, pk, name, _, opens, _ in teams),
        versions=tuple(sorted(row[1] for row in found if row[0] == VERSION)),
        views=tuple(
            View(pk, name, query, "users-round" if is_of_team else "bookmark")
            for kind, pk, name, query, is_of_team, _ in found
            if kind == VIEW
        ),
        sees_everything=user.is_site_admin or any(row[5] for row in teams),
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
    text = BESIDE.replace("LIMIT {}", f"LIMIT {VIEWS}")
    return Statement(text.replace("{}", teams.sql), (*teams.stand_ins, PERSON), teams.is_kept)
