"""Channels outside hear what their team asked for, once, whatever the other side does."""

import base64
import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_network
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models.launches import Stage
from readiness.launches.services.life import move
from readiness.notifications.models import Call, Hook, Way
from readiness.notifications.services import calling, hooks
from readiness.notifications.services.calling import call_due, queue_calls
from readiness.notifications.topics import TOPICS, Topic
from tests import make
from tests.notifications.channels import NOW, body, called, header, hook, tick
from tests.notifications.given import swept
from tests.receiving import OK, receiver

pytestmark = pytest.mark.django_db(transaction=True)
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"


@pytest.fixture(autouse=True)
def _loopback(time_machine, settings, monkeypatch):
    time_machine.move_to(NOW, tick=False)
    settings.HOOKS_MAY_REACH = [ip_network("127.0.0.0/8")]
    monkeypatch.setattr(calling, "CALL_SECONDS", 0.5)


@pytest.fixture
def launch():
    return make.launch(items=5)


@pytest.fixture
def lead(launch):
    return make.user("Lea Lead", team=launch.team, role=Role.LEAD)


def test_a_webhook_hears_of_a_check_in_words_and_as_data_signed(launch, lead):
    with receiver(OK) as there:
        made = hook(launch, lead, there.url)
        event = tick(launch)
        ended = called()

    name, stamp = header(there, "webhook-id"), header(there, "webhook-timestamp")
    sent = there.heard[0].partition(b"\r\n\r\n")[2]
    secret = base64.b64decode(made.secret.removeprefix("whsec_"))
    digest = hmac.new(secret, f"{name}.{stamp}.".encode() + sent, hashlib.sha256).digest()
    assert ended == [("sent", 200)]
    assert name == f"event-{event.pk}-hook-{made.pk}"
    assert header(there, "webhook-signature") == f"v1,{base64.b64encode(digest).decode()}"
    said = body(there)
    assert (said["type"], said["data"]["launch"]["name"]) == ("item.signed_off", launch.name)
    assert said["data"]["sentence"].startswith(f"{launch.opened_by.name} checked ")


def test_slack_reads_names_as_words_and_never_as_markup(launch, lead):
    launch.opened_by.name = "<!channel> & co"
    launch.opened_by.save()

    with receiver(OK) as there:
        hook(launch, lead, there.url, way=Way.SLACK)
        tick(launch)
        called()

    said = body(there)
    assert said["text"].startswith("&lt;!channel&gt; &amp; co checked ")
    stands = said["blocks"][1]["elements"][0]
    assert (stands["type"], launch.name in stands["text"]) == ("plain_text", True)


def test_teams_gets_a_card_whose_words_mark_nothing_up(launch, lead):
    launch.opened_by.name = "[a](https://b.example)"
    launch.opened_by.save()

    with receiver(OK) as there:
        hook(launch, lead, there.url, way=Way.TEAMS)
        tick(launch)
        called()

    card = body(there)["attachments"][0]["content"]
    assert card["body"][0]["text"].startswith(r"\[a\]\(https://b.example\) checked ")
    assert card["actions"][0]["url"].startswith("http://localhost")


def test_a_team_hears_only_of_its_own_launches_and_of_what_it_asked_for(launch, lead):
    other = make.launch(items=5)
    hook(launch, lead, "https://hooks.example/", topics=[Topic.LAUNCHES])

    tick(launch)
    move_to_hold(other, other.opened_by)
    swept(NOW)

    assert Call.objects.count() == 0


def test_what_happens_to_a_launch_is_queued_by_the_sweep_that_is_asked_for(launch, lead):
    hook(launch, lead, "https://hooks.example/", topics=[Topic.LAUNCHES])

    move_to_hold(launch, lead)
    before = Call.objects.count()
    swept(NOW)

    assert (before, Call.objects.get().event.kind) == (0, "launch.moved")


def test_a_check_is_queued_by_the_sweep_so_that_it_costs_nobody_time(launch, lead):
    hook(launch, lead, "https://hooks.example/")

    tick(launch)
    before = Call.objects.count()
    swept(NOW)

    assert (before, Call.objects.count()) == (0, 1)


def test_queueing_again_changes_nothing(launch, lead):
    hook(launch, lead, "https://hooks.example/")
    event = tick(launch)

    counts = [queue_calls([event.pk, event.pk], now=NOW) for _ in range(3)]

    assert (counts, Call.objects.count()) == ([1, 0, 0], 1)


def test_what_happened_before_a_channel_was_added_is_not_told(launch, lead):
    event = tick(launch)
    hook(launch, lead, "https://hooks.example/")
    Hook.objects.update(made_at=NOW + timedelta(seconds=1))

    assert queue_calls([event.pk], now=NOW) == 0


@pytest.mark.parametrize(
    ("pieces", "ended"),
    [
        ((b"HTTP/1.1 404 Gone away\r\nContent-Length: 0\r\n\r\n",), ("failed", 404)),
        ((b"HTTP/1.1 301 Moved\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n",),
         ("failed", 301)),
        ((BUSY,), ("queued", 503)),
        ((b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n",), ("queued", 429)),
        ((), ("queued", None)),
        ((b"H",), ("queued", None)),
    ],
    ids=["refuses", "redirects", "is busy", "limits", "cuts the line", "drips"],
)  # fmt: skip
def test_a_webhook_is_called_again_only_where_that_can_help(launch, lead, pieces, ended):
    with receiver(*pieces) as there:
        hook(launch, lead, there.url)
        tick(launch)

        assert called() == [ended]


@pytest.mark.parametrize(("policy", "ended"), [(False, "unknown"), (True, "queued")])
def test_who_cannot_tell_a_repeat_is_not_called_again_after_silence(
    launch, lead, settings, policy, ended
):
    settings.RESENDS_AFTER_SILENCE = policy

    with receiver() as there:
        hook(launch, lead, there.url, way=Way.SLACK)
        tick(launch)
        found = called()

    assert found == [(ended, None)]


def test_nobody_there_is_tried_later_whoever_it_is(launch, lead):
    with receiver() as there:
        url = there.url
    hook(launch, lead, url, way=Way.SLACK)
    tick(launch)

    assert called() == [("queued", None)]


def test_tries_come_further_and_further_apart_under_one_name_until_one_is_taken(launch, lead):
    with receiver(BUSY) as there:
        hook(launch, lead, there.url)
        tick(launch)
        called()
        waits, now = [], NOW
        for _ in range(3):
            until = Call.objects.get().not_before
            waits.append((until - now).total_seconds())
            now = until
            call_due(now=now)
        there.pieces = (OK,)
        call_due(now=Call.objects.get().not_before)

        assert waits == [10, 60, 300]
        assert {header(there, "webhook-id", number) for number in range(5)} == {
            header(there, "webhook-id")
        }
    assert Call.objects.values_list("state", "attempts").get() == ("sent", 5)


def test_a_busy_server_is_left_alone_as_long_as_it_asks_for(launch, lead):
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n"
    with receiver(busy) as there:
        hook(launch, lead, there.url)
        tick(launch)
        called()

    assert Call.objects.get().not_before == NOW + timedelta(hours=1)


def test_after_three_days_nobody_is_called_any_more_and_the_last_reason_stands(launch, lead):
    with receiver(BUSY) as there:
        hook(launch, lead, there.url)
        tick(launch)
        called()
        call_due(now=NOW + timedelta(days=3))

    assert Call.objects.values_list("state", "because").get() == ("failed", "503 busy")


def test_who_says_gone_is_removed_and_the_history_says_so(launch, lead):
    with receiver(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n") as there:
        made = hook(launch, lead, there.url)
        tick(launch)
        called()

    made.refresh_from_db()
    [told] = Event.objects.filter(kind=Happened.HOOK_REMOVED.value)
    assert made.removed_at == NOW
    assert (told.team_id, told.by, told.printed_name) == (launch.team_id, None, "Readiness")
    assert told.payload == {"way": "webhook", "name": made.name, "hook": made.pk}


def test_of_a_removed_channel_nothing_is_sent_any_more(launch, lead):
    made = hook(launch, lead, "https://hooks.example/")
    tick(launch)
    swept(NOW)
    hooks.remove_hook(made, by=lead, key=make.key(), now=NOW)

    assert called() == [("skipped", None)]


def test_a_call_whose_worker_died_is_taken_over_when_its_lease_ran_out(launch, lead):
    with receiver(OK) as there:
        hook(launch, lead, there.url)
        tick(launch)
        swept(NOW)
        dead = calling._claimed(NOW)
        Call.objects.update(handed_over_at=NOW)

        held = call_due(now=NOW + timedelta(seconds=89))
        later = called(NOW + timedelta(seconds=91))
        calling.bring_to_an_end(dead, NOW)

    assert (held, later, len(there.heard)) == (0, [("sent", 200)], 1)


def test_of_two_workers_one_makes_each_call(launch, lead):
    with receiver(OK) as there:
        hook(launch, lead, there.url)
        for place in range(1, 6):
            make.sign(make.item(launch, place), by=launch.opened_by, at=NOW)
        swept(NOW)
        gate = Barrier(4)

        def work():
            gate.wait()
            call_due(now=NOW)
            connections.close_all()

        threads = [Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len({header(there, "webhook-id", number) for number in range(5)}) == 5
    assert len(there.heard) == 5


def test_with_nothing_to_do_it_is_one_statement():
    with CaptureQueriesContext(
        connection,
    ) as asked:
        call_due(now=NOW)

    assert len(asked) == 1


def test_every_topic_has_kinds_and_no_kind_has_two():
    kinds = [kind for _, heard in TOPICS.values() for kind in heard]

    assert (len(kinds), [topic for topic in Topic if not TOPICS[topic][1]]) == (
        len(set(kinds)), [],
    )  # fmt: skip


def move_to_hold(launch, by) -> None:
    move(launch, to=Stage.ON_HOLD, because="Waits.", by=by, edition=launch.edition,
         key=make.key(), now=NOW)  # fmt: skip
