"""The SQL twin of the rule: states and verdicts of many launches in one statement.

The one place where a rule stands twice, because judging a hundred thousand launches row by
row takes minutes. A test proves it equal to `readiness.rules` over random histories. Sums
are whole numbers in the units of each version, so nothing is rounded.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import connection

CHUNK = 2_000

# One row per item. Parameters: now, and the first and last launch id. Items are made together
# with their launch, so the ids of a scope lie together too, and narrow every scan (id + 0 finds
# them by launch). Few items
# have several sign-offs, a choir: what those make together is looked up apart. OFFSET 0 keeps
# each step from being computed again by the next.
STATES = """
WITH scope AS MATERIALIZED (
    SELECT coalesce(min(id + 0), 0) AS low, coalesce(max(id + 0), -1) AS high
    FROM launches_launchitem WHERE launch_id BETWEEN %(first)s AND %(last)s
), words AS NOT MATERIALIZED (
    SELECT * FROM launches_signoff
    WHERE withdrawn_at IS NULL
      AND item_id BETWEEN (SELECT low FROM scope) AND (SELECT high FROM scope)
), choirs AS MATERIALIZED (
    SELECT s.item_id,
           count(*) FILTER (WHERE s.counts) AS counting,
           (array_agg(s.credit_units ORDER BY s.counts DESC, s.credit_units DESC, s.at DESC, s.id DESC))[1] AS credit_units,
           (array_agg(s.answer ORDER BY s.counts DESC, s.credit_units DESC, s.at DESC, s.id DESC))[1] AS answer,
           (array_agg(s.is_on_basis ORDER BY s.counts DESC, s.credit_units DESC, s.at DESC, s.id DESC))[1] AS is_on_basis,
           (array_agg(s.expires_at ORDER BY s.counts DESC, s.credit_units DESC, s.at DESC, s.id DESC))[1] AS expires_at,
           array_agg(coalesce(s.expires_at, 'infinity') ORDER BY coalesce(s.expires_at, 'infinity') DESC)
               FILTER (WHERE s.counts) AS ends
    FROM (
        SELECT w.*, i.basis = w.basis AND w.evidence <@ i.evidence AS is_on_basis,
               i.basis = w.basis AND w.evidence <@ i.evidence
                   AND (w.expires_at IS NULL OR %(now)s < w.expires_at) AS counts
        FROM (SELECT item_id FROM words GROUP BY item_id HAVING count(*) > 1) several
        JOIN launches_launchitem i ON i.id = several.item_id
        JOIN launches_signoff w ON w.item_id = i.id AND w.withdrawn_at IS NULL
    ) s
    GROUP BY s.item_id
), definitions AS MATERIALIZED (
    SELECT d.id, d.version_id, d.section_id, d.weight_units, d.na_allowed, v.credit_unit,
           v.blockers, v.na_counts_as, v.waiver_counts_as,
           d.requires ? 'evidence' AS needs_evidence, d.requires ? 'fact' AS needs_fact,
           CASE coalesce(nullif(d.signing_rule, ''), v.signing_rule)
               WHEN 'two_persons' THEN 2
               WHEN 'role_quorum' THEN coalesce(d.signing_quorum, v.signing_quorum)
               ELSE 1 END AS signatures
    FROM checklists_item d JOIN checklists_version v ON v.id = d.version_id
), exempt AS MATERIALIZED (
    SELECT item_id,
           bool_or(kind = 'na' AND agreed_at IS NOT NULL) AS na_confirmed,
           bool_or(kind = 'na' AND agreed_at IS NULL) AS na_proposed,
           max(ends_at) FILTER (WHERE kind = 'na') AS na_ends_at,
           max(ends_at) FILTER (WHERE kind = 'waiver' AND agreed_at IS NOT NULL) AS waiver_ends_at
    FROM launches_exemption WHERE closed_at IS NULL GROUP BY item_id
), facts AS (
    SELECT i.id, i.launch_id, i.key, i.applies, i.blocker, i.progress, d.section_id,
           d.weight_units, d.na_allowed, d.credit_unit, d.blockers, d.na_counts_as,
           d.waiver_counts_as,
           coalesce(c.credit_units, w.credit_units, 0) AS credit_units,
           coalesce(c.is_on_basis, i.basis = w.basis AND w.evidence <@ i.evidence, false)
               AS is_on_basis,
           CASE WHEN c.item_id IS NULL THEN w.expires_at
                WHEN d.signatures = 1 OR c.counting < d.signatures THEN c.expires_at
                ELSE least(c.expires_at, nullif(c.ends[d.signatures], 'infinity'))
                END AS expires_at,
           ((d.needs_evidence OR a.needs_evidence) AND i.evidence = '{}') OR d.needs_fact
               OR (d.signatures > 1 AND coalesce(c.counting, 1) < d.signatures) AS lacks,
           coalesce(e.na_confirmed, false) AS na_confirmed,
           coalesce(e.na_proposed, false) AS na_proposed,
           e.na_ends_at,
           coalesce(%(now)s < e.waiver_ends_at, false) AS is_waived,
           e.waiver_ends_at
    FROM launches_launchitem i
    JOIN definitions d ON d.id = i.item_id
    LEFT JOIN choirs c ON c.item_id = i.id
    LEFT JOIN words w ON w.item_id = i.id AND c.item_id IS NULL
    LEFT JOIN checklists_answer a
        ON a.version_id = d.version_id AND a.key = coalesce(c.answer, w.answer)
    LEFT JOIN exempt e ON e.item_id = i.id
    WHERE i.launch_id BETWEEN %(first)s AND %(last)s
    OFFSET 0
), states AS (
    SELECT facts.*,
           CASE WHEN applies = 'no' THEN 'na_by_facet'
                WHEN na_allowed AND na_confirmed
                     AND (na_ends_at IS NULL OR %(now)s < na_ends_at) THEN 'na_confirmed'
                WHEN na_allowed AND na_proposed AND credit_units = 0 THEN 'na_proposed'
                WHEN credit_units = 0 THEN 'open'
                WHEN NOT is_on_basis THEN 'superseded'
                WHEN expires_at IS NOT NULL AND %(now)s >= expires_at THEN 'expired'
                WHEN lacks THEN 'provisional'
                WHEN credit_units < credit_unit THEN 'partial'
                ELSE 'met' END AS state
    FROM facts
    OFFSET 0
), standings AS (
    SELECT states.*,
           CASE WHEN weight_units = 0 OR state = 'na_by_facet' THEN NULL
                WHEN state = 'na_confirmed'
                    THEN CASE WHEN na_counts_as = 'met' THEN credit_unit END
                WHEN state = 'met' THEN credit_unit
                WHEN is_waived AND waiver_counts_as = 'met' THEN credit_unit
                WHEN is_waived AND waiver_counts_as = 'excluded' THEN NULL
                WHEN state = 'partial' THEN credit_units
                ELSE 0 END AS credit,
           blockers <> 'off' AND blocker <> 'no' AND NOT is_waived
               AND state NOT IN ('met', 'na_by_facet', 'na_confirmed') AS holds,
           CASE WHEN state = 'na_by_facet' THEN NULL
                WHEN state = 'na_confirmed' THEN na_ends_at
                WHEN state = 'met' THEN expires_at
                WHEN state IN ('partial', 'provisional')
                    THEN least(expires_at, CASE WHEN is_waived THEN waiver_ends_at END)
                WHEN is_waived THEN waiver_ends_at END AS changes_at
    FROM states
    OFFSET 0
)
"""

# One row per launch. A group is what decides: the whole launch, or one of its sections.
VERDICTS = (
    STATES
    + """
, tallies AS (
    SELECT launch_id, section_id,
           count(credit) AS counted,
           count(credit) FILTER (WHERE state = 'met') AS checked,
           count(credit) FILTER (WHERE credit = credit_unit) AS complete,
           coalesce(sum(weight_units * credit), 0) AS earned,
           coalesce(sum(weight_units * credit_unit) FILTER (WHERE credit IS NOT NULL), 0) AS total,
           count(*) FILTER (WHERE holds) AS holds,
           min(changes_at) AS next_change
    FROM standings GROUP BY launch_id, section_id
), wholes AS (
    SELECT launch_id, sum(counted)::bigint AS counted, sum(checked)::bigint AS checked,
           sum(complete)::bigint AS complete, sum(earned) AS earned, sum(total) AS total,
           sum(holds)::bigint AS holds, min(next_change) AS next_change
    FROM tallies GROUP BY launch_id
), groups AS (
    SELECT w.launch_id, w.counted, w.complete, w.earned, w.total, 0 AS position, false AS is_section
    FROM wholes w
    JOIN launches_launch l ON l.id = w.launch_id
    JOIN checklists_version v ON v.id = l.version_id
    WHERE v.aggregate = 'whole' OR w.counted = 0
    UNION ALL
    SELECT t.launch_id, t.counted, t.complete, t.earned, t.total, s.position, true
    FROM tallies t
    JOIN wholes w ON w.launch_id = t.launch_id AND w.counted > 0
    JOIN launches_launch l ON l.id = t.launch_id
    JOIN checklists_version v ON v.id = l.version_id AND v.aggregate <> 'whole'
    JOIN checklists_section s ON s.id = t.section_id
    WHERE t.counted > 0 OR v.empty_section = 'zero'
), scores AS (
    SELECT g.launch_id, g.earned, g.total, g.position,
           CASE WHEN g.counted = 0 THEN CASE WHEN g.is_section THEN 0 END
                WHEN v.measure = 'sum' THEN g.earned
                WHEN v.measure = 'required' THEN (g.complete = g.counted)::int
                ELSE g.earned END AS numerator,
           CASE WHEN g.counted = 0 THEN 1
                WHEN v.measure = 'sum' THEN v.weight_unit * v.credit_unit
                WHEN v.measure = 'required' THEN 1
                ELSE g.total END AS denominator
    FROM groups g
    JOIN launches_launch l ON l.id = g.launch_id
    JOIN checklists_version v ON v.id = l.version_id
), deciding AS (
    SELECT DISTINCT ON (launch_id) *
    FROM scores
    ORDER BY launch_id, round(numerator::numeric / denominator, 60), position
)
SELECT l.id,
       coalesce(band.key, 'not_assessable') AS verdict,
       coalesce(band.outcome, 'no_go') AS outcome,
       d.earned, d.total, w.checked, w.counted, w.holds, w.next_change
FROM wholes w
JOIN launches_launch l ON l.id = w.launch_id
JOIN checklists_version v ON v.id = l.version_id
JOIN deciding d ON d.launch_id = l.id
LEFT JOIN LATERAL (
    SELECT b.key, b.outcome
    FROM checklists_band b
    CROSS JOIN LATERAL (
        SELECT d.numerator * coalesce(nullif(split_part(b.start, '/', 2), ''), '1')::numeric
                   AS score,
               nullif(split_part(b.start, '/', 1), '')::numeric * d.denominator AS cut
    ) at
    WHERE b.version_id = l.version_id AND d.numerator IS NOT NULL
      AND (b.start = '' OR at.score > at.cut OR (b.start_included AND at.score = at.cut))
      AND (w.holds = 0 OR v.blockers <> 'cap_verdict' OR b.position = (
              SELECT min(position) FROM checklists_band WHERE version_id = l.version_id))
    ORDER BY b.position DESC LIMIT 1
) band ON true
"""
)

DIFFERENCES = f"""
SELECT found.*, l.verdict, l.outcome, l.earned, l.total, l.checked, l.counted, l.holds,
       l.next_change
FROM ({VERDICTS}) found
JOIN launches_launch l ON l.id = found.id
WHERE (l.verdict, l.outcome, l.earned, l.total, l.checked, l.counted, l.holds, l.next_change)
    IS DISTINCT FROM (found.verdict, found.outcome, found.earned, found.total, found.checked,
                      found.counted, found.holds, found.next_change)
ORDER BY found.id
"""


class Found(NamedTuple):
    """The verdict columns of one launch, as SQL finds them."""

    verdict: str
    outcome: str
    earned: int
    total: int
    checked: int
    counted: int
    holds: int
    next_change: datetime | None


class Difference(NamedTuple):
    """A launch whose stored verdict is not what it should be."""

    launch: int
    found: Found
    stored: Found


def states_of(first: int, last: int, *, now: datetime) -> dict[tuple[int, str], str]:
    """The state of every item of the launches with these ids, by (launch, item key)."""
    sql = f"{STATES} SELECT launch_id, key, state FROM standings"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"now": now, "first": first, "last": last})
        return {(launch, key): state for launch, key, state in cursor.fetchall()}


def verdicts_of(first: int, last: int, *, now: datetime) -> dict[int, Found]:
    """The verdict columns of the launches with these ids."""
    with connection.cursor() as cursor:
        cursor.execute(VERDICTS, {"now": now, "first": first, "last": last})
        return {row[0]: Found(*row[1:]) for row in cursor.fetchall()}


def differences(*, now: datetime) -> Iterator[Difference]:
    """Every launch whose stored verdict differs from a recomputation, in chunks of ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM launches_launch")
        lowest, highest = cursor.fetchone()
        for first in range(lowest, highest + 1, CHUNK):
            cursor.execute(DIFFERENCES, {"now": now, "first": first, "last": first + CHUNK - 1})
            for row in cursor.fetchall():
                yield Difference(row[0], Found(*row[1:9]), Found(*row[9:]))
