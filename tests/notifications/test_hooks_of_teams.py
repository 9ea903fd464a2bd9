"""Who manages a team adds channels, tries and removes them, and tells them once more."""

import json
from ipaddress import ip_network

import pytest

from readiness.accounts.models import Role
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone
from readiness.launches.services.redacting import redact
from readiness.notifications.models import Call, Hook, Way
from readiness.notifications.services import calling, hooks
from readiness.notifications.topics import Topic
from readiness.web.refusal import Refused
from tests import make
from tests.notifications.channels import NOW, body, called, header, hook, tick
from tests.notifications.given import swept
from tests.receiving import OK, receiver

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_replay_tells_the_same_once_more_under_the_same_name(launch, lead):
    with receiver(OK) as there:
        hook(launch, lead, there.url)
        tick(launch)
        called()
        again = hooks.replay(Call.objects.get(), by=lead, key=make.key(), now=NOW)
        called()

    assert (again.round, header(there, "webhook-id", 1)) == (2, header(there, "webhook-id"))
    assert body(there, 1) == body(there)


def test_a_test_says_that_nothing_happened(launch, lead):
    with receiver(OK) as there:
        made = hook(launch, lead, there.url)
        hooks.test_hook(made, by=lead, key=make.key(), now=NOW)
        ended = called()

    assert (ended, body(there)["type"]) == ([("sent", 200)], "test")


@pytest.mark.parametrize(
    "url", ["", "no address", "ftp://hooks.example/", "https://me:secret@hooks.example/"]
)
def test_what_is_no_address_is_refused_in_words(launch, lead, url):
    with pytest.raises(Refused, match="https://"):
        hook(launch, lead, url)


def test_an_address_inside_the_network_is_told_nothing_and_the_log_says_why(launch, lead, settings):
    settings.HOOKS_MAY_REACH = []
    hook(launch, lead, "https://localhost/")
    tick(launch)

    ended = called()

    assert ended == [("failed", None)]
    assert "inside a network" in Call.objects.get().because


def test_only_who_manages_the_team_adds_removes_tries_and_replays(launch, lead):
    made = hook(launch, lead, "https://hooks.example/")
    call = hooks.test_hook(made, by=lead, key=make.key(), now=NOW)
    member = make.user(team=launch.team)
    said = {"by": member, "now": NOW}

    for act in (
        lambda: hook(launch, member, "https://hooks.example/"),
        lambda: hooks.remove_hook(made, key=make.key(), **said),
        lambda: hooks.test_hook(made, key=make.key(), **said),
        lambda: hooks.replay(call, key=make.key(), **said),
    ):
        with pytest.raises(Refused, match="may not change this team"):
            act()


def test_a_form_that_is_sent_twice_adds_one_channel(launch, lead):
    said = {"way": Way.SLACK, "name": "#a", "url": "https://hooks.example/", "topics": [*Topic]}
    key = make.key()
    hooks.add_hook(launch.team, **said, by=lead, key=key, now=NOW)

    with pytest.raises(AlreadyDone):
        hooks.add_hook(launch.team, **said, by=lead, key=key, now=NOW)

    assert Hook.objects.count() == 1


def test_adding_and_removing_is_in_the_log_without_the_address(launch, lead):
    made = hook(launch, lead, "https://hooks.example/T0/secret")
    hooks.remove_hook(made, by=lead, key=make.key(), now=NOW)

    events = Event.objects.filter(kind__startswith="hook.").order_by("pk")
    assert [event.kind for event in events] == ["hook.added", "hook.removed"]
    assert "secret" not in json.dumps([event.payload for event in events])


def test_what_was_redacted_is_not_told(launch, lead):
    hook(launch, lead, "https://hooks.example/")
    event = tick(launch, note="the password is swordfish")
    swept(NOW)
    admin = make.user(is_site_admin=True)
    redact(event, because="A password.", by=admin, key=make.key(), now=NOW)

    assert called() == [("skipped", None)]
