"""Load a company worth looking at, once."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from readiness import clock
from readiness.demo import company, story

LOG_INS = f"""\
Sign in with one of these, password {company.PASSWORD}
  priya@{company.DOMAIN}    owns items in two launches
  hannah@{company.DOMAIN}   leads ads ranking
  amara@{company.DOMAIN}    approves every launch
  ravi@{company.DOMAIN}     reads everything, as an auditor
  olu@{company.DOMAIN}      administers, and sees the outbox of mails\
"""


class Command(BaseCommand):
    help = "Load demo people and launches, with dates relative to today. Twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not story.is_told():
            call_command("load_checklist", library=True, stdout=self.stderr)
            with transaction.atomic():
                story.tell(clock.now())
        self.stdout.write(LOG_INS)
