"""Must-haves that an event found open again."""

from readiness.audit.models import Event
from readiness.launches.models import Launch


def opened_by(event: Event, launch: Launch) -> list[str]:
    """The must-haves that hold a launch since the event, and did not before.

    A change of the verdict is recorded right behind the snapshot of what it became.
    """
    holds = event.said.get("holds", [])
    if not holds:
        return []
    upto = launch.snapshots.filter(sequence__lt=event.sequence).order_by("-pk")
    before = upto.values_list("holds", flat=True)[1:2].first()
    return [key for key in holds if key not in (before or [])]
