"""What open pages hear of: that something happened to a launch, or to somebody's rights."""

from threading import local
from typing import Any

from django.dispatch import receiver

from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.signals import event_recorded
from readiness.reviews.signals import room_changed
from readiness.web.live import publish
from readiness.web.live.publishing import RIGHTS

# After these somebody may see less than before, and who they are is in what the log says.
LESS = {
    Kind.ADDRESS_CHANGED.value: "person",
    Kind.GUEST_LET_GO.value: "person",
    Kind.LAUNCH_EDITED.value: "",
    Kind.PASSWORD_CHANGED.value: "person",
    Kind.PERSON_DEACTIVATED.value: "person",
    Kind.ROLE_TAKEN.value: "person_id",
    Kind.SESSIONS_ENDED.value: "person",
    Kind.WORK_HANDED_OVER.value: "",
}
last = local()


@receiver(event_recorded)
def tell_open_pages(sender: object, event: Event, **more: Any) -> None:
    """One notice for all that a transaction did to one subject: pages look for themselves."""
    if event.kind in LESS:
        person = event.said.get(LESS[event.kind], 0)
        publish(RIGHTS, {"person": person} if isinstance(person, int) else {})
    told = (event.transaction, event.subject_id)
    if getattr(last, "told", None) != told:
        last.told = told
        publish(f"subjects/{event.subject_id}")


@receiver(room_changed)
def tell_the_room(sender: object, review: int, what: str, **more: Any) -> None:
    """What happens in a room and in no log: the notice says what, as `said[what]`."""
    publish(f"reviews/{review}", {what: 1})
