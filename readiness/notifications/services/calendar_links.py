"""Making the link to one's calendar, and revoking it."""

import secrets
from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.people import take_site
from readiness.audit.services import once, record
from readiness.notifications.models import CalendarLink
from readiness.web.refusal import Refused

BYTES = 32


@transaction.atomic
def make_link(person: User, *, key: str, now: datetime) -> CalendarLink:
    """Make a link that nobody can guess; the one before leads nowhere from now on."""
    site = take_site()
    once(key, by=person, body="make a calendar link", at=now)
    CalendarLink.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(BYTES)
    link = CalendarLink.objects.create(person=person, token=token, made_at=now)
    record(Kind.CALENDAR_LINK_MADE, subject=site, by=person, at=now)
    return link


@transaction.atomic
def revoke_link(person: User, *, key: str, now: datetime) -> None:
    """From now on the link leads nowhere."""
    site = take_site()
    once(key, by=person, body="revoke the calendar link", at=now)
    standing = CalendarLink.objects.filter(person=person, revoked_at=None)
    if not standing.update(revoked_at=now):
        raise Refused("There is no link to your calendar any more.")
    record(Kind.CALENDAR_LINK_REVOKED, subject=site, by=person, at=now)
