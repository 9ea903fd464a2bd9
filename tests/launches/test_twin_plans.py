"""How PostgreSQL goes about checking the verdicts of many launches."""

import pytest
from django.db import connection

from readiness.launches.queries import twin
from tests import make
from tests.launches.test_twin import parameters

pytestmark = pytest.mark.django_db
CHEAP = """
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL min_parallel_index_scan_size = 0
"""


def test_workers_read_whole_spans_and_none_shares_one():
    make.launch(items=5)
    about = parameters()

    with connection.cursor() as cursor:
        cursor.execute(CHEAP + ";" + twin.SETTINGS)
        cursor.execute(f"EXPLAIN {twin.DIFFERENCES}", about)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Parallel Append" in plan
    assert plan.count("Gather") == 1


def test_a_span_reads_its_own_items_and_words_and_no_others():
    make.launch(items=5, signed_off=3)
    about = parameters()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off;" + twin.SETTINGS)
        cursor.execute(f"EXPLAIN {twin.DIFFERENCES}", about)
        plan = [row[0] for row in cursor.fetchall()]

    tables = (" on launches_launchitem ", " on launches_signoff ")
    places = [n for n, line in enumerate(plan) if any(table in line for table in tables)]
    unbounded = [plan[n] for n in places if ">= 0" not in plan[n + 1]]
    assert len(places) == 5 * twin.SPANS
    assert unbounded == []
