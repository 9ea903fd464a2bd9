"""The latest of a launch's events, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.queries.pinned import Pinned
from readiness.launches.queries.sentences import SENTENCES, Sentence

LATEST = 5
COLUMNS = ("kind", "at", "printed_name", "payload", "by_id", "by__name", "by__email")


@dataclass(frozen=True, slots=True)
class Line:
    """One event: who did it, to which item, when."""

    who: str
    person: User | None
    said: Sentence
    ref: str
    at: datetime


def latest(launch: Launch, content: Pinned, item: int | None = None) -> list[Line]:
    """The last things that happened in a launch, or to one of its items.

    What an act did to the verdict is in the act; the verdict has a line where time moved it.
    """
    events = Event.objects.filter(subject=launch.subject_id).order_by("-id")
    events = events.exclude(kind=Kind.VERDICT_CHANGED.value, by__isnull=False)
    if item is not None:
        events = events.filter(payload__item=item)
    return list(_lines(events.values_list(*COLUMNS)[:LATEST], content))


def _lines(rows: Iterable[tuple], content: Pinned) -> Iterable[Line]:
    for kind, at, printed_name, payload, by, name, email in rows:
        said = SENTENCES[Kind(kind)](payload, content)
        about = content.items.get(payload.get("key", "")) if said.is_about_item else None
        yield Line(
            who=printed_name.split(" ")[0],
            person=User(pk=by, name=name, email=email) if by else None,
            said=said,
            ref=about.ref if about else "",
            at=at,
        )
