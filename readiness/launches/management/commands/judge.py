"""Judge what time has overtaken; with --check, hold stored verdicts against a recomputation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from readiness import clock
from readiness.launches.queries import twin
from readiness.launches.services import judging


class Command(BaseCommand):
    help = "Judge what time has overtaken. --check writes nothing and prints differences."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; exit 1 on any")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        if not options["check"]:
            self.stdout.write(f"{judging.judge_due(now=now)} launches judged.")
            return
        count = 0
        for difference in twin.differences(now=now):
            count += 1
            self.stdout.write(f"Launch {difference.launch}:")
            for name, stored, found in zip(
                twin.Found._fields, difference.stored, difference.found, strict=True
            ):
                if stored != found:
                    self.stdout.write(f"  {name} is {stored}, should be {found}")
        if count:
            raise CommandError(f"{count} stored verdicts differ from a recomputation.")
        self.stdout.write("Every stored verdict equals its recomputation.")
