"""What happens is told at once: to whom it concerns, once, and never to who did it."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.launches.models import Comment, Launch
from readiness.launches.services import comments
from readiness.notifications.models import Channel, Delivery, Kind, Preference, Reader
from readiness.notifications.queries.preferences import wants
from readiness.notifications.services.delivering import deliver_due
from readiness.notifications.services.subscribing import unsubscribe_url
from readiness.notifications.services.telling import tell, tell_what_was_missed
from tests import make
from tests.notifications.given import MONDAY, Inbox, mail_server, owner, swept

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _no_receiver(monkeypatch) -> None:
    """Whoever was to queue the news died before."""
    monkeypatch.setattr("readiness.notifications.receivers.tell", lambda event, *, now: 0)


@pytest.fixture
def launch() -> Launch:
    return make.launch(name="Ads ranking v14", items=4)


@pytest.fixture
def priya(launch) -> User:
    return owner(launch)


def mention(launch: Launch, name: str = "Priya", by: User | None = None) -> Comment:
    return make.say(launch, f"@{name} can you rehearse this?", by=by or launch.lead, at=MONDAY)


def told() -> list[tuple[str, str, str, str]]:
    """Every message at once: to whom, what about, how it ended and why."""
    rows = Delivery.objects.exclude(event=None).order_by("pk")
    return list(rows.values_list("recipient__name", "kind", "state", "because"))


def test_who_is_mentioned_has_a_mail_that_stands_with_the_others_of_its_launch(
    launch, priya, settings, time_machine
):
    time_machine.move_to(MONDAY, tick=False)
    said = mention(launch)
    inbox = Inbox()

    with mail_server(settings, inbox):
        deliver_due(now=MONDAY)

    [mail] = inbox.mails
    assert inbox.to == [priya.email]
    assert mail["Subject"] == f"{launch.lead.name} mentions you: Ads ranking v14"
    assert mail["In-Reply-To"] == mail["References"] == f"<launch-{launch.pk}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in mail.iter_parts():
        for words in ("can you rehearse this?", "Delay, 0%", said.get_absolute_url()):
            assert words in part.get_content()


def test_nobody_hears_of_what_they_did_themselves(launch, time_machine):
    time_machine.move_to(MONDAY, tick=False)

    mention(launch, name=launch.lead.name)

    assert told() == []


@pytest.mark.usefixtures("_no_receiver")
def test_a_sweep_finds_what_a_crash_left_out_and_queues_it_once(launch, priya):
    mention(launch)
    before = told()

    queued = [swept(), swept()]

    assert (before, queued) == ([], [1, 0])
    assert told() == [("Priya Raman", "mentioned", "queued", "")]


def test_what_was_told_at_once_is_not_told_again_by_the_sweep(launch, priya, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    mention(launch)

    queued = swept()

    assert (queued, len(told())) == (0, 1)


@pytest.mark.usefixtures("_no_receiver")
def test_a_sweep_waits_for_a_transaction_that_began_before_and_ends_later(launch, priya):
    queued = []
    began, seen = transaction.atomic(), transaction.atomic

    def say_beside() -> None:
        with seen():
            mention(launch)
        connection.close()

    with began:
        Reader.objects.create(name="somebody else", transaction=0, event=0)  # takes a number
        beside = Thread(target=say_beside)
        beside.start()
        beside.join()
        sweeper = Thread(target=lambda: (queued.append(_sweep()), connection.close()))
        sweeper.start()
        sweeper.join()
    queued.append(_sweep())

    assert queued == [0, 1]


def _sweep() -> int:
    return swept()


def test_a_sweep_with_nothing_to_do_is_one_statement_over_an_index(launch, priya):
    mention(launch)
    tell_what_was_missed(now=MONDAY)

    with CaptureQueriesContext(connection) as statements:
        tell_what_was_missed(now=MONDAY)

    asked = [one["sql"] for one in statements if "audit_event" in one["sql"]]
    assert (len(asked), len(statements)) == (1, 3)  # and BEGIN and COMMIT
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked[0]}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "event_by_transaction" in plan
    assert "Index Cond: ((ROW(transaction, id) >" in plan


@pytest.mark.usefixtures("_no_receiver")
def test_a_reader_that_comes_from_another_server_begins_anew(launch, priya):
    mention(launch)
    Reader.objects.update(transaction=2**40)

    queued = swept()

    assert queued == 1


def test_what_is_a_week_old_is_no_news(launch, priya):
    mention(launch)
    event = Event.objects.get(kind="comment.written")

    queued = tell(event, now=MONDAY + timedelta(days=8))

    assert queued == 0


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("off", "This person wants no such mails any more, or is no longer here."),
        ("gone", "This person wants no such mails any more, or is no longer here."),
        ("foreign", "They may not see this launch any more."),
        ("reworded", "They are not mentioned there any more."),
    ],
)
def test_what_changes_between_queueing_and_sending_counts(
    launch, priya, time_machine, change, because
):
    time_machine.move_to(MONDAY, tick=False)
    said = mention(launch)
    if change == "off":
        Preference.objects.create(person=priya, kind="mentioned", channel="mail", is_on=False)
    elif change == "gone":
        User.objects.filter(pk=priya.pk).update(is_active=False)
    elif change == "foreign":
        priya.memberships.all().delete()
    else:
        words = {"text": "Never mind.", "number": 1, "by": launch.lead, "now": MONDAY}
        comments.edit(said, key=make.key(), **words)

    deliver_due(now=MONDAY)

    assert told() == [("Priya Raman", "mentioned", "skipped", because)]


def test_who_switched_a_kind_off_is_not_queued_for_it(launch, priya, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    Preference.objects.create(person=priya, kind="mentioned", channel="mail", is_on=False)

    mention(launch)

    assert told() == []


def test_one_click_stops_this_kind_alone_and_the_log_says_so(client, launch, priya):
    path = unsubscribe_url(priya, Kind.MENTIONED).removeprefix("http://localhost:8000")

    asked = client.get(path)
    unchanged = wants(priya, Kind.MENTIONED, Channel.MAIL)
    done = client.post(path, {"List-Unsubscribe": "One-Click"})

    priya.refresh_from_db()
    assert "Somebody mentions me in a comment" in asked.content.decode()
    assert "You get no more of these mails" in done.content.decode()
    assert (unchanged, wants(priya, Kind.MENTIONED, Channel.MAIL)) == (True, False)
    assert (priya.mails_on, wants(priya, Kind.ASKED, Channel.MAIL)) == (True, True)
    changes = Event.objects.get(kind="preferences.changed").payload["changes"]
    assert changes == {"mentioned by mail": [True, False]}


def test_an_admin_sees_every_state_of_news_and_why(client, launch, priya, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    mention(launch)
    client.force_login(make.user("Root", is_site_admin=True))
    waiting = client.get("/outbox/").content.decode()
    Preference.objects.create(person=priya, kind="mentioned", channel="mail", is_on=False)

    deliver_due(now=MONDAY)

    skipped = client.get("/outbox/?state=skipped").content.decode()
    assert "Somebody mentions me in a comment" in waiting
    assert "This person wants no such mails any more, or is no longer here." in skipped


@pytest.mark.parametrize("name", ["Ranker\r\nBcc: everyone@example.test", "R" * 400, "نور"])
def test_names_of_launches_stay_in_the_subject_of_news(launch, priya, settings, time_machine, name):
    time_machine.move_to(MONDAY, tick=False)
    Launch.objects.update(name=name[:120])
    mention(launch)
    inbox = Inbox()

    with mail_server(settings, inbox):
        deliver_due(now=MONDAY)

    [mail] = inbox.mails
    assert (mail["Bcc"], inbox.to) == (None, [priya.email])
    assert " ".join(name[:100].split()) in mail["Subject"]
