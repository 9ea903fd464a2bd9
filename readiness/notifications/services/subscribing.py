"""The door out of a mail: a signed link that stops the mails of one person."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from readiness.accounts.models import User
from readiness.audit.people import set_preferences
from readiness.notifications.models import Kind

SALT = "readiness.notifications.unsubscribe"
SECONDS = 180 * 24 * 3600


def unsubscribe_url(person: User, kind: Kind) -> str:
    """A link with which whoever holds the mail can stop this kind of it, for half a year."""
    token = signing.dumps({"person": person.pk, "kind": kind.value}, salt=SALT)
    return settings.BASE_URL + reverse("notifications:unsubscribe", args=[token])


def person_of(token: str) -> User | None:
    """Whose mails the token stops; nobody's if it was made up, or is too old."""
    try:
        said = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=said["person"], is_active=True).first()


def stop_mails(person: User, *, now: datetime) -> None:
    """Send this person no more reminder mails. Doing it again changes nothing."""
    set_preferences(person, {"mails_on": False}, now=now)
