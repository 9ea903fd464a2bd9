"""Which mails can have come back: "" or a sentence for the person."""

from readiness.notifications.models import UNSENT, Delivery

MARKED = "This mail is marked already."
NO_MAIL = "No mail server was given this, so it cannot have come back."
NOBODY = "Whoever it went to is not here yet: revoke the invitation, and invite the right address."
MOVED = "Their address is another one by now: nothing goes to the old one."
STOPPED = "Another mail to this address came back before: nothing goes there until it works again."


def marking_returned(delivery: Delivery) -> str:
    """Only what a mail server was given comes back; `address` is where it went."""
    if hasattr(delivery, "returned"):
        return MARKED
    if not delivery.address or delivery.state in UNSENT:
        return NO_MAIL
    if delivery.recipient is None:
        return NOBODY
    if delivery.address.lower() != delivery.recipient.email.lower():
        return MOVED
    return STOPPED if delivery.recipient.mails_come_back else ""
