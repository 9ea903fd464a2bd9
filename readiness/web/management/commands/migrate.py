"""Migrate beside the running product: never keep others waiting behind a lock."""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import LockNotAvailable

from readiness.web.migrating import note_quickly

PATIENCE = "300ms"
TRIES, PAUSE = 200, 0.5


class Command(migrate.Command):
    """Django's, with a short wait for each lock, and another try.

    A change of a table waits for those who read it, and everybody else then waits for the
    change. So it gives up soon, lets the others go first, and tries again.
    """

    database: str

    def handle(self, *args: Any, **options: Any) -> None:
        self.database = options["database"]
        for migration in MigrationLoader(None).disk_migrations.values():
            note_quickly(migration)
        for left in reversed(range(TRIES)):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(
                        "A table stayed in use. What was migrated before stands: run it again."
                    ) from error
                connections[self.database].close()
                self.stdout.write("A table is in use: trying again.")
                time.sleep(PAUSE)
            else:
                return

    def migration_progress_callback(
        self,
        action: str,
        migration: Migration | None = None,
        fake: bool = False,  # noqa: FBT001
    ) -> None:
        """What runs in a transaction waits a moment for a lock; an index made beside the
        product blocks nobody, and has to wait for whoever is there already."""
        super().migration_progress_callback(action, migration, fake)
        if action in ("apply_start", "unapply_start") and migration is not None:
            with connections[self.database].cursor() as cursor:
                patience = PATIENCE if migration.atomic else "0"
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [patience])
