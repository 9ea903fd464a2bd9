"""What lists ask the database, and along which index it answers."""

import re

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.lookups import IRegex

from readiness.accounts.models import Role
from readiness.launches.models import Launch
from readiness.launches.models.launches import SEARCHED
from readiness.launches.queries.asking import Filters
from readiness.launches.queries.dashboard import dashboard
from readiness.launches.queries.listing import start_of_day
from tests import make

pytestmark = pytest.mark.django_db


def plans(**asked):
    """How PostgreSQL answers the board of somebody who reads everything, a plan per statement.

    Its habits are off that depend on how many rows there are.
    """
    person, found = make.everywhere(make.user(), Role.VIEWER), []
    make.launch(items=1)

    def explain(execute, sql, values, *rest):
        if not sql.startswith(("EXPLAIN", "SET")):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
                other = "indexscan" if asked else "bitmapscan"
                cursor.execute(f"SET LOCAL enable_{other} = off")
                cursor.execute(f"EXPLAIN {sql}", values)
                found.append("\n".join(line for (line,) in cursor))
        return execute(sql, values, *rest)

    with connection.execute_wrapper(explain):
        today = start_of_day(make.NOW, person.tzinfo)
        dashboard(person, Filters(today=today, **asked), now=make.NOW)
    return found


def test_running_launches_are_counted_in_their_index_alone():
    _, listing = plans()

    assert "Index Only Scan using running_by_team_and_verdict" in listing


def test_what_waits_for_who_leads_is_found_among_what_they_lead_at_that_time():
    _, asked = plans()

    [condition] = re.findall(r"Scan using launch_by_lead .*\n *Index Cond: (.*)", asked)
    assert re.findall(r"\((\w+) [<>=]+ ", condition) == ["lead_id", "launch_at", "launch_at"]


def test_lines_and_tails_are_read_in_the_index_of_snapshots_alone():
    _, asked = plans()

    found = re.findall(r"Index \w* ?Scan using (\w*snapshot\w*)", asked)
    assert found == ["snapshot_scores_by_launch"] * 3
    assert asked.count("Index Only Scan using snapshot_scores_by_launch") == 3


def test_a_search_walks_through_its_index_once_and_then_reads_what_it_found_there():
    _, listing, *_ = plans(words="two tower")

    assert listing.count("Bitmap Index Scan on launch_by_name_and_model") == 1
    [condition] = re.findall(r"on launch_by_name_and_model.*\n *Index Cond: (.*)", listing)
    assert condition.count("~*") == 2
    assert re.search(r"CTE launches_launch\n.*\n *One-Time Filter: .* <= 1000\)", listing)
    assert "Index Only Scan using running_by_team_and_verdict" not in listing


def test_all_words_of_a_search_are_found_in_one_walk_through_their_index():
    words = [IRegex(SEARCHED, Value(word)) for word in ("two", "tower")]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Launch.objects.filter(*words).explain()

    [condition] = re.findall(r"on launch_by_name_and_model.*\n *Index Cond: (.*)", plan)
    assert condition.count("~*") == 2
