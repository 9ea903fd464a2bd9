"""Some launches as the list of launches shows them, whoever reads it."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from readiness.launches.models.launches import OVER
from readiness.launches.queries import trend
from readiness.launches.queries.launch_rows import Columns
from readiness.launches.queries.listing import start_of_day
from readiness.web import prepared

SOME = """
SELECT l.team_id, l.lead_id, l.stage = ANY(%(over)s), l.id, l.name, l.verdict, l.outcome, l.shown,
       l.checked, l.counted, l.holds, l.blocked, l.sections::text, l.score, l.launch_at, l.zone,
       lower(l.name) COLLATE "C", t.name, u.name, u.email, l.version_id, {trend}
FROM launches_launch l
JOIN accounts_team t ON t.id = l.team_id
JOIN accounts_user u ON u.id = l.lead_id
WHERE l.subject_id = ANY(%(subjects)s)
""".format(trend=trend.TREND.format(since="%(since)s", most=trend.MOST))


class Listed(NamedTuple):
    """A launch of the list, and on what it depends who sees it there."""

    team: int
    lead: int
    is_over: bool
    columns: Columns


def some(subjects: Collection[int], *, now: datetime) -> list[Listed]:
    """The launches to which these chains belong, in one statement."""
    since = start_of_day(now, UTC) - (trend.DAYS - 1) * timedelta(days=1)
    asked = {"subjects": list(subjects), "since": since, "over": list(OVER)}
    return [
        Listed(team, lead, is_over, Columns._make(columns))
        for team, lead, is_over, *columns in prepared.rows(SOME, asked)
    ]
