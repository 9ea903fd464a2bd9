"""Fill an empty database from a backup, and prove that it is what was backed up."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from readiness.embedded.dumps import load
from readiness.embedded.processes import Trouble

TABLES = """
SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
"""


class Command(BaseCommand):
    help = (
        "Fill an empty database from FILE, bring it up to this release, and check it: every "
        "verdict against a recomputation, every chain of events, with FILE.heads (or "
        "--heads-file) also against its ends as noted. Exit 1 if anything differs."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--heads-file", type=Path, help="heads noted at the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        heads: Path | None = options["heads_file"]
        beside = file.with_name(f"{file.name}.heads")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if heads is None and beside.is_file():
            heads = beside
        with connections["owner"].cursor() as cursor:
            cursor.execute(TABLES)
            if cursor.fetchone()[0]:
                raise CommandError("This database has tables. Restore into an empty one.")
        connections["owner"].close()
        try:
            load(settings.ENVIRONMENT.owner_database_url, file)
        except Trouble as trouble:
            raise CommandError(f"Nothing was restored. {trouble}") from trouble
        call_command("migrate", database="owner", verbosity=0, stdout=self.stdout)
        call_command("judge", "--check", stdout=self.stdout)
        said = ["--heads-file", str(heads)] if heads else []
        call_command("audit", "verify", *said, stdout=self.stdout)
        if not said:
            self.stdout.write("No heads were noted: a tail cut off would not be seen.")
        self.stdout.write(f"{file} is restored.")
