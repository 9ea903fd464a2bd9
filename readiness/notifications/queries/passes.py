"""The links of a mail that lead to an act: one item, by one person, for seven days, once.

The token names the item and whose it was. It ends when it was used, when the item went to
somebody else, and when the person left; whoever has the mail can use it, so it opens nothing
else. A form that was carried out leaves its key: that is how a used token is known.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from readiness.accounts.models import User
from readiness.audit.models import ActKey
from readiness.launches.models import LaunchItem

SALT = "readiness.notifications.from_mail"
LASTS = timedelta(days=7)
LINKS = re.compile(r"/a/[^/\s\"]+/")


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token lets its holder do: act on this item as this person, until then."""

    person: User
    item: LaunchItem
    key: str
    ends_at: datetime


def url_for(item: LaunchItem, now: datetime) -> str:
    """The address that a mail to the owner of an item has for it."""
    said = {
        "item": item.pk,
        "person": item.owner_id,
        "since": _stamp(item.owned_since),
        "until": int((now + LASTS).timestamp()),
    }
    return settings.BASE_URL + reverse("notifications:act", args=[signing.dumps(said, salt=SALT)])


def pass_of(token: str, now: datetime) -> Pass | None:
    """What the token opens now; nothing if it was made up, used, or ended."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    key = f"mail-{hashlib.sha256(token.encode()).hexdigest()[:60]}"
    ends_at = datetime.fromtimestamp(said["until"], UTC)
    person = User.objects.filter(pk=said["person"], is_active=True).first()
    owned = LaunchItem.objects.select_related("launch", "owner").filter(owner=person)
    item = owned.filter(pk=said["item"]).first() if person and now < ends_at else None
    if person is None or item is None or _stamp(item.owned_since) != said["since"]:
        return None
    if ActKey.objects.filter(person=person, key=key).exists():
        return None
    return Pass(person, item, key, ends_at)


def _stamp(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def without_passes(part: str) -> str:
    """A part of a mail in which no link acts for who got it."""
    return LINKS.sub("/a/…/", part)
