"""The open items of a person, and which of them a digest names."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.columns import is_unfinished
from readiness.launches.queries.facts import Fact, facts_of_chosen
from readiness.launches.queries.found_items import IDS, THESE
from readiness.launches.queries.looks import look_of
from readiness.launches.queries.pinned import pinned
from readiness.notifications.models import Snooze
from readiness.notifications.queries.due import SOON
from readiness.rules.truth import Truth
from readiness.rules.weighing import weigh
from readiness.web import prepared
from readiness.web.statements import Statement

OWNED = 2_000
PERSON, TODAY, AT = -101, date(1971, 1, 1), datetime(1971, 1, 1, tzinfo=UTC)  # stand-ins
ITEM = prepared.columns_of(LaunchItem, without=["basis_parts"])
LAUNCH = prepared.columns_of(Launch, without=["facets", "sections"])
LATE, COMING, FRESH = "late", "soon", "new"


@dataclass(frozen=True, slots=True)
class Owned:
    """An open item of the person, and why the digest names it; "" if it does not."""

    row: LaunchItem
    fact: Fact
    when: str
    look: str


def open_items_of(
    person: User, today: date, since: datetime, at: datetime, now: datetime
) -> list[Owned]:
    """The items on which the person has work left, the first due first."""
    found = _statement_for(person).run({PERSON: person.pk, TODAY: today, AT: at})
    rows = [_read(one) for one in found]
    if not rows:
        return []
    facts = facts_of_chosen(THESE, {IDS: [row.pk for row in rows]}, now)
    by_pk = {fact.pk: fact for fact in facts}
    owned = (_owned(row, by_pk[row.pk], today, since, now) for row in rows)
    return [one for one in owned if one]


def _statement_for(person: User) -> Statement:
    """Written once, as every digest asks it; anew for guests: until when they are is in it."""
    if person.is_guest:
        return _written(is_site_admin=person.is_site_admin, is_guest=True)
    return _written_once(person.is_site_admin)


@lru_cache(maxsize=2)
def _written_once(is_site_admin: bool) -> Statement:  # noqa: FBT001
    return _written(is_site_admin=is_site_admin, is_guest=False)


def _written(*, is_site_admin: bool, is_guest: bool) -> Statement:
    """The items a person hears of, each with its launch, and whether they put it off."""
    person = User(pk=PERSON, is_site_admin=is_site_admin, is_guest=is_guest)
    items = LaunchItem.objects.reminded_of().filter(owner=person).visible_to(person)
    items = items.exclude(applies=Truth.NO.value).exclude(owned_since__gte=AT)
    items = items.annotate(is_snoozed=Exists(snoozed(person, OuterRef("pk"), TODAY)))
    order = F("due_on").asc(nulls_last=True), "position", "pk"
    of_launch = (f"launch__{name}" for name in LAUNCH)
    rows = items.order_by(*order).values_list(*ITEM, *of_launch, "is_snoozed")
    return Statement.of(rows[:OWNED], {PERSON, TODAY, AT})


def _read(found: tuple) -> LaunchItem:
    item = prepared.instance(LaunchItem, ITEM, found[: len(ITEM)])
    item.launch = prepared.instance(Launch, LAUNCH, found[len(ITEM) : -1])
    item.is_snoozed = found[-1]  # type: ignore[attr-defined]
    return item


def _owned(
    row: LaunchItem, fact: Fact, today: date, since: datetime, now: datetime
) -> Owned | None:
    """The item if there is work left on it; under a waiver there is none."""
    version = pinned(row.launch.version_id)
    standing = weigh([fact.item], version.scheme, now)[0]
    if standing.waived or not is_unfinished(standing.state):
        return None
    look = look_of(fact, standing, version.items[fact.key].signatures, now)
    return Owned(row, fact, _when(row, today, since), look)


def snoozed(person: User, item: OuterRef, today: date) -> QuerySet[Snooze]:
    """Why nothing is said of an item to this person today."""
    about = Q(item=item) | Q(item=None)
    return Snooze.objects.filter(about, person=person, until__gt=today)


def _when(row: LaunchItem, today: date, since: datetime) -> str:
    if row.is_snoozed:  # type: ignore[attr-defined]
        return ""
    if row.due_on and row.due_on < today:
        return LATE
    if row.due_on and row.due_on <= today + SOON:
        return COMING
    return FRESH if row.owned_since and row.owned_since >= since else ""
