"""The link of an invitation: signed, for one address, and good for one mail of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from readiness.accounts import policies
from readiness.accounts.models import Invitation

SALT = "readiness.accounts.invitation"
LASTS = timedelta(days=7)


def token_of(invitation: Invitation) -> str:
    """What lets its holder in, from the mail that is sent now."""
    return signing.dumps({"invitation": invitation.pk, "sent": invitation.sent}, salt=SALT)


def link_of(invitation: Invitation) -> str:
    return settings.BASE_URL + reverse("people:join", args=[token_of(invitation)])


def invitation_of(token: str, now: datetime) -> Invitation | None:
    """The invitation that a link stands for now.

    Nobody's if the link was made up, or ended: by use, by time, by revocation, by a newer mail
    to the same address, whichever team it is about, or with the rights of who sent it.
    """
    try:
        said = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    found = Invitation.objects.select_related("team", "invited_by")
    invitation = found.filter(pk=said["invitation"], sent=said["sent"]).first()
    return invitation if invitation and is_standing(invitation, now) else None


def is_standing(invitation: Invitation, now: datetime) -> bool:
    """Whether its latest mail still lets somebody in, and who sent it still may do so."""
    if invitation.accepted_at or invitation.revoked_at or invitation.ends_at <= now:
        return False
    newer = Invitation.objects.filter(email=invitation.email, sent_at__gt=invitation.sent_at)
    return not newer.exists() and policies.backing(invitation)
