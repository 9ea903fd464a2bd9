"""What goes out, to whom, and how far it has come."""

from readiness.notifications.models.calendars import CalendarLink
from readiness.notifications.models.deliveries import (
    UNSENT,
    Channel,
    Delivery,
    Kind,
    Preference,
    Reader,
    State,
)
from readiness.notifications.models.escalations import EscalationPolicy
from readiness.notifications.models.holidays import Holiday
from readiness.notifications.models.hooks import Call, Hook, OwnHook, Way
from readiness.notifications.models.hours import Hours
from readiness.notifications.models.returned import ReturnedMail
from readiness.notifications.models.snoozes import Snooze

__all__ = [
    "UNSENT",
    "CalendarLink",
    "Call",
    "Channel",
    "Delivery",
    "EscalationPolicy",
    "Holiday",
    "Hook",
    "Hours",
    "Kind",
    "OwnHook",
    "Preference",
    "Reader",
    "ReturnedMail",
    "Snooze",
    "State",
    "Way",
]
