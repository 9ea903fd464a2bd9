"""An invitation goes out as one mail, and its link is kept from those it is not for."""

from datetime import timedelta

import pytest

from readiness.accounts.invitations import invitation_of, token_of
from readiness.accounts.models import Invitation, Role
from readiness.audit import inviting
from readiness.notifications.models import Delivery
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.queueing import queue_invitations
from tests import make
from tests.notifications.given import Inbox, mail_server

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(make.NOW, tick=False)


@pytest.fixture
def lead():
    return make.user("Lou Lead", team=make.team("Search"), role=Role.LEAD)


def invite(lead, email="zoe@example.test", role=Role.MEMBER) -> Invitation:
    team = lead.memberships.get(role="lead").team
    return inviting.invite(email, team=team, roles=[role], by=lead, key=make.key(), now=make.NOW)


def link_in(text: str) -> str:
    return text.split("/join/")[1].split("/")[0]


def outbox() -> list[tuple[str, str]]:
    return [(one.to_address, one.state) for one in Delivery.objects.order_by("pk")]


def test_an_invitation_has_its_mail_at_once_and_only_one(lead):
    invitation = invite(lead)
    queue_invitations(now=make.NOW)
    before = outbox()

    deliver_due(now=LATER)

    mail = Delivery.objects.get()
    assert (before, outbox()) == (
        [("zoe@example.test", "queued")],
        [("zoe@example.test", "sent")],
    )
    assert mail.subject == "Lou Lead invites you to Search"
    assert invitation_of(link_in(mail.text), LATER) == invitation
    assert link_in(mail.html) == link_in(mail.text)


def test_a_mail_that_was_missed_is_queued_by_the_next_sweep(lead):
    invite(lead)
    Delivery.objects.all().delete()

    found = [queue_invitations(now=LATER) for _ in range(2)]

    assert (found, outbox()) == ([1, 0], [("zoe@example.test", "queued")])


def test_who_is_here_already_is_told_without_a_link_also_without_reminders(lead):
    ann = make.user("Ann", mails_on=False)
    invite(lead, ann.email, Role.APPROVER)

    deliver_due(now=LATER)

    mail = Delivery.objects.get()
    assert (mail.state, mail.recipient, mail.subject) == ("sent", ann, "You are in Search now")
    assert "/join/" not in mail.text + mail.html


def test_what_was_revoked_or_sent_anew_before_it_went_is_not_sent(lead):
    revoked, anew = invite(lead), invite(lead, "anew@example.test")
    inviting.revoke(revoked, by=lead, now=LATER)
    inviting.resend(anew, sent=1, by=lead, now=LATER)

    deliver_due(now=LATER)

    assert outbox() == [
        ("zoe@example.test", "skipped"),
        ("anew@example.test", "skipped"),
        ("anew@example.test", "sent"),
    ]


def test_with_a_mail_server_the_link_is_in_the_mail_and_not_in_the_outbox(lead, settings):
    inbox = Inbox()
    with mail_server(settings, inbox):
        invitation = invite(lead)
        deliver_due(now=LATER)

    [mail] = inbox.mails
    text = mail.get_body(("plain",)).get_content()
    kept = Delivery.objects.get()
    assert (inbox.to, mail["To"]) == (["zoe@example.test"], "zoe@example.test")
    assert invitation_of(link_in(text), LATER) == invitation
    assert mail["List-Unsubscribe"] is None
    assert kept.text.count("/join/…/") == kept.html.count("/join/…/") == 1
    assert token_of(invitation).split(":")[0] not in kept.text + kept.html


def test_a_site_admin_reads_it_in_the_outbox(client, lead):
    invite(lead)
    deliver_due(now=LATER)
    client.force_login(make.user("Ada", is_site_admin=True))

    listed = client.get("/outbox/").content.decode()
    shown = client.get(f"/outbox/{Delivery.objects.get().pk}/").content.decode()

    assert "Lou Lead invites you to Search" in listed
    assert "zoe@example.test" in listed
    assert "zoe@example.test" in shown
