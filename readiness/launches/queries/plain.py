"""The plain case of the SQL twin: launches whose items are done, open or left out, no more.

Most launches are such, and for them the rule is short: every item weighs the same, one word does
it, and an exemption leaves it out or lifts its hold. So a check first finds the launches that
this judges as they are stored, and asks the twin of the others only. It believes nothing that a
service wrote: whether a launch is plain is read off its items, its words and its exemptions. A
test holds it equal to the twin and to the rule.
"""

# A band reaches from its cut to the next; `above` says that the cut itself is not in it. It is
# joined to the next one: a window or a subquery would keep this from PostgreSQL's workers.
BANDS = """
cuts AS NOT MATERIALIZED (
    SELECT version_id, key, outcome, position, (NOT start_included AND start <> '')::int AS above,
           coalesce(nullif(split_part(start, '/', 1), ''), '-infinity')::numeric AS cut,
           coalesce(nullif(split_part(start, '/', 2), ''), '1')::numeric AS share
    FROM checklists_band
), bands AS (
    SELECT low.*, coalesce(high.above, 0) AS next_above, coalesce(high.cut, 'infinity') AS next_cut,
           coalesce(high.share, 1) AS next_share, beside.is_lowest
    FROM cuts low
    JOIN (
        SELECT one.version_id, one.position, one.position = min(other.position) AS is_lowest,
               min(other.position) FILTER (WHERE other.position > one.position) AS next
        FROM checklists_band one JOIN checklists_band other USING (version_id)
        GROUP BY one.version_id, one.position
    ) beside ON beside.version_id = low.version_id AND beside.position = low.position
    LEFT JOIN cuts high ON high.version_id = low.version_id AND high.position = beside.next
)
"""

# Launches of a span that are not plain, or not judged plainly as they are stored; and any other
# launch that has an item between those ids, as more of it lies elsewhere than its span sees.
# Parameters as in the twin. What an item gives is one number, so that it is worked out once:
# units of credit, or what else it is. With as many rows as the checklist has items, none of them
# has several words.
OTHERS = f"""
WITH versions AS (
    SELECT v.id, v.credit_unit, size.items, size.weight * v.credit_unit AS full_marks
    FROM checklists_version v
    JOIN (
        SELECT version_id, count(*) AS items, min(weight_units) AS weight
        FROM checklists_item GROUP BY version_id
        HAVING min(weight_units) = max(weight_units) AND min(weight_units) > 0
           AND bool_and(signing_rule IN ('', 'anyone') AND requires = '[]')
    ) size ON size.version_id = v.id
    WHERE v.aggregate = 'whole' AND v.measure = 'share' AND v.blockers = 'gate_decision'
      AND v.na_counts_as = 'excluded' AND v.waiver_counts_as = 'open' AND v.signing_rule = 'anyone'
      AND v.id NOT IN (SELECT version_id FROM checklists_answer WHERE needs_evidence)
    OFFSET bigint '0'
), {BANDS}, exempt AS (
    SELECT e.item_id,
           max(coalesce(e.ends_at, 'infinity')) FILTER (
               WHERE e.kind = 'na' AND d.na_allowed AND (e.ends_at IS NULL OR %(now)s < e.ends_at)
           ) AS left_out_until,
           max(e.ends_at) FILTER (WHERE e.kind = 'waiver' AND %(now)s < e.ends_at) AS waived_until
    FROM launches_exemption e
    JOIN launches_launchitem i ON i.id = e.item_id AND i.id BETWEEN %(low)s AND %(high)s
    JOIN checklists_item d ON d.id = i.item_id
    WHERE e.closed_at IS NULL AND e.agreed_at IS NOT NULL
      AND e.item_id BETWEEN %(low)s AND %(high)s
    GROUP BY e.item_id
), given AS (
    SELECT i.launch_id,
           CASE WHEN i.applies = 'no' THEN -1
                WHEN e.left_out_until IS NOT NULL THEN -2
                WHEN w.credit_units > 0 AND i.basis = w.basis
                     AND (cardinality(w.evidence) = 0 OR w.evidence <@ i.evidence)
                     AND (w.expires_at IS NULL OR %(now)s < w.expires_at)
                    THEN CASE WHEN w.broke_glass THEN -4 ELSE w.credit_units END
                WHEN i.blocker <> 'no' AND e.waived_until IS NULL THEN -3
                ELSE 0 END AS gives,
           count(*)::int AS number, min(w.expires_at) AS expires_at,
           min(e.left_out_until) AS left_out_until, min(e.waived_until) AS waived_until
    FROM launches_launchitem i
    LEFT JOIN launches_signoff w
        ON w.item_id = i.id AND w.withdrawn_at IS NULL AND w.item_id BETWEEN %(low)s AND %(high)s
    LEFT JOIN exempt e ON e.item_id = i.id
    WHERE i.id BETWEEN %(low)s AND %(high)s
    GROUP BY i.launch_id, gives
), tallies AS (
    SELECT launch_id, sum(number) AS seen, bool_or(gives = -4) AS has_broken_glass,
           coalesce(sum(number) FILTER (WHERE gives NOT IN (-1, -2)), 0) AS counted,
           coalesce(sum(number) FILTER (WHERE gives > 0), 0) AS checked,
           coalesce(sum(number) FILTER (WHERE gives = -3), 0) AS holds,
           min(gives) FILTER (WHERE gives > 0) AS least, max(gives) AS most,
           nullif(min(CASE WHEN gives > 0 THEN expires_at
                           WHEN gives = -2 THEN left_out_until
                           WHEN gives = 0 THEN waived_until END), 'infinity') AS next_change
    FROM given GROUP BY launch_id
)
SELECT coalesce(l.id, t.launch_id)
FROM (
    SELECT id, version_id, verdict, outcome, earned, total, checked, counted, holds, next_change
    FROM launches_launch WHERE id BETWEEN %(first)s AND %(last)s OFFSET bigint '0'
) l
FULL JOIN tallies t ON t.launch_id = l.id
LEFT JOIN versions v ON v.id = l.version_id
LEFT JOIN bands b
    ON b.version_id = l.version_id AND b.key = l.verdict AND b.outcome = l.outcome
WHERE (
    t.seen = v.items AND NOT t.has_broken_glass AND t.counted > 0
    AND (t.checked = 0 OR t.least = v.credit_unit AND t.most = v.credit_unit)
    AND l.checked = t.checked AND l.counted = t.counted AND l.holds = t.holds
    AND l.earned = t.checked * v.full_marks AND l.total = t.counted * v.full_marks
    AND l.next_change IS NOT DISTINCT FROM t.next_change
    AND sign(l.earned * b.share - b.cut * l.total) >= b.above
    AND sign(l.earned * b.next_share - b.next_cut * l.total) < b.next_above
) IS NOT TRUE
"""  # noqa: S608
