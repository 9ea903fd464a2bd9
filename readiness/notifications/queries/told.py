"""What happened to a launch, as channels outside hear it: a sentence, and where it stands now.

What one person hears says more in `lines`, as the mail of it does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.sentences import SENTENCES
from readiness.notifications.queries.heads import Head, head_of

TEST = "test"


class Line(NamedTuple):
    """What a sentence is followed by, and the page of it, if it has one."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing in words and as data. `head` is the launch as of now; a test is about none."""

    kind: str
    at: datetime
    sentence: str
    url: str
    head: Head | None
    data: dict[str, Any]
    lines: tuple[Line, ...] = ()


def told_of(event: Event, now: datetime) -> Told | None:
    """What to say of an event; nothing where it was redacted, or is no launch's."""
    launch = Launch.objects.filter(subject=event.subject_id).first()
    if launch is None or not event.said:
        return None
    content = pinned(launch.version_id)
    said = SENTENCES[Kind(event.kind)](event.said, content)
    key, item = event.said.get("key", ""), event.said.get("item")
    title = content.items[key].title if said.is_about_item and key in content.items else ""
    words = [event.printed_name, said.did, title, said.then]
    page = reverse("launches:item", args=[item]) if title and item else launch.get_absolute_url()
    return Told(
        kind=event.kind,
        at=event.at,
        sentence=" ".join(word for word in words if word),
        url=settings.BASE_URL + page,
        head=head_of(launch, now),
        data={"launch": as_data(launch), "by": event.printed_name, "event": event.said},
    )


def told_as_test(name: str, now: datetime) -> Told:
    """What a test says: that it arrived."""
    return Told(
        kind=TEST,
        at=now,
        sentence=f"Readiness reaches {name}. Nothing happened: somebody asked for a test.",
        url=settings.BASE_URL + "/",
        head=None,
        data={},
    )


def as_data(launch: Launch) -> dict[str, Any]:
    """The launch as it is stored: numbers that a machine can rely on."""
    return {
        "id": launch.pk,
        "name": launch.name,
        "url": settings.BASE_URL + launch.get_absolute_url(),
        "stage": launch.stage,
        "launch_at": launch.launch_at.isoformat(),
        "verdict": launch.verdict,
        "outcome": launch.outcome,
        "shown": launch.shown,
        "checked": launch.checked,
        "counted": launch.counted,
        "holds": launch.holds,
    }
