"""Load checklists from files, or those that come with the product."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from readiness import clock
from readiness.checklists import services
from readiness.checklists.document.lines import MOST_BYTES
from readiness.checklists.document.problems import Unreadable
from readiness.checklists.document.reading import Document, read
from readiness.checklists.document.shape import LIBRARY
from readiness.web.refusal import Refused

DEFAULT = "production-ml-safety-nets"


class Command(BaseCommand):
    help = "Publish checklists from YAML files. What is published already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument(
            "--library", action="store_true", help="load the checklists that come with Readiness"
        )

    def handle(self, *, files: list[Path], library: bool, **options: object) -> None:
        files = [*files, *(sorted(LIBRARY.glob("*.yaml"), key=place) if library else [])]
        if not files:
            raise CommandError("Name a file, or say --library.")
        documents = [(file, document_in(file)) for file in files]
        for file, document in documents:
            try:
                version, is_new = services.publish(document, now=clock.now())
            except Refused as refused:
                raise CommandError(f"{file.name}: {refused}") from refused
            said = "is published" if is_new else "was published already; nothing changed"
            self.stdout.write(f"{version.title} {version.number} {said}.")


def place(file: Path) -> tuple[bool, str]:
    """The default checklist comes first, here and wherever checklists are listed."""
    return file.stem != DEFAULT, file.stem


def document_in(file: Path) -> Document:
    """Read a checklist file; never more of it than one may hold."""
    try:
        with file.open("rb") as opened:
            return read(opened.read(MOST_BYTES + 1))
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.") from error
    except Unreadable as unreadable:
        raise CommandError(f"{file.name} is no checklist.\n{unreadable}") from unreadable
