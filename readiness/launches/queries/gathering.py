"""Launches that have the words people look for, gathered before a list is made of them.

How rare a word is decides on the way through the launches, so that PostgreSQL would have to plan
a list with words in it each time, which takes longer than to answer it. Most words are rare, or
together they are. Then all launches that have them are few: they are found in one walk through
the index of trigrams, and the list is made of those, by a plan that is kept.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

from readiness.launches.models import Launch
from readiness.launches.models.launches import LaunchQuerySet
from readiness.launches.queries.launch_rows import Columns
from readiness.web.prepared import columns_of
from readiness.web.statements import Statement

MOST = 1_000
TOO_MANY = "too many"
TRIGRAM = re.compile(r"[^\W_]{3}")
COLUMNS = columns_of(Launch, without=["purpose"])
# What follows in a statement reads these in the place of all launches, under their name, or none
# where they are too many: nobody reads what would be made of those. What is asked for itself in
# here, and in what stands before it, are all launches still.
GATHERED = """
gathered AS MATERIALIZED ({}),
launches_launch AS MATERIALIZED (
    SELECT * FROM gathered WHERE (SELECT count(*) FROM gathered) <= {}
)
"""
MARK = f"""
UNION ALL (
    SELECT '{TOO_MANY}', {", ".join(["NULL"] * len(Columns._fields))}
    FROM gathered OFFSET {{}} LIMIT 1
)
"""  # noqa: S608


def is_quick(words: Iterable[str]) -> bool:
    """Whether the index can tell what has them: shorter ones it cannot, and gives everything."""
    return any(map(TRIGRAM.search, words))


def mark() -> Statement:
    """A row that says that these are not all."""
    return Statement(MARK.format(MOST), (), is_kept=True)


def gathered(having: LaunchQuerySet, stand_ins: Collection[Any]) -> Statement:
    """The launches, whatever anybody may see of them, and one more than those that are few."""
    found = Statement.of(having.values_list(*COLUMNS)[: MOST + 1], stand_ins)
    return Statement.around(GATHERED.format("{}", MOST), found)
