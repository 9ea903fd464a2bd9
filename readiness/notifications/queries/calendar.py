"""What a person has ahead, for their calendar: due dates, launches, reviews, ends of waivers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from readiness.accounts.models import User
from readiness.launches.models import Exemption, ExemptionKind, Launch
from readiness.launches.models.launches import QUIET
from readiness.launches.queries.mine import open_items_of
from readiness.launches.queries.pinned import pinned
from readiness.notifications.models import CalendarLink
from readiness.reviews.models import Review
from readiness.reviews.models.reviews import State

PRODUCT = "-//Readiness//What is ahead//EN"
PAST = timedelta(days=30)
MOST = 300
EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a calendar: a whole day, or from an instant on."""

    uid: str
    title: str
    url: str
    on: date | datetime
    lasts: timedelta = timedelta(days=1)


def link_of(person: User) -> CalendarLink | None:
    """The one link to a person's calendar that is not revoked."""
    return CalendarLink.objects.filter(person=person, revoked_at=None).first()


def calendar_under(token: str, now: datetime) -> bytes:
    """The calendar that this link leads to. Raises CalendarLink.DoesNotExist.

    It holds what the person may see now: who left has none, whatever links they made.
    """
    standing = CalendarLink.objects.select_related("person").filter(person__is_active=True)
    person = standing.get(token=token, revoked_at=None).person
    return _drawn(list(entries_of(person, now)), now)


def entries_of(person: User, now: datetime) -> Iterator[Entry]:
    """All that is ahead, and what was to be done in the last thirty days and is not."""
    owned = set()
    for one in open_items_of(person, now):
        owned.add(one.row.launch_id)
        if one.row.due_on and one.row.due_on >= (now - PAST).date():
            title = one.content.items[one.fact.key].title
            page = reverse("launches:item", args=[one.row.pk])
            words = f"Due: {title} ({one.row.launch.name})"
            yield Entry(f"item-{one.row.pk}", words, page, one.row.due_on)
    yield from _launches(person, owned, now)
    yield from _reviews(person, now)
    yield from _endings(person, now)


def _launches(person: User, owned: set[int], now: datetime) -> Iterator[Entry]:
    """Those the person leads, decides on, or has work left in."""
    theirs = Q(lead=person) | Q(approvers__person=person) | Q(pk__in=owned)
    launches = Launch.objects.visible_to(person).filter(theirs, launch_at__gte=now - PAST)
    launches = launches.exclude(stage__in=QUIET).distinct().order_by("launch_at", "pk")
    for one in launches[:MOST]:
        page = one.get_absolute_url()
        yield Entry(f"launch-{one.pk}", f"Launch: {one.name}", page, one.launch_at, EVERY)


def _reviews(person: User, now: datetime) -> Iterator[Entry]:
    """Those the person is invited to, or facilitates."""
    theirs = Q(invited__person=person) | Q(facilitator=person)
    reviews = Review.objects.visible_to(person).filter(theirs, starts_at__gte=now - PAST)
    reviews = reviews.exclude(state=State.CANCELLED.value).select_related("launch").distinct()
    for one in reviews.order_by("starts_at", "pk")[:MOST]:
        title = f"{one}: {one.launch.name}"
        yield Entry(f"review-{one.pk}", title, one.get_absolute_url(), one.starts_at, one.length)


def _endings(person: User, now: datetime) -> Iterator[Entry]:
    """The last days of waivers of the person's items; of an item of nobody, its lead's."""
    theirs = Q(item__owner=person) | Q(item__owner=None, item__launch__lead=person)
    waivers = Exemption.objects.visible_to(person).filter(
        theirs,
        kind=ExemptionKind.WAIVER.value,
        agreed_at__isnull=False,
        closed_at=None,
        ends_at__gte=now,
    )
    waivers = waivers.exclude(item__launch__stage__in=QUIET).select_related("item__launch")
    for one in waivers.order_by("ends_at", "pk")[:MOST]:
        launch = one.item.launch
        title = pinned(launch.version_id).items[one.item.key].title
        words = f"Waiver ends: {title} ({launch.name})"
        page = reverse("launches:exemption", args=[one.pk])
        if one.ends_at:
            yield Entry(f"waiver-{one.pk}", words, page, launch.last_day_before(one.ends_at))


def _drawn(entries: list[Entry], now: datetime) -> bytes:
    """The bytes. The library takes 5 MB, which only a process pays that was asked for a file."""
    from icalendar import Calendar, Event

    host = urlsplit(settings.BASE_URL).hostname
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Readiness, {settings.ORGANISATION}")
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", now.replace(microsecond=0))
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + entry.lasts)
        event.add("summary", " ".join(entry.title.split()))
        event.add("url", settings.BASE_URL + entry.url)
        event.add("transp", "TRANSPARENT" if not isinstance(entry.on, datetime) else "OPAQUE")
        calendar.add_component(event)
    return calendar.to_ical()
