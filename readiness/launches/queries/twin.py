"""The SQL twin of the rule: states and verdicts of many launches in one statement.

The one place where a rule stands twice, because judging a hundred thousand launches row by
row takes minutes. A test proves it equal to `readiness.rules` over random histories. Sums
are whole numbers in the units of each version, so nothing is rounded.

What is done once an item is what costs time. So an item is only given its state; items alike
in all that decides are counted, and the rest is done once for each such group.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

SPAN, SPANS = 1_000, 4

# One row per item. Parameters: now, and of a span the first and last launch id, and the lowest
# and highest id of their items. Items are made together with their launch, so that these
# narrow every scan. Few items have several sign-offs, a choir: what those make together is
# looked up apart, where confirmed broken glass has nine voices, as many as may be asked for, and
# unconfirmed none. OFFSET 0 keeps a step from being computed again by the next. Nothing here may
# keep PostgreSQL from having several spans read at once by its workers, as a MATERIALIZED step,
# a window, and an OFFSET that is not written as a bigint would.
STATES = """
WITH definitions AS (
    SELECT d.id, d.version_id, d.weight_units, d.na_allowed, v.credit_unit,
           CASE WHEN v.aggregate <> 'whole' THEN d.section_id END AS section_id,
           d.requires ? 'evidence' AS needs_evidence, d.requires ? 'fact' AS needs_fact,
           a.keys AS answers_needing_evidence,
           CASE coalesce(nullif(d.signing_rule, ''), v.signing_rule)
               WHEN 'two_persons' THEN 2
               WHEN 'role_quorum' THEN coalesce(d.signing_quorum, v.signing_quorum)
               ELSE 1 END AS signatures
    FROM checklists_item d
    JOIN checklists_version v ON v.id = d.version_id
    LEFT JOIN (
        SELECT version_id, array_agg(key) AS keys FROM checklists_answer
        WHERE needs_evidence GROUP BY version_id
    ) a ON a.version_id = v.id
    OFFSET bigint '0'
), words AS NOT MATERIALIZED (
    SELECT * FROM launches_signoff
    WHERE withdrawn_at IS NULL AND item_id BETWEEN %(low)s AND %(high)s
), choirs AS (
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
                   AND (w.expires_at IS NULL OR %(now)s < w.expires_at)
                   AND (w.confirmed_at IS NOT NULL OR NOT w.broke_glass) AS counts
        FROM (SELECT item_id FROM words GROUP BY item_id HAVING count(*) > 1) several
        JOIN launches_launchitem i ON i.id = several.item_id
        JOIN words w ON w.item_id = i.id
        CROSS JOIN generate_series(1, CASE WHEN w.broke_glass THEN 9 ELSE 1 END)
    ) s
    GROUP BY s.item_id
), exempt AS (
    SELECT item_id,
           bool_or(kind = 'na' AND agreed_at IS NOT NULL) AS na_confirmed,
           bool_or(kind = 'na' AND agreed_at IS NULL) AS na_proposed,
           max(ends_at) FILTER (WHERE kind = 'na' AND agreed_at IS NOT NULL) AS na_ends_at,
           max(ends_at) FILTER (WHERE kind = 'waiver' AND agreed_at IS NOT NULL) AS waiver_ends_at
    FROM launches_exemption
    WHERE closed_at IS NULL AND item_id BETWEEN %(low)s AND %(high)s
    GROUP BY item_id
), states AS (
    SELECT i.id, i.launch_id, i.item_id, i.key, i.progress, d.version_id, d.section_id, d.weight_units,
           i.blocker <> 'no' AS blocks, heard.credit_units, heard.expires_at,
           CASE WHEN heard.leans THEN i.supported_until END AS lacks_from, e.na_ends_at,
           e.waiver_ends_at, coalesce(%(now)s < e.waiver_ends_at, false) AS is_waived,
           CASE WHEN i.applies = 'no' THEN 'na_by_facet'
                WHEN e.na_confirmed AND d.na_allowed
                     AND (e.na_ends_at IS NULL OR %(now)s < e.na_ends_at) THEN 'na_confirmed'
                WHEN e.na_proposed AND d.na_allowed AND heard.credit_units = 0
                    THEN 'na_proposed'
                WHEN heard.credit_units = 0 THEN 'open'
                WHEN NOT coalesce(c.is_on_basis, i.basis = w.basis AND w.evidence <@ i.evidence)
                    THEN 'superseded'
                WHEN %(now)s >= heard.expires_at THEN 'expired'
                WHEN (d.needs_fact AND NOT i.has_fact) OR heard.signed < d.signatures
                     OR (heard.leans AND (i.lacks_evidence OR i.evidence = '{}'
                                          OR %(now)s >= i.supported_until))
                    THEN 'provisional'
                WHEN heard.credit_units < d.credit_unit THEN 'partial'
                ELSE 'met' END AS state
    FROM launches_launchitem i
    JOIN definitions d ON d.id = i.item_id
    LEFT JOIN choirs c ON c.item_id = i.id
    LEFT JOIN words w ON w.item_id = i.id AND c.item_id IS NULL
    LEFT JOIN exempt e ON e.item_id = i.id
    CROSS JOIN LATERAL (
        SELECT coalesce(c.credit_units, w.credit_units, 0) AS credit_units,
               CASE WHEN c.item_id IS NULL THEN w.expires_at
                    WHEN d.signatures = 1 OR c.counting < d.signatures THEN c.expires_at
                    ELSE least(c.expires_at, nullif(c.ends[d.signatures], 'infinity'))
                    END AS expires_at,
               coalesce(c.counting, CASE WHEN NOT w.broke_glass THEN 1
                                         WHEN w.confirmed_at IS NULL THEN 0
                                         ELSE 9 END) AS signed,
               coalesce(d.needs_evidence
                            OR coalesce(c.answer, w.answer) = ANY (d.answers_needing_evidence),
                        false) AS leans
    ) heard
    WHERE i.launch_id BETWEEN %(first)s AND %(last)s
    OFFSET bigint '0'
)
"""

# One row per launch, or where sections decide one per section.
TALLIES = (
    STATES
    + """
, alike AS (
    SELECT launch_id, version_id, section_id, weight_units, state, credit_units, blocks, is_waived,
           count(*) AS number,
           count(*) FILTER (WHERE id NOT BETWEEN %(low)s AND %(high)s) AS unseen,
           min(expires_at) AS expires_at, min(lacks_from) AS lacks_from,
           min(na_ends_at) AS na_ends_at, min(waiver_ends_at) AS waiver_ends_at
    FROM states
    GROUP BY launch_id, version_id, section_id, weight_units, state, credit_units, blocks,
             is_waived
), standings AS (
    SELECT alike.*, v.credit_unit,
           CASE WHEN weight_units = 0 OR state = 'na_by_facet' THEN NULL
                WHEN state = 'na_confirmed'
                    THEN CASE WHEN v.na_counts_as = 'met' THEN v.credit_unit END
                WHEN state = 'met' THEN v.credit_unit
                WHEN is_waived AND v.waiver_counts_as = 'met' THEN v.credit_unit
                WHEN is_waived AND v.waiver_counts_as = 'excluded' THEN NULL
                WHEN state = 'partial' THEN credit_units
                ELSE 0 END AS credit,
           v.blockers <> 'off' AND blocks AND NOT is_waived
               AND state NOT IN ('met', 'na_by_facet', 'na_confirmed') AS holds,
           CASE WHEN state = 'na_by_facet' THEN NULL
                WHEN state = 'na_confirmed' THEN na_ends_at
                WHEN state = 'met' THEN least(expires_at, lacks_from)
                WHEN state = 'partial'
                    THEN least(expires_at, lacks_from, CASE WHEN is_waived THEN waiver_ends_at END)
                WHEN state = 'provisional'
                    THEN least(expires_at, CASE WHEN is_waived THEN waiver_ends_at END)
                WHEN is_waived THEN waiver_ends_at END AS changes_at
    FROM alike
    JOIN checklists_version v ON v.id = alike.version_id
    OFFSET bigint '0'
), tallies AS (
    SELECT launch_id, section_id,
           coalesce(sum(number) FILTER (WHERE credit IS NOT NULL), 0) AS counted,
           coalesce(sum(number) FILTER (WHERE credit IS NOT NULL AND state = 'met'), 0) AS checked,
           coalesce(sum(number) FILTER (WHERE credit = credit_unit), 0) AS complete,
           coalesce(sum((weight_units * credit)::numeric * number), 0) AS earned,
           coalesce(sum((weight_units * credit_unit)::numeric * number)
                        FILTER (WHERE credit IS NOT NULL), 0) AS total,
           coalesce(sum(number) FILTER (WHERE holds), 0) AS holds,
           sum(unseen) AS unseen,
           min(changes_at) AS next_change
    FROM standings GROUP BY launch_id, section_id
)
SELECT * FROM tallies
"""
)

# One row per launch, from the tallies of one or several spans. Scores are compared as whole
# numbers: shares of two tallies differ by more than 1 in 10^80, or not at all. A band reaches
# from its cut to the next; `above` says that the cut itself is not in it.
JUDGED = """
wholes AS (
    SELECT t.launch_id, l.version_id, v.aggregate, s.position, t.earned, t.total,
           v.blockers = 'cap_verdict' AND sum(t.holds) OVER launch > 0 AS is_capped,
           sum(t.checked) OVER launch AS checked, sum(t.counted) OVER launch AS counted,
           sum(t.holds) OVER launch AS holds, sum(t.unseen) OVER launch AS unseen,
           min(t.next_change) OVER launch AS next_change,
           CASE WHEN t.counted = 0 THEN
                    CASE WHEN v.empty_section = 'zero' AND sum(t.counted) OVER launch > 0 THEN 0 END
                WHEN v.measure = 'required' THEN (t.complete = t.counted)::int
                ELSE t.earned END AS numerator,
           CASE WHEN t.counted = 0 OR v.measure = 'required' THEN 1
                WHEN v.measure = 'sum' THEN v.weight_unit * v.credit_unit
                ELSE t.total END AS denominator
    FROM tallies t
    JOIN launches_launch l ON l.id = t.launch_id AND l.id BETWEEN %(first)s AND %(last)s
    JOIN checklists_version v ON v.id = l.version_id
    LEFT JOIN checklists_section s ON s.id = t.section_id
    WINDOW launch AS (PARTITION BY t.launch_id)
), deciding AS (
    SELECT DISTINCT ON (launch_id) *
    FROM wholes
    ORDER BY launch_id,
             CASE WHEN aggregate <> 'whole' THEN div(numerator * 1e80, denominator) END, position
), cuts AS (
    SELECT version_id, key, outcome, position, (NOT start_included AND start <> '')::int AS above,
           coalesce(nullif(split_part(start, '/', 1), ''), '-infinity')::numeric AS cut,
           coalesce(nullif(split_part(start, '/', 2), ''), '1')::numeric AS share
    FROM checklists_band
), bands AS (
    SELECT cuts.*, position = min(position) OVER version AS is_lowest,
           lead(above, 1, 0) OVER version AS next_above,
           lead(cut, 1, 'infinity') OVER version AS next_cut,
           lead(share, 1, 1) OVER version AS next_share
    FROM cuts WINDOW version AS (PARTITION BY version_id ORDER BY position)
)
SELECT d.launch_id AS id,
       coalesce(band.key, 'not_assessable') AS verdict,
       coalesce(band.outcome, 'no_go') AS outcome,
       d.earned, d.total, d.checked::bigint, d.counted::bigint, d.holds::bigint, d.next_change,
       d.unseen
FROM deciding d
LEFT JOIN bands band ON band.version_id = d.version_id AND d.numerator IS NOT NULL
    AND CASE WHEN d.is_capped THEN band.is_lowest
             ELSE sign(d.numerator * band.share - band.cut * d.denominator) >= band.above
              AND sign(d.numerator * band.next_share - band.next_cut * d.denominator)
                  < band.next_above
             END
"""

VERDICTS = f"WITH tallies AS ({TALLIES}), {JUDGED}"


def _of_span(sql: str, number: int) -> str:
    """The statement for one of several spans, with parameters of its own."""
    for name in ("first", "last", "low", "high"):
        sql = sql.replace(f"%({name})s", f"%({name}_{number})s")
    return sql


# Launches of which items came after their span was looked up are not compared.
DIFFERENCES = f"""
WITH tallies AS (
    SELECT * FROM ({" UNION ALL ".join(f"({_of_span(TALLIES, n)})" for n in range(SPANS))}) spans
), found AS (
    WITH {JUDGED}
)
SELECT found.id, found.verdict, found.outcome, found.earned, found.total, found.checked,
       found.counted, found.holds, found.next_change,
       l.verdict, l.outcome, l.earned, l.total, l.checked, l.counted, l.holds, l.next_change
FROM found
JOIN launches_launch l ON l.id = found.id AND l.id BETWEEN %(first)s AND %(last)s
WHERE found.unseen = 0
  AND (l.verdict, l.outcome, l.earned, l.total, l.checked, l.counted, l.holds, l.next_change)
    IS DISTINCT FROM (found.verdict, found.outcome, found.earned, found.total, found.checked,
                      found.counted, found.holds, found.next_change)
ORDER BY found.id
"""

# Compiling takes longer than it saves, and a span's items are to be grouped without a sort.
# A worker reads a whole span: were several to read one, the spans would wait for each other.
SETTINGS = """
SET LOCAL jit = off; SET LOCAL work_mem = '32MB';
SET LOCAL min_parallel_table_scan_size = '1TB'; SET LOCAL min_parallel_index_scan_size = '1TB'
"""
ALL_SPANS = """
SELECT launch_id / %(size)s * %(size)s AS first, launch_id / %(size)s * %(size)s + %(size)s - 1 AS last,
       min(id) AS low, max(id) AS high
FROM launches_launchitem GROUP BY launch_id / %(size)s ORDER BY first
"""
ONE_SPAN = """
SELECT coalesce(min(id + 0), 0) AS low, coalesce(max(id + 0), -1) AS high
FROM launches_launchitem WHERE launch_id BETWEEN %(first)s AND %(last)s
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


class Span(NamedTuple):
    """Launches by their ids, and between which ids their items lie; empty as it is."""

    first: int = 0
    last: int = -1
    low: int = 0
    high: int = -1


def span(first: int, last: int) -> Span:
    """The launches with these ids."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_SPAN, {"first": first, "last": last})
        return Span(first, last, *cursor.fetchone())


def states_of(first: int, last: int, *, now: datetime) -> dict[tuple[int, str], str]:
    """The state of every item of the launches with these ids, by (launch, item key)."""
    sql = f"{STATES} SELECT launch_id, key, state FROM states"
    about = {"now": now} | span(first, last)._asdict()
    with connection.cursor() as cursor:
        cursor.execute(sql, about)
        return {(launch, key): state for launch, key, state in cursor.fetchall()}


def verdicts_of(first: int, last: int, *, now: datetime) -> dict[int, Found]:
    """The verdict columns of the launches with these ids."""
    about = {"now": now} | span(first, last)._asdict()
    with connection.cursor() as cursor:
        cursor.execute(VERDICTS, about)
        return {row[0]: Found(*row[1:9]) for row in cursor.fetchall()}


def differences(*, now: datetime) -> Iterator[Difference]:
    """Every launch whose stored verdict differs from a recomputation, some spans at a time."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_SPANS, {"size": SPAN})
        spans = [Span(*row) for row in cursor.fetchall()]
    for start in range(0, len(spans), SPANS):
        for row in _differing(spans[start : start + SPANS], now):
            yield Difference(row[0], Found(*row[1:9]), Found(*row[9:]))


def _differing(spans: list[Span], now: datetime) -> list[tuple]:
    about: dict[str, int | datetime] = {
        "now": now,
        "first": spans[0].first,
        "last": spans[-1].last,
    }
    for number in range(SPANS):
        one = spans[number] if number < len(spans) else Span()
        about |= {f"{name}_{number}": value for name, value in one._asdict().items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(DIFFERENCES, about)
        return cursor.fetchall()
