"""What notifications leave in the palette: the way to their pages."""

from collections.abc import Iterator

from django.urls import reverse

from readiness.accounts.models import User
from readiness.web.registry import Entry, Group
from readiness.web.templatetags.face import icon


def entries(user: User, words: str) -> Iterator[Entry]:
    yield Entry(
        Group.COMMANDS,
        "What you hear",
        reverse("notifications:choices"),
        icon("mail"),
        also="messages mails notifications reminders unsubscribe quiet",
    )
    yield Entry(
        Group.COMMANDS,
        "Your channels",
        reverse("notifications:own-channels"),
        icon("send"),
        also="slack teams webhook messages",
    )
    yield Entry(
        Group.COMMANDS,
        "Snooze everything",
        reverse("notifications:snoozes"),
        icon("alarm-clock"),
        also="reminders later put off away",
    )
    yield Entry(
        Group.COMMANDS,
        "Your calendar",
        reverse("notifications:calendar-link"),
        icon("calendar"),
        also="subscribe ical due dates",
    )
    if user.is_site_admin:
        yield Entry(
            Group.COMMANDS,
            "Outbox",
            reverse("notifications:outbox"),
            icon("mail"),
            also="go to mail",
        )
