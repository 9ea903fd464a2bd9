"""Many launches of 40 items, fast, for measuring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.checklists.models import Version
from readiness.demo import scale
from readiness.demo.story import CHECKLIST


class Command(BaseCommand):
    help = "Make N launches on the shipped checklist, with items, sign-offs and verdicts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--launches", type=int, default=1_000)

    def handle(self, *args: Any, **options: Any) -> None:
        version = (
            Version.objects.filter(checklist__key=CHECKLIST).published().newest_first().first()
        )
        if version is None:
            raise CommandError("Load the checklists first: manage.py load_checklist --library")
        lowest, highest = scale.seed(options["launches"], version=version.pk, now=clock.now())
        self.stdout.write(f"{options['launches']} launches are here: {lowest} to {highest}.")
