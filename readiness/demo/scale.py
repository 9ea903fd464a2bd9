"""Many launches in little time, for measuring: set-based SQL, not the services."""

from datetime import datetime
from typing import Any

from django.db import connection, connections, transaction

from readiness.accounts.models import Team, User
from readiness.launches.queries import twin

TEAMS, PEOPLE, CHUNK = 20, 200, 2_000
MODELS = ("ranker", "copilot", "recommender", "classifier", "bidder", "tagger", "search")

LAUNCHES = """
WITH subjects AS (
    INSERT INTO audit_subject (kind, head, sequence)
    SELECT 'launch', repeat('0', 64), 0 FROM generate_series(%(first)s, %(last)s)
    RETURNING id
), numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 + %(first)s AS n FROM subjects
)
INSERT INTO launches_launch (
    team_id, subject_id, name, model, purpose, launch_at, zone, lead_id, version_id, facets,
    stage, opened_at, opened_by_id, edition, verdict, outcome, shown, earned, total, checked,
    counted, holds, blocked, sections, rule_version)
SELECT (%(teams)s::bigint[])[1 + n %% %(team_count)s], id,
       initcap((%(models)s::text[])[1 + n %% 7]) || ' ' || n, (%(models)s::text[])[1 + n %% 7],
       '', date_trunc('hour', %(now)s::timestamptz) + ((n * 7919) %% 4000 - 240) * interval '1 hour',
       'UTC', (%(people)s::bigint[])[1 + n %% %(person_count)s], %(version)s, '{}',
       'preparing', %(now)s::timestamptz - interval '24 days',
       (%(people)s::bigint[])[1 + n %% %(person_count)s], 1, 'delay', 'no_go', '', 0, 0, 0,
       0, 0, 0, '[]', 1
FROM numbered
RETURNING id
"""
CANDIDATES = """
WITH added AS (
    INSERT INTO launches_candidate (launch_id, name, version, digest, registry_url, at, by_id)
    SELECT id, model, '1.0.' || id, '', '', opened_at, lead_id
    FROM launches_launch WHERE id BETWEEN %(low)s AND %(high)s
    RETURNING id, launch_id
)
UPDATE launches_launch l SET candidate_id = added.id FROM added WHERE l.id = added.launch_id
"""
ITEMS = """
INSERT INTO launches_launchitem (
    team_id, launch_id, item_id, key, position, applies, blocker, owner_id, owned_since, due_on,
    due_set_by_hand, progress, blocked_because, basis, basis_parts, evidence, version,
    changed_at, changed_by_id)
SELECT l.team_id, l.id, d.id, d.key, d.position,
       CASE WHEN d.applies_when IS NOT NULL AND (l.id + d.position) %% 3 = 0 THEN 'no' ELSE 'yes' END,
       CASE WHEN d.blocker = '"always"' THEN 'yes' ELSE 'no' END,
       CASE WHEN (l.id + d.position) %% 5 > 0
            THEN (%(people)s::bigint[])[1 + (l.id + d.position) %% %(person_count)s] END,
       l.opened_at, (l.launch_at AT TIME ZONE 'UTC')::date - coalesce(d.due_days_before_launch, 0),
       false, CASE WHEN (l.id * 31 + d.position) %% 17 = 0 THEN 'blocked' ELSE 'not_started' END,
       CASE WHEN (l.id * 31 + d.position) %% 17 = 0 THEN 'Waits for data' ELSE '' END,
       'scale', '{}', '{}', 1, l.opened_at, l.lead_id
FROM launches_launch l
JOIN checklists_item d ON d.version_id = l.version_id
WHERE l.id BETWEEN %(low)s AND %(high)s
ORDER BY l.id, d.position
"""
SIGNOFFS = """
INSERT INTO launches_signoff (
    team_id, item_id, checklist_item_id, candidate_id, by_id, printed_name, meaning, seat, answer,
    credit, credit_units, note, basis, basis_parts, basis_algorithm, evidence, at, expires_at,
    via, withdrawn_because)
SELECT i.team_id, i.id, i.item_id, l.candidate_id, l.lead_id, 'Scale', 'Checked', 'lead', a.key,
       a.credit, a.credit_units, '', i.basis, '{}', 1, '{}', l.opened_at + interval '3 days',
       l.opened_at + interval '3 days' + d.fresh_days * interval '1 day', 'page', ''
FROM launches_launchitem i
JOIN launches_launch l ON l.id = i.launch_id
JOIN checklists_item d ON d.id = i.item_id
CROSS JOIN LATERAL (
    SELECT * FROM checklists_answer WHERE version_id = l.version_id ORDER BY credit_units DESC LIMIT 1
) a
WHERE i.launch_id BETWEEN %(low)s AND %(high)s AND i.applies <> 'no'
  AND (i.launch_id * 7 + i.position * 13) %% 41 < 26 + i.launch_id %% 16
ORDER BY i.id
"""
VERDICTS = f"""
UPDATE launches_launch l
SET verdict = found.verdict, outcome = found.outcome, earned = found.earned, total = found.total,
    checked = found.checked, counted = found.counted, holds = found.holds,
    next_change = found.next_change, judged_at = %(now)s,
    score = round(found.earned / found.total, 15),
    shown = CASE WHEN mod(100 * found.earned, found.total) = 0
                 THEN div(100 * found.earned, found.total)::text
                 ELSE round(100 * found.earned / found.total, 1)::text END || '%%'
FROM ({twin.VERDICTS}) found
WHERE l.id = found.id
"""
SECTIONS = f"""
UPDATE launches_launch l SET sections = tallies.sections, blocked = tallies.blocked
FROM (
    SELECT launch_id, sum(blocked)::int AS blocked,
           jsonb_agg(jsonb_build_object('key', key, 'left', counted - checked, 'counted', counted,
                                        'blocked', blocked) ORDER BY position) AS sections
    FROM (
        {twin.STATES}
        SELECT states.launch_id, s.key, s.position,
               count(*) FILTER (WHERE d.weight_units > 0 AND state <> 'na_by_facet') AS counted,
               count(*) FILTER (WHERE d.weight_units > 0 AND state = 'met') AS checked,
               count(*) FILTER (WHERE progress = 'blocked' AND state NOT IN
                                ('met', 'na_by_facet')) AS blocked
        FROM states
        JOIN checklists_item d ON d.id = states.item_id
        JOIN checklists_section s ON s.id = d.section_id
        GROUP BY states.launch_id, s.key, s.position
    ) sections GROUP BY launch_id
) tallies
WHERE l.id = tallies.launch_id
"""
# How each launch got there, in the steps of three weeks: lists draw a line of it.
SNAPSHOTS = """
INSERT INTO launches_verdictsnapshot (
    team_id, launch_id, candidate_id, version_id, sequence, at, rule_version, verdict, outcome,
    score, shown, earned, total, checked, counted, holds, sections, states)
SELECT l.team_id, l.id, l.candidate_id, l.version_id, 0,
       %(now)s::timestamptz - step * interval '3 days' - (l.id %% 48) * interval '1 hour',
       l.rule_version, l.verdict, l.outcome,
       greatest(0, l.score - step * (l.id %% 7 - 1) * 0.01), '', l.earned, l.total, l.checked,
       l.counted, '[]', '[]', '{}'
FROM generate_series(6, 1, -1) step
CROSS JOIN launches_launch l
WHERE l.id BETWEEN %(first)s AND %(last)s AND l.score IS NOT NULL
ORDER BY step DESC, l.id
"""


def seed(count: int, *, version: int, now: datetime) -> tuple[int, int]:
    """Make `count` launches on a published version; the first and the last id."""
    about = _company() | {"version": version, "now": now}
    lowest = highest = 0
    for first in range(0, count, CHUNK):
        last = min(first + CHUNK, count) - 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LAUNCHES, about | {"first": first, "last": last})
            ids = [row[0] for row in cursor.fetchall()]
            lowest, highest = lowest or min(ids), max(ids)
            rows = about | {"low": min(ids), "high": max(ids)}
            for statement in (CANDIDATES, ITEMS, SIGNOFFS):
                cursor.execute(statement, rows)
        if first == 0:
            _take_stock()
        span = twin.span(min(ids), max(ids))
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (VERDICTS, SECTIONS, SNAPSHOTS):
                cursor.execute(statement, about | span._asdict())
    return lowest, highest


def _take_stock() -> None:
    """Let PostgreSQL know that its tables are no longer empty, before it plans by them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _company() -> dict[str, Any]:
    """Teams and people to spread the launches over; made once."""
    User.objects.bulk_create(
        [
            User(email=f"scale-{n}@scale.example", name=f"Scale Person {n}", password="!")  # noqa: S106
            for n in range(PEOPLE)
        ],
        ignore_conflicts=True,
    )
    Team.objects.bulk_create(
        [Team(name=f"Scale team {n}", slug=f"scale-team-{n}") for n in range(TEAMS)],
        ignore_conflicts=True,
    )
    people = list(
        User.objects.filter(email__endswith="@scale.example").values_list("pk", flat=True)
    )
    teams = list(Team.objects.filter(slug__startswith="scale-team-").values_list("pk", flat=True))
    return {
        "people": people,
        "person_count": len(people),
        "teams": teams,
        "team_count": len(teams),
        "models": list(MODELS),
    }
