"""The channels of a team: who leads it adds, tries and removes them, and sees every call."""

import pytest

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.notifications.models import Call, Hook
from readiness.notifications.services.calling import call_due, queue_calls
from tests import make

pytestmark = pytest.mark.django_db
SECRET = "T000/B000/swordfish"
SENT = {
    "way": "webhook",
    "name": "#launches",
    "url": f"https://hooks.example/{SECRET}",
    "topics": ["decisions", "checks"],
    "key": "a-key",
}


@pytest.fixture
def lead(client):
    person = make.user("Lea Lead", team=make.team(), role=Role.LEAD)
    client.force_login(person)
    return person


@pytest.fixture
def address(lead) -> str:
    return f"/teams/{lead.memberships.get().team_id}/channels/"


def test_a_channel_is_added_once_however_often_the_form_is_sent(client, address):
    first = client.post(address, SENT)
    client.post(address, SENT)

    hook = Hook.objects.get()
    assert first.headers["Location"] == f"/channels/{hook.pk}/"
    assert (hook.name, hook.url, hook.topics) == (
        "#launches", SENT["url"], ["checks", "decisions"],
    )  # fmt: skip


def test_its_address_is_shown_to_nobody_again_but_its_secret_is(client, address):
    client.post(address, SENT)
    hook = Hook.objects.get()

    pages = [client.get(path).text for path in (address, f"/channels/{hook.pk}/")]

    assert [SECRET in page for page in pages] == [False, False]
    assert ["hooks.example" in page for page in pages] == [True, True]
    assert [hook.secret in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Say how your team calls it."),
        ({"url": ""}, "Give the address that messages go to."),
        ({"url": "http://hooks.example/"}, "begins with https://"),
        ({"url": "https://a:b@hooks.example/"}, "begins with https://"),
        ({"topics": []}, "Choose at least one."),
        ({"way": "pigeon"}, "pigeon"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_nothing_typed_is_lost(client, address, wrong, says):
    page = client.post(address, SENT | wrong)

    assert page.status_code in {409, 422}
    assert says in page.text
    assert ('value="#launches"' in page.text) is ("name" not in wrong)
    assert Hook.objects.count() == 0


def test_a_test_is_queued_and_its_end_stands_in_the_log(client, address):
    client.post(address, SENT)
    hook = Hook.objects.get()

    client.post(f"/channels/{hook.pk}/test/", {"key": "another"}, follow=True)
    Call.objects.update(state="failed", settled_at=make.NOW, because="404 no such channel")
    page = client.get(f"/channels/{hook.pk}/").text

    assert "404 no such channel" in page
    assert ">Failed<" in page


def test_a_call_that_ended_is_sent_again_and_one_that_waits_is_not(client, lead, address):
    client.post(address, SENT)
    Hook.objects.update(made_at=make.NOW)
    launch = make.launch(items=3, team=lead.memberships.get().team, lead=lead, by=lead)
    make.sign(make.item(launch, 1), by=lead)
    event = Event.objects.get(kind=Kind.ITEM_SIGNED_OFF.value)
    queue_calls([event.pk], now=make.NOW)
    Call.objects.update(state="failed", settled_at=make.NOW)
    call = Call.objects.get()

    client.post(f"/calls/{call.pk}/replay/", {"key": "one"})
    page = client.post(f"/calls/{call.pk}/replay/", {"key": "two"}, follow=True)

    assert list(Call.objects.order_by("pk").values_list("round", "state")) == [
        (1, "failed"), (2, "queued"),
    ]  # fmt: skip
    assert "on its way again already" in page.text


def test_a_removed_channel_is_gone_from_the_list_and_hears_nothing_more(client, address):
    client.post(address, SENT)
    hook = Hook.objects.get()
    client.post(f"/channels/{hook.pk}/test/", {"key": "another"})

    client.post(f"/channels/{hook.pk}/remove/", {"key": "third"})
    call_due(now=Call.objects.get().queued_at)

    assert "hooks.example" not in client.get(address).text
    assert Call.objects.get().state == "skipped"


def test_who_is_only_a_member_does_not_see_channels(client, lead, address):
    member = make.user("Mo", team=lead.memberships.get().team)
    client.force_login(member)

    assert client.get(address).status_code == 403
    assert "Channels" not in client.get(address.removesuffix("channels/")).text


def test_the_log_goes_on_where_a_page_ended(client, address):
    client.post(address, SENT)
    hook = Hook.objects.get()
    said = {"queued_at": make.NOW, "not_before": make.NOW, "give_up_at": make.NOW}
    Call.objects.bulk_create(Call(hook=hook, **said) for _ in range(60))
    oldest = Call.objects.order_by("pk")[10].pk

    first = client.get(f"/channels/{hook.pk}/").text
    second = client.get(f"/channels/{hook.pk}/?before={oldest}").text

    assert (first.count("outbox__row--call"), f"?before={oldest}" in first) == (50, True)
    assert second.count("outbox__row--call") == 10
