"""What people want to hear, and the door out of a mail: a signed link that stops one kind of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from readiness.accounts import services as accounts
from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.services import record, site_subject
from readiness.notifications.models import Channel, Hours, Kind, Preference
from readiness.notifications.queries.hours import hours_of
from readiness.notifications.queries.preferences import (
    DIGEST_BY_MAIL,
    Way,
    is_on_at_first,
    wanted_by,
)

SALT = "readiness.notifications.unsubscribe"
SECONDS = 180 * 24 * 3600
HOURS = {"quiet_from": "quiet from", "quiet_until": "quiet until", "days_off": "days off"}


class Subscription(NamedTuple):
    """A kind of mail that one person gets."""

    person: User
    kind: Kind


def unsubscribe_url(person: User, kind: Kind) -> str:
    """A link with which whoever holds the mail can stop this kind of it, for half a year."""
    token = signing.dumps({"person": person.pk, "kind": kind.value}, salt=SALT)
    return settings.BASE_URL + reverse("notifications:unsubscribe", args=[token])


def subscription_of(token: str) -> Subscription | None:
    """Whose mails the token stops, and which; none if it was made up, or is too old."""
    try:
        said = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=said["person"], is_active=True).first()
    return Subscription(person, Kind(said["kind"])) if person else None


def stop_mails(to: Subscription, *, now: datetime) -> None:
    """Send this person no more mails of this kind. Doing it again changes nothing."""
    choose(to.person, {(to.kind, Channel.MAIL): False}, now=now)


@transaction.atomic
def choose(person: User, chosen: Mapping[Way, bool], *, now: datetime) -> None:
    """Keep which kinds of messages a person wants on which ways, and what it was before."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    was = wanted_by(person)
    new = {
        way: is_on for way, is_on in chosen.items() if was.get(way, is_on_at_first(way)) != is_on
    }
    if not new:
        return
    for (kind, channel), is_on in new.items():
        if (kind, channel) == DIGEST_BY_MAIL:
            accounts.set_preferences(person, {"mails_on": is_on})
        else:
            Preference.objects.update_or_create(
                person=person, kind=kind.value, channel=channel.value, defaults={"is_on": is_on}
            )
    accounts.look_again(person)
    record(
        Happened.PREFERENCES_CHANGED,
        subject=site_subject(),
        by=person,
        at=now,
        changes={_name_of(way): [not is_on, is_on] for way, is_on in new.items()},
    )


@transaction.atomic
def choose_hours(
    person: User,
    *,
    quiet_from: int | None,
    quiet_until: int | None,
    days_off: list[date],
    now: datetime,
) -> None:
    """Keep when a person wants to hear nothing, and what it was before."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    was = hours_of(person)
    chosen = {"quiet_from": quiet_from, "quiet_until": quiet_until, "days_off": days_off}
    before = {name: getattr(was, name) for name in chosen}
    if before == chosen:
        return
    Hours.objects.update_or_create(person=person, defaults=chosen)
    accounts.look_again(person)
    changes = {
        HOURS[name]: [_said(before[name]), _said(chosen[name])]
        for name in chosen
        if before[name] != chosen[name]
    }
    subject = site_subject()
    record(Happened.PREFERENCES_CHANGED, subject=subject, by=person, at=now, changes=changes)


def _said(value: object) -> object:
    return [day.isoformat() for day in value] if isinstance(value, list) else value


def _name_of(way: Way) -> str:
    """What the log calls it: what a person sets on their own page it calls the same."""
    kind, channel = way
    return "mails_on" if way == DIGEST_BY_MAIL else f"{kind.replace('_', ' ')} by {channel}"
