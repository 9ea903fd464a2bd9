"""Changing the mail address that somebody signs in with, and writing it down.

The log says that it was changed, and by whom. It says no address: it keeps for ever what it says.
"""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction

from readiness.accounts import policies
from readiness.accounts import services as accounts
from readiness.accounts.addresses import (
    LASTS,
    ask_to_confirm,
    change_of,
    owner_of,
    tell_of_change,
)
from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.people import again, take_site
from readiness.audit.services import record
from readiness.web.refusal import Refused, refuse_if

ENDED = "This link has ended. Ask for a new one on the page of your address."
TAKEN = "This address belongs to somebody else by now."
NO_MAILS = "No mails go out here, so none can confirm an address. Ask a site admin to change it."


@transaction.atomic
def ask_for_address(person: User, address: str, *, now: datetime) -> None:
    """Send a link to the address that a person wants; until it is used all stays as it is.

    Somebody else's address is answered alike: who has it reads of it in a mail, nobody else does.
    """
    refuse_if("" if settings.EMAIL_HOST else NO_MAILS)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    site = take_site()
    change = accounts.want_address(person, address, asked_at=now, ends_at=now + LASTS)
    record(Kind.ADDRESS_ASKED, subject=site, by=person, at=now, person=person.pk)
    transaction.on_commit(partial(ask_to_confirm, change))


@transaction.atomic
def confirm_address(token: str, *, by: User | None, current: str | None, now: datetime) -> User:
    """Make the address that a link went to a person's own; the link works once.

    Who uses it may be signed in elsewhere, or nowhere. Only the session in which the person does
    so themselves goes on.
    """
    change = change_of(token, now)
    if change is None:
        raise Refused(ENDED)
    person = User.objects.select_for_update(no_key=True).get(pk=change.person_id)
    refuse_if("" if change_of(token, now) else ENDED)  # nobody else can use it meanwhile
    is_here = by is not None and by.pk == person.pk
    _change(person, change.email, by=person, current=current if is_here else None, now=now)
    return person


@transaction.atomic
def set_address(
    person: User, address: str, *, by: User, current: str | None, now: datetime
) -> None:
    """Give a person another address at once, as a site admin."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    by = again(by)
    refuse_if("" if by.is_active and by.is_site_admin else policies.ONLY_ADMIN)
    _change(person, address, by=by, current=current if by.pk == person.pk else None, now=now)


def _change(person: User, address: str, *, by: User, current: str | None, now: datetime) -> None:
    """They sign in with it from now on, and are signed out wherever else they are."""
    site = take_site()
    owner, was = owner_of(address), person.email
    refuse_if(TAKEN if owner and owner.pk != person.pk else "")
    try:
        with transaction.atomic():
            accounts.change_address(person, address)
    except IntegrityError as problem:  # somebody joined with it just now
        raise Refused(TAKEN) from problem
    accounts.end_sessions(person, but=current)
    name = person.name if by.pk != person.pk else ""
    record(Kind.ADDRESS_CHANGED, subject=site, by=by, at=now, person=person.pk, name=name)
    transaction.on_commit(partial(tell_of_change, person, was, by))
