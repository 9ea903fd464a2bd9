"""A must-have is open again, and holds its launch."""

from collections.abc import Collection
from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.facts import facts_of
from readiness.launches.queries.pinned import pinned
from readiness.notifications.kinds.in_place import heard_in_place
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.queries.concerned import leaders_of
from readiness.notifications.queries.holds import opened_by
from readiness.rules.verdict import judge

MET = "Nothing that was open again is open any more."


def recipients(event: Event, launch: Launch) -> Collection[int]:
    """Who answers for the launch, who decides, and whose item it is."""
    keys = opened_by(event, launch)
    if not keys:
        return ()
    owners = launch.items.filter(key__in=keys, owner__isnull=False)
    return leaders_of(launch) | {*owners.values_list("owner", flat=True)}


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    content = pinned(launch.version_id)
    verdict = judge([fact.item for fact in facts_of(launch, now)], content.scheme, now)
    opened = opened_by(delivery.event, launch) if delivery.event else []
    keys = [key for key in opened if key in verdict.holds]
    if not keys:
        return MET
    titles = tuple(content.items[key].title for key in keys)
    one = LaunchItem.objects.filter(launch=launch, key=keys[0]).first()
    is_one = len(keys) == 1 and one is not None
    what = "A must-have is open again" if is_one else f"{len(keys)} must-haves are open again"
    return Message(
        subject=f"{what}: {launch.name}",
        headline=what,
        text="Nobody can approve the launch before it is met, or waived.",
        points=titles,
        url=one.get_absolute_url() if is_one and one else launch.get_absolute_url(),
        label="Open the item" if is_one else "Open the launch",
    )


REOPENED = heard_in_place(
    News(
        kind=Kind.REOPENED,
        why="you own it, lead this launch, or decide on it",
        events=frozenset({Happened.VERDICT_CHANGED}),
        recipients=recipients,
        letter=letter,
    )
)
