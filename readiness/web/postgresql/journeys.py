"""Statements that travel to PostgreSQL together: a journey costs more than a small statement.

They are carried out one after another, each on what it finds then, as if they had been sent
one by one; after one that fails none is. This is libpq's pipeline mode, by psycopg's public
parts, without psycopg's own pipeline: its bookkeeping costs as much as the journeys it saves.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from select import POLLIN, POLLOUT, poll
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.abc import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

BEGIN, COMMIT = b"BEGIN", b"COMMIT"
Answered = Callable[[list[tuple]], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A prepared statement by its name, its values as they travel, and who wants the answer."""

    name: bytes
    values: Sequence[Any]
    formats: Sequence[Any] | None
    adapting: Transformer
    answered: Answered


def travel(connection: Connection, asked: Sequence[Asked], *, ending: bytes = b"") -> None:
    """Carry these statements out in one journey, and answer who asked.

    A transaction that is due begins with them. Raises what the first that fails raises.
    """
    server = connection.pgconn
    status = server.transaction_status
    begins = status == TransactionStatus.IDLE and not connection.autocommit and bool(asked)
    if not asked:
        if ending and status != TransactionStatus.IDLE:
            _ended(server.exec_(ending), ending)
    elif begins or ending or len(asked) > 1:
        _together(server, asked, BEGIN if begins else b"", ending)
    else:
        _answer(asked[0], _alone(server, asked[0]))


def checked(result: PGresult) -> PGresult:
    """The result, if it is a good one."""
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise error_from_result(result)
    return result


def _alone(server: PGconn, one: Asked) -> PGresult:
    return server.exec_prepared(one.name, one.values, one.formats)


def _together(server: PGconn, asked: Sequence[Asked], beginning: bytes, ending: bytes) -> None:
    results = _results(server, asked, beginning, ending)
    if beginning:
        checked(next(results))
    for one in asked:
        _answer(one, next(results))
    if ending:
        _ended(next(results), ending)


def _results(
    server: PGconn, asked: Sequence[Asked], beginning: bytes, ending: bytes
) -> Iterator[PGresult]:
    """Send all, wait for all.

    A connection that is left in between is closed: who used it next would be answered what was
    asked here.
    """
    is_whole = False
    try:
        server.enter_pipeline_mode()
        if beginning:
            server.send_query_params(beginning, None)
        for one in asked:
            server.send_query_prepared(one.name, one.values, one.formats)
        if ending:
            server.send_query_params(ending, None)
        server.pipeline_sync()
        results = _received(server)
        server.exit_pipeline_mode()
        is_whole = True
    finally:
        if not is_whole:
            server.finish()
    return iter(results)


def _received(server: PGconn) -> list[PGresult]:
    """The results, without what libpq puts between them and behind them."""
    door = poll()
    door.register(server.socket, POLLIN | POLLOUT)
    while server.flush():
        door.poll()
        server.consume_input()
    door.modify(server.socket, POLLIN)
    found: list[PGresult] = []
    is_between = False
    while True:
        while server.is_busy():
            door.poll()  # whoever else has work goes on meanwhile
            server.consume_input()
        result = server.get_result()
        if result is None:
            if is_between:
                raise OperationalError("PostgreSQL hung up.")
        elif result.status == ExecStatus.PIPELINE_SYNC:
            return found
        else:
            found.append(result)
        is_between = result is None


def _answer(one: Asked, result: PGresult) -> None:
    adapting = one.adapting
    adapting.set_pgresult(checked(result))
    one.answered(adapting.load_rows(0, result.ntuples, tuple))


def _ended(result: PGresult, ending: bytes) -> None:
    """Fail unless the transaction ended as it was told: PostgreSQL rolls back a broken one."""
    if checked(result).command_status != ending:
        raise OperationalError(f"PostgreSQL did not {ending.decode()}.")
