"""Copy the database to a file, with the heads of all chains beside it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from readiness.audit import queries
from readiness.embedded.dumps import dump
from readiness.embedded.processes import Trouble


class Command(BaseCommand):
    help = (
        "Write everything to FILE, and the heads of all chains to FILE.heads: keep that one "
        "elsewhere, and `restore` finds out whether the other was changed. Runs beside the "
        "product; needs READINESS_OWNER_DATABASE_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if file.exists():
            raise CommandError(f"{file} is there already: nothing was written.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        heads = [*queries.heads()]  # before the copy, so that it holds at least these
        try:
            dump(settings.ENVIRONMENT.owner_database_url, file)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        noted = file.with_name(f"{file.name}.heads")
        noted.write_text("".join("{}:{}:{}\n".format(*head) for head in heads))
        events = sum(sequence for _, sequence, _ in heads)
        self.stdout.write(
            f"{file}: {file.stat().st_size / 1e6:.1f} MB, {events} events in {len(heads)} chains."
        )
        self.stdout.write(f"{noted}: keep it elsewhere.")
