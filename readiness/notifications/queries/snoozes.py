"""What a person wants to hear nothing of for now."""

from dataclasses import dataclass
from datetime import datetime

from readiness.accounts.models import User
from readiness.launches.queries.pinned import pinned
from readiness.notifications.models import Snooze
from readiness.web.templatetags.face import day


@dataclass(frozen=True, slots=True)
class Row:
    """One of them: of what, and until when."""

    pk: int
    title: str
    launch: str
    until: str


def snoozes_of(person: User, now: datetime) -> list[Row]:
    """Those that are not over, the first to end first."""
    today = now.astimezone(person.tzinfo).date()
    standing = person.snoozes.filter(until__gt=today).select_related("item__launch")
    return [_row(one) for one in standing.order_by("until", "pk")]


def _row(snooze: Snooze) -> Row:
    item = snooze.item
    if item is None:
        return Row(snooze.pk, "Everything that is mine", "", day(snooze.until))
    title = pinned(item.launch.version_id).items[item.key].title
    return Row(snooze.pk, title, item.launch.name, day(snooze.until))
