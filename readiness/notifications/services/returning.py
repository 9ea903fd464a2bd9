"""Marking that a mail came back, and saying that its address works again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts import policies as accounts_policies
from readiness.accounts import services as accounts
from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.people import again, take_site
from readiness.audit.services import once, record
from readiness.notifications.models import Delivery, ReturnedMail
from readiness.notifications.policies import NOBODY, marking_returned
from readiness.notifications.queries.returned import standing_for
from readiness.web.refusal import Refused, refuse_if

WORKS = "Mails go to this address again already."
NOT_YOURS = "Only a site admin, or whose address it is, may say this."


@transaction.atomic
def mark_returned(
    delivery: Delivery, *, said: str, by: User, key: str, now: datetime
) -> ReturnedMail:
    """Let no further mail go to this person at the address that this one came back from.

    Raises Refused, or AlreadyDone. What the other server said stays beside the mail and out of
    the log: it may name more than the log should keep for ever.
    """
    if delivery.recipient is None:
        raise Refused(NOBODY)
    person = User.objects.select_for_update(no_key=True).get(pk=delivery.recipient.pk)
    site = take_site()
    once(key, by=by, body=f"came back {delivery.pk} {said}", at=now)
    by = again(by)
    refuse_if("" if by.is_active and by.is_site_admin else accounts_policies.ONLY_ADMIN)
    delivery = Delivery.objects.select_related("recipient", "returned").get(pk=delivery.pk)
    refuse_if(marking_returned(delivery))
    standing = person.returned_mails.filter(lifted_at=None)
    standing.update(lifted_at=now, lifted_by=by)  # of an address that was theirs before
    mark = ReturnedMail.objects.create(
        person=person,
        delivery=delivery,
        address=delivery.address,
        said=said,
        marked_at=now,
        marked_by=by,
    )
    accounts.mails_came_back(person, mark.address)
    record(Kind.MAIL_CAME_BACK, subject=site, by=by, at=now, **_about(mark, by))
    return mark


@transaction.atomic
def lift_returned(person: User, *, by: User, key: str, now: datetime) -> None:
    """Let mails go to the person's address again. Raises Refused, or AlreadyDone."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    site = take_site()
    once(key, by=by, body=f"works again {person.pk}", at=now)
    by = again(by)
    refuse_if("" if by.is_active and (by.is_site_admin or by == person) else NOT_YOURS)
    mark = standing_for(person)
    if mark is None:
        raise Refused(WORKS)
    mark.lifted_at, mark.lifted_by = now, by
    mark.save(update_fields=["lifted_at", "lifted_by"])
    accounts.mails_came_back(person, "")
    record(Kind.MAIL_WORKS_AGAIN, subject=site, by=by, at=now, **_about(mark, by))


def _about(mark: ReturnedMail, by: User) -> dict[str, Any]:
    """Whose mail it is; their name only where somebody else says it."""
    name = mark.person.name if mark.person_id != by.pk else ""
    return {"person_id": mark.person_id, "person": name, "delivery": mark.delivery_id}
