"""What each person wants to hear, and on which ways."""

from readiness.accounts.models import User
from readiness.notifications.models import Channel, Kind, Preference

Way = tuple[Kind, Channel]
DIGEST_BY_MAIL: Way = (Kind.DIGEST, Channel.MAIL)


def wants(person: User, kind: Kind, channel: Channel) -> bool:
    """Whether a person gets this kind of message on this way out."""
    if (kind, channel) == DIGEST_BY_MAIL:
        return person.mails_on
    off = Preference.objects.filter(person=person, kind=kind.value, channel=channel.value)
    return not off.filter(is_on=False).exists()


def wanted_by(person: User) -> dict[Way, bool]:
    """What the person chose, by kind and way out; what is not named here they get."""
    chosen = {
        (Kind(one.kind), Channel(one.channel)): one.is_on
        for one in Preference.objects.filter(person=person)
    }
    return {**chosen, DIGEST_BY_MAIL: person.mails_on}
