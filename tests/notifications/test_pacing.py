"""No more mails a minute go to one domain than the settings let go; the others go on."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role, User
from readiness.audit import inviting
from readiness.launches.models import LaunchItem
from readiness.notifications.models import Delivery
from readiness.notifications.services.delivering import LEASE, claim, deliver_due
from readiness.notifications.services.pacing import must_wait
from readiness.notifications.services.queueing import queue_digests
from tests import make
from tests.notifications.given import MONDAY, Inbox, Scripted, mail_server, owner

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = "Mails to example.test go out at {} a minute at most."


def after(**time: int) -> datetime:
    return MONDAY + timedelta(**time)


def queue(count: int, *, elsewhere: int = 0) -> list[str]:
    """A digest each for so many people of one domain, and then for some of another."""
    launch = make.launch(items=count + elsewhere)
    for number, item in enumerate(launch.items.all()):
        person = owner(launch, f"Person {number}")
        if number >= count:
            User.objects.filter(pk=person.pk).update(email=f"person-{number}@elsewhere.test")
        LaunchItem.objects.filter(pk=item.pk).update(owner=person, due_on=MONDAY.date())
    queue_digests(now=MONDAY)
    return sorted(one.to_address for one in Delivery.objects.all())


def waiting() -> list[tuple]:
    """What waits: since how many tries, from when on, and why."""
    found = Delivery.objects.filter(state="queued", lease=None).order_by("not_before", "pk")
    return list(found.values_list("attempts", "not_before", "because"))


def test_a_domain_gets_its_share_each_minute_and_others_are_not_held_up(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = 2
    addresses = queue(5, elsewhere=2)
    inbox, sent = Inbox(), {}

    with mail_server(settings, inbox):
        for seconds in (0, 30, 59, 60, 90, 120, 180):
            deliver_due(now=after(seconds=seconds))
            sent[seconds] = len(inbox.to)

    assert sent == {0: 4, 30: 4, 59: 4, 60: 6, 90: 6, 120: 7, 180: 7}
    assert sorted(inbox.to) == addresses
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_what_is_put_off_says_why_and_is_spread_over_the_minutes(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = 2
    queue(7)

    with Scripted(settings):
        deliver_due(now=MONDAY)

    assert waiting() == [
        (0, after(minutes=minutes), WAITS.format(2)) for minutes in (1, 1, 2, 2, 3)
    ]


def test_all_of_a_domain_are_put_off_by_one_statement(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = 1
    queue(8)

    with Scripted(settings), CaptureQueriesContext(connection) as statements:
        dealt_with = deliver_due(now=MONDAY)

    put_off = [one for one in statements if "WITH gone AS" in one["sql"]]
    assert (dealt_with, len(put_off), len(waiting())) == (2, 2, 7)


def test_what_comes_later_waits_with_the_others(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = 1
    inbox, sent = Inbox(), []
    with mail_server(settings, inbox):
        queue(2)
        deliver_due(now=MONDAY)
        queue(2)

        for seconds in (20, 60, 120, 180, 240):
            deliver_due(now=after(seconds=seconds))
            sent.append(len(inbox.to))

    assert (sent, len(set(inbox.to))) == ([1, 2, 3, 4, 4], 4)


def test_invitations_count_however_their_address_is_written(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = 1
    lead = make.user("Lou Lead", team=make.team("Search"), role=Role.LEAD)
    team = lead.memberships.get().team
    for email in ("zoe@Example.TEST", "yan@example.test"):
        inviting.invite(email, team=team, roles=[Role.MEMBER], by=lead, key=make.key(), now=MONDAY)
    Delivery.objects.update(not_before=MONDAY)

    with Scripted(settings) as server:
        deliver_due(now=MONDAY)

    assert (server.accepted, waiting()) == (1, [(0, after(minutes=1), WAITS.format(1))])


def test_what_cannot_go_in_time_ends_when_its_time_is_over_and_says_why(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = 1
    queue(3)
    Delivery.objects.update(give_up_at=after(seconds=90))

    with Scripted(settings) as server:
        for seconds in (0, 60, 90):
            deliver_due(now=after(seconds=seconds))

    ended = Delivery.objects.order_by("settled_at").values_list("state", "settled_at", "because")
    assert (server.accepted, list(ended)) == (2, [
        ("sent", MONDAY, ""),
        ("sent", after(seconds=60), ""),
        ("failed", after(seconds=90), WAITS.format(1)),
    ])  # fmt: skip


def test_what_another_worker_holds_is_left_to_it(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN, settings.EMAIL_HOST = 1, "127.0.0.1"
    queue(3)
    theirs, gone, ours = (claim(MONDAY) for _ in range(3))
    Delivery.objects.filter(pk=gone.pk).update(handed_over_at=MONDAY, address=gone.to_address)

    is_put_off = must_wait(ours, MONDAY)

    held = Delivery.objects.filter(pk=theirs.pk).values_list("state", "lease", "not_before")
    assert (is_put_off, list(held)) == (True, [("sending", theirs.lease, MONDAY + LEASE)])
    assert waiting() == [(0, after(minutes=1), WAITS.format(1))]


def test_two_workers_at_once_hand_over_one_more_at_most_and_in_the_end_all_once(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = 4
    addresses = queue(12)
    inbox, together = Inbox(), Barrier(2)

    def work() -> None:
        together.wait()
        deliver_due(now=MONDAY)
        connection.close()

    with mail_server(settings, inbox):
        workers = [Thread(target=work) for _ in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        at_once = len(inbox.to)
        for minutes in range(1, 5):
            deliver_due(now=after(minutes=minutes))

    assert at_once in (4, 5)
    assert (sorted(inbox.to), waiting()) == (addresses, [])


@pytest.mark.parametrize(("limit", "host", "asked"), [(0, True, 0), (5, False, 0), (5, True, 1)])
def test_only_a_limit_on_what_goes_out_costs_a_statement(settings, limit, host, asked):
    settings.MAILS_PER_MINUTE_AND_DOMAIN = limit
    queue(1)

    with Scripted(settings), CaptureQueriesContext(connection) as statements:
        settings.EMAIL_HOST = settings.EMAIL_HOST if host else ""
        deliver_due(now=MONDAY)

    counting = [one for one in statements if "WITH gone AS" in one["sql"]]
    assert (len(counting), Delivery.objects.get().state) == (asked, "sent")


def long_in_use(person: User) -> None:
    """A thousand mails went out nine days ago, and PostgreSQL knows of them."""
    then = after(days=-9)
    times = dict.fromkeys(
        ("due_at", "give_up_at", "not_before", "queued_at", "handed_over_at", "settled_at"), then
    )
    mails = [
        Delivery(
            recipient=person, kind="digest", window=f"{number}", channel="mail", state="sent",
            address=f"{number}@{number}.test", message_id=f"{number}", **times,
        )
        for number in range(1_000)
    ]  # fmt: skip
    Delivery.objects.bulk_create(mails)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE notifications_delivery")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_counting_reads_what_went_to_the_domain_and_putting_off_what_is_due(settings):
    settings.MAILS_PER_MINUTE_AND_DOMAIN, settings.EMAIL_HOST = 1, "127.0.0.1"
    queue(1)
    mail = claim(MONDAY)
    with CaptureQueriesContext(connection) as statements:
        must_wait(mail, MONDAY)

    long_in_use(mail.recipient)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statements[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert [name for name in ("delivery_by_domain", "delivery_to_do") if name not in plan] == []
