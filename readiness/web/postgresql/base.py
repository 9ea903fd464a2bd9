"""PostgreSQL as Django knows it, but that statements may wait for company.

What `prepared` asks within a transaction may wait: it leaves before anything else does, at the
latest with the COMMIT. Who rolls back has never asked.
"""

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction

from readiness.web.postgresql.journeys import Asked, travel


class DatabaseWrapper(base.DatabaseWrapper):
    """`waiting` are the statements that were asked and have not left yet, in their order.

    Outside of a transaction they leave at once, unless it `gathers` them.
    """

    def __init__(self, *settings: Any, **more: Any) -> None:
        super().__init__(*settings, **more)
        self.waiting: list[Asked] = []
        self.gathers = False

    def send(self, *, ending: bytes = b"") -> None:
        """Send all that waits, in one journey, and `ending` behind it."""
        waiting, self.waiting = self.waiting, []
        with self.wrap_database_errors:
            travel(self.connection, waiting, ending=ending)

    def get_connection_params(self) -> dict[str, Any]:
        """Nothing, once there is a pool: Django puts them together for each that it gives."""
        pools: dict[str, Any] = self._connection_pools  # type: ignore[attr-defined]
        return {} if pools.get(self.alias) else super().get_connection_params()

    def create_cursor(self, name: str | None = None) -> Any:
        if self.waiting:
            self.send()
        return super().create_cursor(name)

    def _commit(self) -> None:
        if self.connection is not None:
            with debug_transaction(self, "COMMIT"):
                self.send(ending=b"COMMIT")

    def _rollback(self) -> None:
        self.waiting.clear()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self.waiting.clear()  # all that was asked before the savepoint left with it
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def _close(self) -> None:
        self.waiting.clear()
        super()._close()  # type: ignore[misc]
