"""Why no mail reaches somebody, and what is said of it."""

from dataclasses import dataclass

from readiness.accounts.models import User
from readiness.notifications.models import Channel, Delivery, ReturnedMail
from readiness.web.templatetags.face import day

NO_ADDRESS = "They have no mail address."
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail that came back, in the reader's words: what the other server said, and the days."""

    address: str
    said: str
    on: str
    by: str
    lifted_on: str
    lifted_by: str


def unreached(delivery: Delivery) -> str:
    """Why a mail cannot reach whom it is for, or ""; other ways out are not asked.

    Costs a statement only where mails come back.
    """
    if delivery.channel != Channel.MAIL.value:
        return ""
    if not delivery.to_address:
        return NO_ADDRESS
    mark = standing_for(delivery.recipient) if delivery.recipient else None
    if mark is None:
        return ""
    on = day(mark.marked_at.astimezone(mark.person.tzinfo))
    return f"Mails to {mark.address} came back, marked on {on}: {mark.said}"[:LONGEST]


def standing_for(person: User) -> ReturnedMail | None:
    """The mail that came back from the address that a person has now, unless that was lifted."""
    if not person.mails_come_back:
        return None
    standing = person.returned_mails.filter(lifted_at=None, address__iexact=person.email)
    return standing.select_related("person", "marked_by").first()


def returned_for(mark: ReturnedMail | None, reader: User) -> Returned | None:
    """What a page shows of a mark."""
    if mark is None:
        return None
    lifted = mark.lifted_at and day(mark.lifted_at.astimezone(reader.tzinfo))
    return Returned(
        address=mark.address,
        said=mark.said,
        on=day(mark.marked_at.astimezone(reader.tzinfo)),
        by=mark.marked_by.name,
        lifted_on=lifted or "",
        lifted_by=mark.lifted_by.name if mark.lifted_by else "",
    )
