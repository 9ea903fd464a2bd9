"""The SQL twin of the rule: states and verdicts of many launches in one statement.

The one place where a rule stands twice, because judging a hundred thousand launches row by
row takes minutes. A test proves it equal to `readiness.rules` over random histories. Sums
are whole numbers in the units of each version, so nothing is rounded.

What is done once an item is what costs time. So an item is only given its state; items alike
in all that decides are counted, and the rest is done once for each such group.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from readiness.launches.queries import plain

SPAN, SPANS = 5_000, 2
MOST = 2**63 - 1  # as an id

# One row per item. Parameters: now, and of a span the first and last launch id, the lowest and
# highest id of their items, and `only` some of its launches, or NULL. Items are made together with
# their launch, so that their ids narrow every scan, and items and sign-offs are read side by side
# in one order. Few items have several sign-offs, a choir: which of them decides and what they make
# together is looked up apart, where confirmed broken glass has nine voices, as many as may be
# asked for, and unconfirmed none. Definitions of a version that weigh alike go by the lowest id
# among them. OFFSET 0 keeps a step from being computed again by the next. Nothing here may keep
# PostgreSQL from having several spans read at once by its workers, as a MATERIALIZED step, a
# window, and an OFFSET that is not written as a bigint would.
STATES = """
WITH definitions AS (
    SELECT d.id, d.na_allowed, v.credit_unit, alike.id AS alike,
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
    JOIN (
        SELECT unnest(array_agg(d.id)) AS item_id, min(d.id) AS id
        FROM checklists_item d JOIN checklists_version v ON v.id = d.version_id
        GROUP BY d.version_id, d.weight_units,
                 CASE WHEN v.aggregate <> 'whole' THEN d.section_id END
    ) alike ON alike.item_id = d.id
    OFFSET bigint '0'
), heard AS (
    SELECT i.id, i.launch_id, i.item_id, i.key, i.progress, i.applies, i.blocker, i.has_fact,
           CASE WHEN i.lacks_evidence OR cardinality(i.evidence) = 0 THEN '-infinity'
                ELSE i.supported_until END AS bare_from,
           w.id AS word, coalesce(w.credit_units, 0) AS credit_units, w.answer, w.expires_at,
           i.basis = w.basis AND (cardinality(w.evidence) = 0 OR w.evidence <@ i.evidence)
               AS is_on_basis,
           CASE WHEN NOT w.broke_glass THEN 1 WHEN w.confirmed_at IS NULL THEN 0 ELSE 9 END
               AS voices
    FROM launches_launchitem i
    LEFT JOIN launches_signoff w
        ON w.item_id = i.id AND w.withdrawn_at IS NULL AND w.item_id BETWEEN %(low)s AND %(high)s
    WHERE i.id BETWEEN %(low)s AND %(high)s
      AND (%(only)s::bigint[] IS NULL OR i.launch_id = ANY (%(only)s::bigint[]))
    OFFSET bigint '0'
), choirs AS (
    SELECT item_id, coalesce(sum(voices) FILTER (WHERE counts), 0) AS voices,
           (array_agg(id ORDER BY counts DESC, credit_units DESC, at DESC, id DESC))[1] AS word,
           array_agg(ends_at ORDER BY ends_at DESC) FILTER (WHERE counts AND voices = 1) AS ends,
           max(ends_at) FILTER (WHERE counts AND voices > 1) AS all_end_at
    FROM (
        SELECT w.*, coalesce(w.expires_at, 'infinity') AS ends_at,
               CASE WHEN w.broke_glass THEN 9 ELSE 1 END AS voices,
               i.basis = w.basis AND w.evidence <@ i.evidence
                   AND (w.expires_at IS NULL OR %(now)s < w.expires_at)
                   AND (w.confirmed_at IS NOT NULL OR NOT w.broke_glass) AS counts
        FROM (
            SELECT item_id FROM launches_signoff
            WHERE withdrawn_at IS NULL AND item_id BETWEEN %(low)s AND %(high)s
            GROUP BY item_id HAVING count(*) > 1
        ) several
        JOIN launches_launchitem i
            ON i.id = several.item_id AND i.id BETWEEN %(low)s AND %(high)s
        JOIN launches_signoff w
            ON w.item_id = i.id AND w.withdrawn_at IS NULL
            AND w.item_id BETWEEN %(low)s AND %(high)s
    ) words
    GROUP BY item_id
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
    SELECT i.launch_id, i.item_id, i.key, i.progress, d.alike, i.blocker <> 'no' AS blocks,
           i.credit_units, ends.expires_at, ends.lacks_from, e.na_ends_at, e.waiver_ends_at,
           coalesce(%(now)s < e.waiver_ends_at, false) AS is_waived,
           CASE WHEN i.applies = 'no' THEN 'na_by_facet'
                WHEN e.na_confirmed AND d.na_allowed
                     AND (e.na_ends_at IS NULL OR %(now)s < e.na_ends_at) THEN 'na_confirmed'
                WHEN e.na_proposed AND d.na_allowed AND i.credit_units = 0 THEN 'na_proposed'
                WHEN i.credit_units = 0 THEN 'open'
                WHEN NOT i.is_on_basis THEN 'superseded'
                WHEN %(now)s >= ends.expires_at THEN 'expired'
                WHEN (d.needs_fact AND NOT i.has_fact) OR %(now)s >= ends.lacks_from
                     OR coalesce(c.voices, i.voices) < d.signatures THEN 'provisional'
                WHEN i.credit_units < d.credit_unit THEN 'partial'
                ELSE 'met' END AS state
    FROM heard i
    JOIN definitions d ON d.id = i.item_id
    LEFT JOIN choirs c ON c.item_id = i.id
    LEFT JOIN exempt e ON e.item_id = i.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.voices IS NULL OR d.signatures = 1 OR c.voices < d.signatures
                    THEN i.expires_at
                    ELSE least(i.expires_at,
                               nullif(greatest(c.ends[d.signatures], c.all_end_at), 'infinity'))
                    END AS expires_at,
               CASE WHEN d.needs_evidence OR i.answer = ANY (d.answers_needing_evidence)
                    THEN i.bare_from END AS lacks_from
    ) ends
    WHERE c.word IS NULL OR c.word = i.word
    OFFSET bigint '0'
)
"""

# One row per launch, or where sections decide one per section.
TALLIES = (
    STATES
    + """
, alike AS (
    SELECT launch_id, alike, state, credit_units, blocks, is_waived, count(*) AS number,
           min(expires_at) AS expires_at, min(lacks_from) AS lacks_from,
           min(na_ends_at) AS na_ends_at, min(waiver_ends_at) AS waiver_ends_at
    FROM states
    GROUP BY launch_id, alike, state, credit_units, blocks, is_waived
), standings AS (
    SELECT launch_id, state, alike.number, d.weight_units, v.credit_unit,
           CASE WHEN v.aggregate <> 'whole' THEN d.section_id END AS section_id,
           CASE WHEN d.weight_units = 0 OR state = 'na_by_facet' THEN NULL
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
    JOIN checklists_item d ON d.id = alike.alike
    JOIN checklists_version v ON v.id = d.version_id
    OFFSET bigint '0'
), tallies AS (
    SELECT launch_id, section_id,
           sum(number) AS seen,
           coalesce(sum(number) FILTER (WHERE credit IS NOT NULL), 0) AS counted,
           coalesce(sum(number) FILTER (WHERE credit IS NOT NULL AND state = 'met'), 0) AS checked,
           coalesce(sum(number) FILTER (WHERE credit = credit_unit), 0) AS complete,
           coalesce(sum((weight_units * credit)::numeric * number), 0) AS earned,
           coalesce(sum((weight_units * credit_unit)::numeric * number)
                        FILTER (WHERE credit IS NOT NULL), 0) AS total,
           coalesce(sum(number) FILTER (WHERE holds), 0) AS holds,
           min(changes_at) AS next_change
    FROM standings GROUP BY launch_id, section_id
)
SELECT * FROM tallies
"""
)

# One row per launch, from the tallies of one or several spans. Scores are compared as whole
# numbers: shares of two tallies differ by more than 1 in 10^80, or not at all.
JUDGED = f"""
wholes AS (
    SELECT t.launch_id, l.version_id, v.aggregate, s.position, t.earned, t.total,
           v.blockers = 'cap_verdict' AND sum(t.holds) OVER launch > 0 AS is_capped,
           sum(t.checked) OVER launch AS checked, sum(t.counted) OVER launch AS counted,
           sum(t.holds) OVER launch AS holds, size.items - sum(t.seen) OVER launch AS unseen,
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
    JOIN (SELECT version_id, count(*) AS items FROM checklists_item GROUP BY version_id) size
        ON size.version_id = l.version_id
    LEFT JOIN checklists_section s ON s.id = t.section_id
    WINDOW launch AS (PARTITION BY t.launch_id)
), deciding AS (
    SELECT DISTINCT ON (launch_id) *
    FROM wholes
    ORDER BY launch_id,
             CASE WHEN aggregate <> 'whole' THEN div(numerator * 1e80, denominator) END, position
), {plain.BANDS}
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


class Span(NamedTuple):
    """Launches by their ids, or `only` some, and between which ids their items lie; or none."""

    first: int = 0
    last: int = -1
    low: int = 0
    high: int = -1
    only: list[int] | None = None


def _of_span(sql: str, number: int) -> str:
    """The statement for one of several spans, with parameters of its own."""
    for name in Span._fields:
        sql = sql.replace(f"%({name})s", f"%({name}_{number})s")
    return f"({sql})"


def _of_spans(sql: str) -> str:
    """The rows of as many spans as are read at once."""
    return f"SELECT * FROM ({' UNION ALL '.join(_of_span(sql, n) for n in range(SPANS))}) spans"


PLAINLY = _of_spans(plain.OTHERS)
# A launch has as many items as its checklist. Of which some lie elsewhere is not compared: it
# comes with what is unseen, or with nothing.
DIFFERENCES = f"""
WITH tallies AS (
    {_of_spans(TALLIES)}
), found AS (
    WITH {JUDGED}
)
SELECT found.id, found.verdict, found.outcome, found.earned, found.total, found.checked,
       found.counted, found.holds, found.next_change,
       l.verdict, l.outcome, l.earned, l.total, l.checked, l.counted, l.holds, l.next_change,
       found.unseen
FROM launches_launch l
LEFT JOIN found ON found.id = l.id
WHERE l.id BETWEEN %(first)s AND %(last)s
  AND (%(only)s::bigint[] IS NULL OR l.id = ANY (%(only)s::bigint[]))
  AND (l.verdict, l.outcome, l.earned, l.total, l.checked, l.counted, l.holds, l.next_change, 0)
    IS DISTINCT FROM (found.verdict, found.outcome, found.earned, found.total, found.checked,
                      found.counted, found.holds, found.next_change, found.unseen)
ORDER BY l.id
"""

# Compiling takes longer than it saves, and a span's items are to be joined as they are read and
# grouped without a sort, whatever PostgreSQL expects of them. A worker reads a whole span: were
# several to read one, the spans would wait for each other.
SETTINGS = """
SET LOCAL jit = off; SET LOCAL work_mem = '32MB';
SET LOCAL enable_sort = off; SET LOCAL enable_nestloop = off; SET LOCAL random_page_cost = 1.1;
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = '1TB'; SET LOCAL min_parallel_index_scan_size = '1TB'
"""
# As few statements as it takes, of spans alike in size. Where the items of one begin is read off
# its first launch, and there the span before it ends: so each item there is lies in one of them.
ALL_SPANS = """
WITH launches AS (
    SELECT min(id) AS lowest, max(id) AS highest, max(id) - min(id) + 1.0 AS number
    FROM launches_launch
), sizes AS (
    SELECT lowest, highest,
           ceil(number / (ceil(number / %(size)s / %(spans)s) * %(spans)s))::bigint AS size
    FROM launches
), begun AS (
    SELECT first, first + size - 1 AS last, CASE WHEN first > lowest THEN (
        SELECT min(id) FROM launches_launchitem WHERE launch_id = (
            SELECT min(id) FROM launches_launch WHERE id BETWEEN first AND first + size - 1
        )
    ) ELSE 0 END AS low
    FROM sizes, generate_series(lowest, highest, size) first
), lows AS (
    SELECT first, last, min(low) OVER (ORDER BY first DESC) AS low FROM begun
)
SELECT first, last, coalesce(low, %(most)s) AS low,
       coalesce(lead(low) OVER (ORDER BY first) - 1, %(most)s) AS high
FROM lows ORDER BY first
"""
ONE_SPAN = """
SELECT coalesce(min(id + 0), 0) AS low, coalesce(max(id + 0), -1) AS high
FROM launches_launchitem WHERE launch_id BETWEEN %(first)s AND %(last)s
"""


UNSEEN = 17


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
    """Every launch whose stored verdict differs from a recomputation, some spans at a time.

    Launches that are judged plainly as they are stored are not asked of twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALL_SPANS, {"size": SPAN, "spans": SPANS, "most": MOST})
        spans = [Span(*row) for row in cursor.fetchall()]
    parts = [spans[start : start + SPANS] for start in range(0, len(spans), SPANS)]
    others = sorted({pk for part in parts for (pk,) in _asked(PLAINLY, part, now)})
    for part in parts:
        only = [pk for pk in others if part[0].first <= pk <= part[-1].last]
        for row in _differences([one._replace(only=only) for one in part], now) if only else ():
            yield Difference(row[0], Found(*row[1:9]), Found(*row[9:UNSEEN]))


def _differences(spans: list[Span], now: datetime) -> list[tuple]:
    """Where an item lies elsewhere than the first and last launch told, all are looked up.

    What is unseen even then came meanwhile, and is left to the next check.
    """
    rows = _asked(DIFFERENCES, spans, now)
    if any(row[UNSEEN] != 0 for row in rows):
        looked_up = [span(one.first, one.last)._replace(only=one.only) for one in spans]
        rows = _asked(DIFFERENCES, looked_up, now)
    return [row for row in rows if row[UNSEEN] == 0]


def _asked(sql: str, spans: list[Span], now: datetime) -> list[tuple]:
    """A statement about some spans, at most as many as are read at once."""
    about: dict[str, Any] = spans[0]._asdict() | {"last": spans[-1].last, "now": now}
    for number in range(SPANS):
        one = spans[number] if number < len(spans) else Span()
        about |= {f"{name}_{number}": value for name, value in one._asdict().items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        cursor.execute(sql, about)
        return cursor.fetchall()
