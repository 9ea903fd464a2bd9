"""What a reminder says."""

from datetime import UTC, datetime, timedelta

import pytest

from readiness.notifications.models import Delivery
from tests import make
from tests.notifications.given import MONDAY, Inbox, mail_server, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)
LAUNCH_AT = datetime(2026, 12, 3, 12, tzinfo=UTC)


def test_a_mail_is_received_in_text_and_html_with_the_links_that_let_people_out(settings):
    launch = make.launch(signed_off=0, name="Support Copilot 2.0", launch_at=LAUNCH_AT)
    priya = owner(launch)
    late, *_ = owns(priya, launch, -4, 2)
    inbox = Inbox()

    with mail_server(settings, inbox):
        remind()

    assert inbox.to == [priya.email]
    mail = inbox.mails[0]
    assert mail["Subject"] == "1 late, 1 due this week: Support Copilot 2.0"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith(f"<{settings.BASE_URL}/unsubscribe/")
    assert mail["Message-ID"] == Delivery.objects.get().message_id
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    title = launch.items.first().item.title
    for part in mail.iter_parts():
        said = part.get_content()
        for words in ("Good morning, Priya.", title, "4 days late", f"/items/{late}/"):
            assert words in said
