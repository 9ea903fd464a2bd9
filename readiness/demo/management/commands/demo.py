"""Load a company worth looking at, once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from readiness import clock
from readiness.demo import company, story


class Command(BaseCommand):
    help = "Load demo people and launches, with dates relative to today. Twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if story.is_told():
            self.stdout.write("The demo is here already.")
            return
        with transaction.atomic():
            launches = story.tell(clock.now())
        self.stdout.write(f"{len(company.PEOPLE)} people and {launches} launches are here.")
