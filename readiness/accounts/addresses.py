"""Another mail address: the link that makes it a person's, and the mails that go about it.

They go at once, as those about passwords do: by allauth, and without a mail server not at all.
"""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.urls import reverse

from readiness.accounts.models import AddressChange, User

SALT = "readiness.accounts.address"
LASTS = timedelta(days=1)


def token_of(change: AddressChange) -> str:
    """What makes the address theirs, for who reads the mail to it."""
    said = {"person": change.person_id, "asked": change.asked_at.isoformat()}
    return signing.dumps(said, salt=SALT)


def link_of(change: AddressChange) -> str:
    return settings.BASE_URL + reverse("accounts:address-confirm", args=[token_of(change)])


def change_of(token: str, now: datetime) -> AddressChange | None:
    """What a link stands for now.

    Nothing if it was made up, used, or ended: by time, by a newer one, by a new password or
    another address, or because its person was let go.
    """
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    standing = AddressChange.objects.filter(ends_at__gt=now, person__is_active=True)
    asked_at = datetime.fromisoformat(said["asked"])
    return standing.select_related("person").filter(pk=said["person"], asked_at=asked_at).first()


def owner_of(address: str) -> User | None:
    """Whose address it is."""
    return User.objects.filter(email__iexact=address).first()


def ask_to_confirm(change: AddressChange) -> None:
    """Send the link to the new address, or tell who has that already; and tell the old one.

    As many mails go either way: how long it takes tells nobody who is here.
    """
    person = change.person
    if owner_of(change.email):
        _send("address_taken", change.email, person)
    else:
        _send("address_confirm", change.email, person, link=link_of(change))
    _send("address_asked", person.email, person)


def tell_of_change(person: User, was: str, by: User) -> None:
    """Tell the address before, and the new one if somebody else gave it."""
    _send("address_changed", was, person, by=by)
    if by.pk != person.pk:
        _send("address_given", person.email, person, by=by)


def _send(what: str, to: str, person: User, **more: object) -> None:
    if to:
        said = {"person": person, "base_url": settings.BASE_URL, **more}
        get_adapter().send_mail(f"account/email/{what}", to, said)
