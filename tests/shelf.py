"""Published checklists at hand: written into the database of a test as publishing wrote them.

Most tests need a checklist and none of them how it came about. What the service wrote once is
kept, and written again with the same ids: that takes a tenth of the work, and what the product
remembers of a version by its id is as true as in one long life.
"""

import json
import pickle
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Model, QuerySet
from psycopg import sql

from readiness.audit.models import Event, Subject
from readiness.checklists.models import (
    Answer,
    Band,
    Checklist,
    Duty,
    Facet,
    Item,
    Section,
    Status,
    Version,
)

PARTS = [Facet, Duty, Answer, Band, Section, Item]
READ = "SELECT coalesce(json_agg(t ORDER BY t.id), '[]')::text FROM ({}) t"
WRITE = sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, {2});")
PUBLISH = sql.SQL("UPDATE {} SET status = {}, published_at = {} WHERE id = {};")


@dataclass(frozen=True)
class Kept:
    """A version, and the statements that write it."""

    key: str
    version: bytes
    writing: str


SHELF: dict[str, list[Kept]] = defaultdict(list)


def taken(kind: str, publish: Callable[[], Version]) -> Version:
    """A version of this kind that is not in the database yet; there may be several of a kind."""
    there = set(Checklist.objects.values_list("key", flat=True))
    for kept in SHELF[kind]:
        if kept.key not in there:
            with connection.cursor() as cursor:
                cursor.execute(kept.writing)
            return pickle.loads(kept.version)
    version = publish()
    SHELF[kind].append(Kept(version.checklist.key, pickle.dumps(version), writing(version)))
    return version


def writing(version: Version) -> str:
    """The statements that write a version and whatever else publishing it wrote."""
    (row,) = read(Version.objects.filter(pk=version.pk))
    draft = row | {"status": Status.DRAFT.value, "published_at": None}
    home = sql.Identifier(Version._meta.db_table)
    statements = [
        insert(Subject, read(Subject.objects.filter(checklist=version.checklist))),
        insert(Checklist, read(Checklist.objects.filter(pk=version.checklist_id))),
        insert(Version, [draft]),
        *(insert(part, read(part.objects.filter(version=version))) for part in PARTS),
        PUBLISH.format(home, row["status"], row["published_at"], row["id"]),
        insert(Event, read(Event.objects.filter(subject__checklist=version.checklist))),
    ]
    with connection.cursor() as cursor:
        return sql.SQL("\n").join(statements).as_string(cursor.cursor)


def read(rows: QuerySet) -> list[dict]:
    found, said = rows.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(READ.format(found), said)
        return json.loads(cursor.fetchone()[0])


def insert(model: type[Model], rows: list[dict]) -> sql.Composed:
    """In which transaction it was written is for the database to say."""
    columns = [
        sql.Identifier(field.column)
        for field in model._meta.concrete_fields
        if field.column != "transaction"
    ]
    table = sql.Identifier(model._meta.db_table)
    return WRITE.format(table, sql.SQL(", ").join(columns), json.dumps(rows))
