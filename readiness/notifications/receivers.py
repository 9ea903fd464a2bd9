"""What goes out because something happened below, or because somebody is back who sends it."""

from typing import Any

from celery.signals import beat_init, worker_ready
from django.dispatch import receiver

from readiness import clock
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.audit.signals import event_recorded
from readiness.notifications.kinds import TOLD
from readiness.notifications.kinds.verdict_dropped import is_good_news
from readiness.notifications.services.nudging import TELL, make_a_round, nudge
from readiness.notifications.services.queueing import queue_invitations
from readiness.notifications.services.telling import tell
from readiness.notifications.topics import TOLD_AT_ONCE


@receiver(event_recorded)
def invite_soon(sender: object, event: Event, **more: Any) -> None:
    """An invitation has its mail at once; should this fail, the next sweep gives it one."""
    if event.kind == Kind.PERSON_INVITED.value:
        queue_invitations(now=clock.now())


@receiver(event_recorded)
def tell_at_once(sender: object, event: Event, **more: Any) -> None:
    """News is queued at once; should this fail, the next sweep finds it."""
    if event.kind in TOLD and not is_good_news(event):
        tell(event, now=clock.now())


@receiver(event_recorded)
def call_at_once(sender: object, event: Event, **more: Any) -> None:
    """What channels outside hear is queued by a worker: nobody waits for the looking up."""
    if event.kind in TOLD_AT_ONCE:
        nudge(TELL)


@beat_init.connect
@worker_ready.connect
def make_a_round_at_once(**more: Any) -> None:
    """What went amiss while there was no worker, or no beat, does not wait for the next round."""
    make_a_round()
