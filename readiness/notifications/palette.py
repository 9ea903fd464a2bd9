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
    if user.is_site_admin:
        yield Entry(
            Group.COMMANDS,
            "Outbox",
            reverse("notifications:outbox"),
            icon("mail"),
            also="go to mail",
        )
