"""The verdict dropped a band."""

from collections.abc import Collection
from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.queries.facts import facts_of
from readiness.launches.queries.pinned import Pinned, pinned
from readiness.notifications.kinds.in_place import heard_in_place
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery, Kind
from readiness.notifications.queries.concerned import leaders_of
from readiness.rules.steps import to_next
from readiness.rules.verdict import judge
from readiness.web.locales import number

ROSE = "The verdict rose again meanwhile."
NAMED = 5


def recipients(event: Event, launch: Launch) -> Collection[int]:
    """Who answers for the launch and who decides, if the verdict is lower than it was."""
    was, becomes = _ranks(event, launch)
    return leaders_of(launch) if 0 <= becomes < was else ()


def is_good_news(event: Event) -> bool:
    """Whether a verdict is no lower than it was, and nothing holds it: nobody waits for that.

    Sign-offs bring it about. To ask the database who should hear of it would take longer than
    the sign-off took.
    """
    if event.kind != Happened.VERDICT_CHANGED.value or event.said.get("holds"):
        return False
    was, becomes = _ranks(event, event.subject.launch)
    return 0 <= was <= becomes


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    content = pinned(launch.version_id)
    said = delivery.event.said if delivery.event else {}
    items = [fact.item for fact in facts_of(launch, now)]
    verdict = judge(items, content.scheme, now)
    was = _rank(content, said.get("was", ""))
    if verdict.band is None or _rank(content, verdict.key) >= was:
        return ROSE
    way = to_next(items, content.scheme, now, verdict)
    keys = way.items if way else ()
    lead = f"{len(keys)} item{' leads' if len(keys) == 1 else 's lead'}" if way else ""
    fell = f"fell from {content.scheme.bands[was].title} to {verdict.band.title}"
    return Message(
        subject=f"{launch.name} {fell}",
        headline=f"The verdict {fell}",
        text=f"It is at {number(verdict.shown)}. {lead} to {way.band.title}:" if way else "",
        points=tuple(content.items[key].title for key in keys[:NAMED]),
        url=launch.get_absolute_url(),
        label="Open the launch",
    )


def _ranks(event: Event, launch: Launch) -> tuple[int, int]:
    """The places of the band that was, and of the one it became."""
    content, said = pinned(launch.version_id), event.said
    return _rank(content, said.get("was", "")), _rank(content, said.get("becomes", ""))


def _rank(content: Pinned, key: str) -> int:
    """The place of a band among those of the checklist, lowest first; -1 if it has none."""
    keys = [band.key for band in content.scheme.bands]
    return keys.index(key) if key in keys else -1


VERDICT_DROPPED = heard_in_place(
    News(
        kind=Kind.VERDICT_DROPPED,
        why="you lead this launch, or decide on it",
        events=frozenset({Happened.VERDICT_CHANGED}),
        recipients=recipients,
        letter=letter,
    )
)
