"""What can be done from a mail, by whom it was written to: done, not mine, later."""

from datetime import date, datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.launches.models import LaunchItem
from readiness.launches.models.words import Via
from readiness.launches.services import items
from readiness.launches.services.evidence import add_evidence
from readiness.launches.services.signoffs import sign_off
from readiness.notifications.queries.passes import Pass
from readiness.notifications.services.snoozing import snooze_item, soonest
from readiness.web.refusal import Refused

LEADS = "It is yours as its lead: hand it to somebody on its page."


@transaction.atomic
def mark_done(found: Pass, *, url: str, version: int, now: datetime) -> None:
    """Check the item, with a link as evidence if there is one. Raises what the services raise."""
    item, by = found.item, found.person
    if url:
        key = f"{found.key}-link"
        add_evidence(item, title=url, url=url, by=by, version=version, key=key, now=now)
        version = LaunchItem.objects.get(pk=item.pk).version
    sign_off(item, by=by, version=version, key=found.key, now=now, via=Via.MAIL)


def not_mine(found: Pass, *, version: int, now: datetime) -> User:
    """Hand the item to who leads the launch: nothing is left to nobody. Says who that is."""
    lead = found.item.launch.lead
    if lead == found.person:
        raise Refused(LEADS)
    items.assign(found.item, to=lead, by=found.person, version=version, key=found.key, now=now)
    return lead


def remind_later(found: Pass, *, now: datetime) -> date:
    """Leave the item out of digests for a while; says until when."""
    until = soonest(found.person, now)
    snooze_item(found.item, until=until, by=found.person, key=found.key, now=now)
    return until
