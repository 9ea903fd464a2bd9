"""Waivers that end: their owners hear of it a week before, the day before, and on the last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from readiness.accounts.models import User
from readiness.launches.models import Exemption, ExemptionKind, LaunchItem
from readiness.launches.models.launches import QUIET
from readiness.launches.models.words import ExemptionQuerySet
from readiness.launches.queries.columns import is_unfinished
from readiness.launches.queries.exempting import then_of
from readiness.launches.queries.facts import Fact, facts_of_items
from readiness.launches.queries.pinned import pinned
from readiness.rules.truth import Truth
from readiness.rules.weighing import weigh
from readiness.web.templatetags.face import countdown, day

# Before the end, which is the first instant after the last day: where each notice begins.
STEPS = (timedelta(days=8), timedelta(days=2), timedelta(days=1))
FURTHEST = max(STEPS)


@dataclass(frozen=True, slots=True)
class Ending:
    """A waiver that ends: of which item in which launch, when, and what happens then."""

    title: str
    launch: str
    due: str
    then: str
    url: str


def endings_of(
    person: User, *, today: date, since: datetime, at: datetime, now: datetime
) -> tuple[Ending, ...]:
    """The waivers of which a notice began since the digest before, the first to end first.

    Each notice begins at one instant and digests follow each other without a gap, so it stands
    in one of them; of several that began meanwhile the person hears once.
    """
    waivers = about_to_end(person.pk, since=since, at=at).visible_to(person)
    rows = waivers.select_related("item__launch").order_by("ends_at", "pk")
    told = [one for one in rows if any(since <= begin < at for begin in begins_of(one))]
    if not told:
        return ()
    facts = facts_of_items(LaunchItem.objects.filter(pk__in=[one.item_id for one in told]), now)
    by_pk = {fact.pk: fact for fact in facts}
    longer = _longer(told)
    return tuple(
        _ending(one, by_pk[one.item_id], today, is_longer_asked=one.pk in longer)
        for one in told
        if _is_open(one, by_pk[one.item_id], now)
    )


def about_to_end(person: int, *, since: datetime, at: datetime) -> ExemptionQuerySet:
    """The waivers of a person's items whose notices may begin between these instants.

    Where nobody owns the item it is its launch's lead who hears.
    """
    theirs = Q(item__owner=person) | Q(item__owner=None, item__launch__lead=person)
    waivers = Exemption.objects.filter(
        theirs,
        kind=ExemptionKind.WAIVER.value,
        agreed_at__isnull=False,
        closed_at=None,
        ends_at__gte=since,
        ends_at__lt=at + FURTHEST,
    )
    return waivers.exclude(item__launch__stage__in=QUIET)


def begins_of(waiver: Exemption) -> list[datetime]:
    """When each notice begins; none before the waiver stood."""
    if waiver.ends_at is None or waiver.agreed_at is None:
        return []
    return [max(waiver.ends_at - step, waiver.agreed_at) for step in STEPS]


def _is_open(waiver: Exemption, fact: Fact, now: datetime) -> bool:
    """Whether its end changes anything: what is done, or left out, needs no waiver."""
    scheme = pinned(waiver.item.launch.version_id).scheme
    return is_unfinished(weigh([fact.item], scheme, now)[0].state)


def _longer(waivers: Sequence[Exemption]) -> set[int]:
    """Those for which a longer one waits for somebody to agree."""
    asked = Exemption.objects.waiting().filter(extends__in=[one.pk for one in waivers])
    return {*asked.values_list("extends_id", flat=True)}


def _ending(waiver: Exemption, fact: Fact, today: date, *, is_longer_asked: bool) -> Ending:
    launch = waiver.item.launch
    last = launch.last_day_before(waiver.ends_at) if waiver.ends_at else today
    left = (last - today).days
    words = "Its waiver ends" if left >= 0 else "Its waiver ended"
    then = then_of(waiver, is_must_have=fact.item.blocker is not Truth.NO)
    waits = " A longer one waits for somebody to agree." if is_longer_asked else ""
    return Ending(
        title=pinned(launch.version_id).items[fact.key].title,
        launch=launch.name,
        due=f"{words} {countdown(left)}, {day(last)}",
        then=f"{then}{waits}",
        url=settings.BASE_URL + reverse("launches:item", args=[waiver.item_id]),
    )
