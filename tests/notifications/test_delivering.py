"""Every owed message ends sent, failed, unknown or skipped, and none is accepted twice."""

import socket
import uuid
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import User
from readiness.launches.models import LaunchItem
from readiness.notifications.models import Delivery, State
from readiness.notifications.services.delivering import LEASE, claim, deliver_due, settle
from readiness.notifications.services.queueing import queue_digests
from readiness.notifications.services.smtp import MailServer
from tests import make
from tests.notifications.given import (
    MONDAY,
    Inbox,
    Scripted,
    ended,
    mail_server,
    owner,
    owns,
    remind,
    use,
)

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = "2026-11-23"


@pytest.fixture
def priya() -> User:
    """A person with one late item."""
    launch = make.launch(items=5)
    person = owner(launch)
    owns(person, launch, -1)
    return person


def test_without_a_mail_server_the_mail_is_kept_and_counts_as_sent(priya):
    remind()

    mail = Delivery.objects.get()
    assert (mail.state, mail.address, mail.settled_at) == ("sent", priya.email, MONDAY)
    assert mail.subject.startswith("1 late: ")


def test_what_is_done_between_queueing_and_sending_is_gone(priya):
    queue_digests(now=MONDAY)
    make.sign(LaunchItem.objects.get(owner=priya), by=priya)

    deliver_due(now=MONDAY)

    assert ended() == [(TODAY, "skipped")]


def test_what_was_handed_to_somebody_else_is_gone(priya):
    queue_digests(now=MONDAY)
    LaunchItem.objects.filter(owner=priya).update(owner=None)

    deliver_due(now=MONDAY)

    assert ended() == [(TODAY, "skipped")]


def test_who_stopped_mails_after_queueing_gets_none(priya):
    queue_digests(now=MONDAY)
    User.objects.filter(pk=priya.pk).update(mails_on=False)

    deliver_due(now=MONDAY)

    assert ended() == [(TODAY, "skipped")]


def test_who_may_no_longer_see_a_launch_hears_nothing_of_it(priya):
    queue_digests(now=MONDAY)
    priya.memberships.all().delete()

    deliver_due(now=MONDAY)

    assert ended() == [(TODAY, "skipped")]


@pytest.mark.parametrize(
    ("answers", "state", "accepted"),
    [
        ({"hello": "hang"}, "queued", 0),
        ({"hello": "drip"}, "queued", 0),
        ({"hello": "554 no"}, "queued", 0),
        ({"hello": "drop"}, "queued", 0),
        ({"ehlo": "drip"}, "queued", 0),
        ({"mail": "421 later"}, "queued", 0),
        ({"rcpt": "451 greylisted"}, "queued", 0),
        ({"rcpt": "550 no such person"}, "failed", 0),
        ({"data": "452 full"}, "queued", 0),
        ({"data": "554 no"}, "failed", 0),
        ({"data": "drop"}, "queued", 0),
        ({"dot": "451 try again"}, "queued", 0),
        ({"dot": "554 spam"}, "failed", 0),
        ({"dot": "drop"}, "unknown", 1),
        ({"dot": "hang"}, "unknown", 1),
        ({"dot": "drip"}, "unknown", 1),
        ({"quit": "hang"}, "sent", 1),
    ],
)
def test_however_the_server_fails_the_state_is_true(priya, settings, answers, state, accepted):
    with Scripted(settings, **answers) as server:
        remind()

    mail = Delivery.objects.get()
    assert (mail.state, server.accepted, mail.attempts) == (state, accepted, 1)
    assert bool(mail.because) == (state != "sent")


@pytest.mark.parametrize("wrong", [{"dot": "drop"}, {"dot": "hang"}])
def test_a_mail_that_may_have_arrived_is_never_sent_again(priya, settings, wrong):
    with Scripted(settings, **wrong) as server:
        remind()
        for hours in range(1, 12):
            remind(MONDAY + timedelta(hours=hours))

    assert (ended(), server.accepted) == ([(TODAY, "unknown")], 1)


def test_a_mail_that_was_put_back_goes_out_when_the_server_is_well(priya, settings):
    with Scripted(settings, rcpt="451 greylisted"):
        remind()
    inbox = Inbox()

    with mail_server(settings, inbox):
        deliver_due(now=MONDAY + timedelta(minutes=1))
        too_early = len(inbox.mails)
        deliver_due(now=MONDAY + timedelta(minutes=2))

    assert (too_early, len(inbox.mails), ended()) == (0, 1, [(TODAY, "sent")])


def test_a_server_that_is_away_all_day_fails_the_digest_for_all_to_see(priya, settings):
    use(settings, 9)
    remind()

    deliver_due(now=MONDAY.replace(hour=0) + timedelta(days=1))

    mail = Delivery.objects.get()
    assert (mail.state, "refused" in mail.because) == ("failed", True)


def test_a_server_that_is_away_is_dialled_once_a_sweep(settings):
    launch = make.launch(items=5)
    for position in range(1, 4):
        person = owner(launch, f"Person {position}")
        item = make.item(launch, position)
        LaunchItem.objects.filter(pk=item.pk).update(owner=person, due_on=MONDAY.date())

    with Scripted(settings, hello="421 busy") as server:
        remind()

    assert server.dialled == 1


def test_a_batch_goes_over_one_connection(settings):
    launch = make.launch(items=5)
    for position in range(1, 4):
        person = owner(launch, f"Person {position}")
        item = make.item(launch, position)
        LaunchItem.objects.filter(pk=item.pk).update(owner=person, due_on=MONDAY.date())

    with Scripted(settings) as server:
        remind()

    assert (server.dialled, server.accepted) == (1, 3)


def test_the_dot_of_a_mail_does_not_wait_for_word_of_what_was_sent_before_it(settings):
    with Scripted(settings), MailServer() as server:
        server.hand_over(b"Subject: 1 late", to="a@example.test", before_the_dot=lambda: None)

        assert server.line.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_the_encryption_that_is_set_gets_nothing(priya, settings, security):
    inbox = Inbox()

    with mail_server(settings, inbox):
        use(settings, settings.EMAIL_PORT, security)
        remind()

    assert (inbox.mails, ended()) == ([], [(TODAY, "queued")])


def test_a_worker_killed_before_the_dot_leaves_a_mail_that_is_sent_later(priya, settings):
    queue_digests(now=MONDAY)
    claim(MONDAY)
    inbox = Inbox()

    with mail_server(settings, inbox):
        deliver_due(now=MONDAY + LEASE - timedelta(seconds=1))
        while_leased = len(inbox.mails)
        deliver_due(now=MONDAY + LEASE)

    assert (while_leased, len(inbox.mails), ended()) == (0, 1, [(TODAY, "sent")])


def test_a_worker_killed_at_the_dot_leaves_an_unknown_that_is_not_sent_again(priya, settings):
    queue_digests(now=MONDAY)
    claim(MONDAY)
    Delivery.objects.update(handed_over_at=MONDAY)
    inbox = Inbox()

    with mail_server(settings, inbox):
        deliver_due(now=MONDAY + LEASE)

    assert (inbox.mails, ended()) == ([], [(TODAY, "unknown")])


def test_who_lost_the_lease_sends_nothing_and_writes_nothing(priya, settings):
    queue_digests(now=MONDAY)

    class Thief(Inbox):
        async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
            await __import__("asyncio").to_thread(self.steal)
            envelope.rcpt_tos.append(address)
            return "250 OK"

        def steal(self) -> None:
            Delivery.objects.update(lease=uuid.uuid4())
            connection.close()

    inbox = Thief()
    with mail_server(settings, inbox):
        deliver_due(now=MONDAY)

    assert (inbox.mails, ended()) == ([], [(TODAY, "sending")])


def test_an_end_written_under_an_old_lease_is_not_taken(priya):
    queue_digests(now=MONDAY)
    first = claim(MONDAY)
    claim(MONDAY + LEASE)

    settle(first, State.FAILED, MONDAY)

    assert ended() == [(TODAY, "sending")]


def test_two_workers_at_once_send_one_mail_each_person(settings):
    launch = make.launch(items=10)
    for position in range(1, 9):
        person = owner(launch, f"Person {position}")
        item = make.item(launch, position)
        LaunchItem.objects.filter(pk=item.pk).update(owner=person, due_on=MONDAY.date())
    inbox, together = Inbox(), Barrier(2)

    def work() -> None:
        together.wait()
        remind()
        connection.close()

    with mail_server(settings, inbox):
        workers = [Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()

    assert (len(inbox.to), len(set(inbox.to))) == (8, 8)
    assert {state for _, state in ended()} == {"sent"}


def test_a_row_that_somebody_is_claiming_is_passed_over():
    launch = make.launch(items=3)
    for item in launch.items.all()[:2]:
        LaunchItem.objects.filter(pk=item.pk).update(owner=owner(launch), due_on=MONDAY.date())
    queue_digests(now=MONDAY)
    claimed = []

    def claim_beside() -> None:
        claimed.append(claim(MONDAY))
        connection.close()

    with transaction.atomic():
        claimed.append(claim(MONDAY))
        beside = Thread(target=claim_beside)
        beside.start()
        beside.join(timeout=10)

    assert len({delivery.pk for delivery in claimed}) == 2


def test_a_sweep_with_nothing_to_do_is_one_statement_over_the_partial_index(priya):
    remind()
    with CaptureQueriesContext(connection) as statements:
        deliver_due(now=MONDAY + timedelta(hours=1))

    assert len(statements) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_sort = off")
        cursor.execute(f"EXPLAIN {statements[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan; RESET enable_sort")
    assert "delivery_to_do" in plan


def test_nothing_is_said_to_the_network_in_a_transaction(priya, settings):
    inbox, seen = Inbox(), []

    async def handle_DATA(server, session, envelope):  # noqa: N802
        seen.append(sender.in_atomic_block)
        return "250 OK"

    sender = connections["default"]  # of this thread, not of the server's
    inbox.handle_DATA = handle_DATA
    with mail_server(settings, inbox):
        remind()

    assert seen == [False]
