"""Statements that PostgreSQL plans once per connection, for the hottest paths.

Django binds values in its own process, so that PostgreSQL plans each statement anew; here a
statement is a constant text, and its values travel beside it. It is handed to libpq as it is:
what a cursor does around that costs twice as much as the statement. Name columns: a prepared
`SELECT *` fails once a migration adds one.

Within a transaction what is asked may wait for what is asked next, and leave together with it;
outside of one, what is asked `together`.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any, Generic, Self, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from django.db.models import JSONField, Model
from django.db.models.base import ModelState
from psycopg import Connection, Cursor
from psycopg.abc import Transformer as Adapting
from psycopg.adapt import AdaptersMap, PyFormat, Transformer

from readiness.web.postgresql.journeys import Answered, Asked, checked

Parameters = Sequence[Any] | Mapping[str, Any]
Read = TypeVar("Read", bound=Model)
Told = TypeVar("Told")
Key = tuple[str, tuple[int, ...] | None]

KEPT = 200
NUMBERS = count(1)
PLACE = re.compile(r"%(?:\((\w+)\)s|s|%)")


@dataclass(slots=True)
class Speaking:
    """How values travel over a connection, with what psycopg looked up for their types.

    It looks them up anew for each cursor. This outlives statements, so it must not hold the
    connection, which would outlive whoever opened it.
    """

    adapters: AdaptersMap
    connection: None = None


@dataclass(slots=True)
class Known:
    """What is known of a connection: the names of what it prepared, and how to speak to it."""

    adapting: Adapting
    names: OrderedDict[Key, bytes] = field(default_factory=OrderedDict)


PREPARED: WeakKeyDictionary[Connection, Known] = WeakKeyDictionary()


class Answer(Generic[Told]):
    """What somebody asked: told once it is read, or once something asked later was answered."""

    def __init__(self, database: Any, told: Callable[[list[tuple]], Told]) -> None:
        self._database, self._told = database, told
        self._is_there = False

    def hear(self, found: list[tuple]) -> None:
        self._value, self._is_there = self._told(found), True

    def read(self) -> Told:
        if not self._is_there:
            self._database.send()
        return self._value


def ask(sql: str, parameters: Parameters, told: Callable[[list[tuple]], Told]) -> Answer[Told]:
    """Ask, with a reader of the rows: it leaves when an answer is read, or with the COMMIT.

    Statements are carried out in the order in which they were asked. Outside of a transaction
    only what is asked `together` waits.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    answer = Answer(database, told)
    if database.queries_logged or database.execute_wrappers:
        answer.hear(_watched(database, sql, parameters))
        return answer
    with database.wrap_database_errors:
        database.validate_no_broken_transaction()
        database.waiting.append(_asked(database.connection, sql, parameters, answer.hear))
    if not (database.in_atomic_block or database.gathers):
        database.send()
    return answer


@contextmanager
def together() -> Iterator[None]:
    """What is asked within leaves in one journey, without being a transaction.

    Each statement finds what is there when its turn comes: an earlier one nothing newer.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.gathers = True
    try:
        yield
    except BaseException:
        if not database.in_atomic_block:
            database.waiting.clear()
        raise
    finally:
        database.gathers = False
    if database.waiting and not database.in_atomic_block:
        database.send()


def rows(sql: str, parameters: Parameters) -> list[tuple]:
    """All rows of the answer; none of what answers nothing."""
    return ask(sql, parameters, list).read()


def row(sql: str, parameters: Parameters) -> tuple | None:
    """The first row of the answer, if there is one."""
    return ask(sql, parameters, first).read()


def run(sql: str, parameters: Parameters) -> None:
    """Carry out what answers nothing; a fault is raised where it leaves."""
    ask(sql, parameters, list)


def numbers(of: Iterable[int]) -> str:
    """An array of numbers as PostgreSQL writes it: psycopg looks at each before it does."""
    return f"{{{','.join(map(str, of))}}}"


def first(found: list[tuple]) -> tuple | None:
    return found[0] if found else None


def columns_of(model: type[Model], *, without: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of a model's fields, as `instance` takes them."""
    left_out = {*without}
    return tuple(
        field.attname for field in model._meta.concrete_fields if field.name not in left_out
    )


def select(model: type[Model], names: Iterable[str]) -> str:
    """The head of a statement that reads these columns of a table."""
    return f"SELECT {', '.join(names)} FROM {model._meta.db_table}"  # noqa: S608


def instance(model: type[Read], names: tuple[str, ...], values: Iterable[Any]) -> Read:
    """A row as Django would have read it; fields that are not named are read when asked for.

    It is put together as unpickling does it: Django sets field by field, and tells who listens
    to the making of rows. Nobody does.
    """
    said = dict(zip(names, values, strict=True))
    for name in _json_names(model, names):
        said[name] = json.loads(said[name])
    row = model.__new__(model)
    row.__dict__ = said
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


@lru_cache(maxsize=64)
def _json_names(model: type[Model], names: tuple[str, ...]) -> list[str]:
    """Which of these columns are JSON: Django has it read as text."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [name for name in names if isinstance(fields[name], JSONField)]


def _asked(connection: Connection, sql: str, parameters: Parameters, answered: Answered) -> Asked:
    """The statement as libpq takes it."""
    text, names = _numbered(sql)
    values = [parameters[name] for name in names] if names else parameters  # type: ignore[call-overload]
    known = PREPARED.get(connection)
    if known is None:
        known = PREPARED[connection] = Known(Transformer(Speaking(connection.adapters)))
    adapting = known.adapting
    dumped = adapting.dump_sequence(values, [PyFormat.AUTO] * len(values))  # type: ignore[arg-type]
    name = _prepared(connection, known.names, text, (sql, adapting.types))
    return Asked(name, dumped, adapting.formats, adapting, answered)


@lru_cache(maxsize=4 * KEPT)
def _numbered(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """A statement with its places as PostgreSQL numbers them, and their names in this order."""
    names: dict[str, int] = {}
    places = iter(range(1, len(sql)))

    def number(place: re.Match) -> str:
        if place[0] == "%%":
            return "%"
        return f"${names.setdefault(place[1], len(names) + 1) if place[1] else next(places)}"

    text = PLACE.sub(number, sql)
    return text.encode(), tuple(names)


def _prepared(
    connection: Connection, kept: OrderedDict[Key, bytes], text: bytes, key: Key
) -> bytes:
    """The name under which the connection keeps a statement: the least used makes way."""
    if name := kept.get(key):
        kept.move_to_end(key)
        return name
    if len(kept) == KEPT:
        _, least_used = kept.popitem(last=False)
        checked(connection.pgconn.exec_(b"DEALLOCATE " + least_used))
    name = b"readiness_%d" % next(NUMBERS)
    checked(connection.pgconn.prepare(name, text, key[1]))
    kept[key] = name
    return name


def _watched(database: Any, sql: str, parameters: Parameters) -> list[tuple]:
    """The same through Django's cursor, for who counts or logs statements."""
    if database.waiting:
        database.send()
    cursor = Unprepared(database.connection)
    asking = Logged if database.queries_logged else CursorWrapper
    asking(cursor, database).execute(sql, parameters)
    return cursor.fetchall() if cursor.description else []


class Unprepared(Cursor):
    """Prepares nothing by itself: psycopg forgets all that is prepared when it rolls back."""

    def execute(self, *asked: Any, **said: Any) -> Self:
        return super().execute(*asked, **said, prepare=False)


class Logged(CursorDebugWrapper):
    """Logs a statement as it was asked: psycopg does not tell what it prepared."""

    def debug_sql(
        self,
        sql: str | None = None,
        params: Parameters | None = None,
        use_last_executed_query: bool = False,  # noqa: FBT001
        many: bool = False,  # noqa: FBT001
    ) -> AbstractContextManager[None]:
        return super().debug_sql(sql, params, many=many)
