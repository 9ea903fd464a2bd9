"""What a request does to the database, as it does it and afterwards."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

# Who is signed in is no business of the product: sessions may be written at any time.
SESSIONS = "accounts_session"
WRITES = re.compile(r"\b(INSERT INTO|DELETE FROM|UPDATE) +\"?(\w+)", re.IGNORECASE)
TABLES = """
SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> %s
   AND has_table_privilege(c.oid, 'SELECT')
 ORDER BY c.relname
"""
PRINT = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {0} t"


@contextmanager
def written() -> Iterator[list[str]]:
    """The tables that the statements inside name as written to."""
    found: list[str] = []

    def listen(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        tables = [table for _, table in WRITES.findall(str(sql)) if table != SESSIONS]
        found.extend(table for table in tables if table.lower() not in {"skip", "nowait", "of"})
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield found


def contents() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a print of all that stands in them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [SESSIONS])
        prints = [PRINT.format(table) for (table,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(prints))
        return {table: (count, hashed) for table, count, hashed in cursor.fetchall()}
