"""The page of one's own channels, and the matrix of what comes on which."""

import pytest

from readiness.accounts.models import User
from readiness.audit.models import Event
from readiness.notifications.models import Delivery, OwnHook, Preference
from readiness.notifications.queries.preferences import ways
from readiness.notifications.services.calling_people import REMOVED
from tests import make

pytestmark = pytest.mark.django_db
PAGE, MATRIX = "/me/channels/", "/me/messages/"
SECRET = "T000/B000/swordfish"
SENT = {"way": "slack", "url": f"https://hooks.example/{SECRET}", "key": "a-key"}


@pytest.fixture
def priya(client) -> User:
    person = make.user("Priya Raman", team=make.team())
    client.force_login(person)
    return person


def test_a_channel_is_added_once_and_its_address_is_shown_to_nobody_again(client, priya):
    answers = [client.post(PAGE, SENT) for _ in range(2)]

    page = client.get(PAGE).text
    assert [answer.headers["Location"] for answer in answers] == [PAGE, PAGE]
    assert (OwnHook.objects.get().url, OwnHook.objects.get().person) == (SENT["url"], priya)
    assert (SECRET in page, "hooks.example" in page) == (False, True)
    assert ('value="slack">Slack' in page, 'value="teams">Microsoft Teams' in page) == (False, True)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": ""}, "Give the address that messages go to."),
        ({"url": "http://hooks.example/"}, "begins with https://"),
        ({"way": "pigeon"}, "Choose one that you do not have yet."),
        ({"way": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_where_it_is(client, priya, wrong, says):
    page = client.post(PAGE, SENT | wrong)

    assert (page.status_code in {409, 422}, says in page.text) == (True, True)
    assert OwnHook.objects.count() == 0


def test_a_second_of_one_way_is_refused_in_words(client, priya):
    client.post(PAGE, SENT)

    page = client.post(PAGE, SENT | {"key": "another"})

    assert page.status_code == 409
    assert "You have Slack already: remove it first." in page.text


def test_a_webhook_shows_its_secret_to_its_person(client, priya):
    client.post(PAGE, SENT | {"way": "webhook"})

    assert OwnHook.objects.get().secret in client.get(PAGE).text


def test_a_test_is_queued_once_and_what_became_of_it_stands_there(client, priya):
    client.post(PAGE, SENT)

    for _ in range(2):
        client.post(f"{PAGE}test/", {"way": "slack", "key": "test-1"})
    Delivery.objects.update(state="failed", settled_at=make.NOW, because="404 no such channel")
    page = client.get(PAGE).text

    assert Delivery.objects.count() == 1
    assert ("404 no such channel" in page, "Failed" in page) == (True, True)


def test_it_is_removed_and_nothing_more_goes_there(client, priya):
    client.post(PAGE, SENT)

    answer = client.post(f"{PAGE}remove/", {"way": "slack", "key": "remove-1"}, follow=True)

    assert "Nothing more goes there." in answer.text
    assert OwnHook.objects.filter(removed_at=None).count() == 0
    assert REMOVED.endswith(".")


@pytest.mark.parametrize("act", ["test", "remove"])
@pytest.mark.parametrize("way", ["slack", "pigeon", ""])
def test_nobody_reaches_the_channels_of_somebody_else(client, priya, act, way):
    other = make.user("Bea Bo")
    OwnHook.objects.create(person=other, way="slack", url=SENT["url"], made_at=make.NOW)

    answer = client.post(f"{PAGE}{act}/", {"way": way, "key": "a"}, follow=True)

    assert "You removed this channel already." in answer.text
    assert "hooks.example" not in client.get(PAGE).text
    assert (OwnHook.objects.get().removed_at, Delivery.objects.count()) == (None, 0)


def test_an_admin_sees_the_delivery_and_never_the_address(client, priya):
    client.post(PAGE, SENT)
    client.post(f"{PAGE}test/", {"way": "slack", "key": "test-1"})
    client.force_login(make.user("Root", is_site_admin=True))

    pages = [
        client.get(path).text for path in ("/outbox/", f"/outbox/{Delivery.objects.get().pk}/")
    ]

    assert [(SECRET in page, "Priya Raman, Slack" in page) for page in pages] == [(False, True)] * 2


def ticked(page: str) -> dict[str, bool]:
    """Which of the ticks that there are is on."""
    boxes = [one.split(">")[0] for one in page.split('<input type="checkbox" name="')[1:]]
    return {one.split('"')[0]: "checked" in one for one in boxes}


def test_the_matrix_has_a_column_for_each_channel_and_no_tick_where_nothing_comes(client, priya):
    alone = ticked(client.get(MATRIX).text)
    client.post(PAGE, SENT)
    client.post(PAGE, SENT | {"way": "webhook", "key": "another"})

    both = ticked(client.get(MATRIX).text)

    assert alone == dict.fromkeys(ways(), True)
    assert {name for name, is_on in both.items() if not is_on} == {"digest-slack"}
    assert [name for name in both if name.startswith(("digest", "weekly"))] == [
        "digest-mail", "digest-slack", "weekly-mail",
    ]  # fmt: skip
    assert ("asked-webhook" in both, "asked-teams" in both) == (True, False)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_what_is_ticked_is_kept_for_each_channel_and_the_log_says_so(client, priya, headers):
    client.post(PAGE, SENT)
    said = ticked(client.get(MATRIX).text)
    said |= {"digest-slack": True, "mentioned-slack": False}

    answer = client.post(
        MATRIX, {name: "on" for name, is_on in said.items() if is_on}, headers=headers
    )

    chosen = Preference.objects.order_by("kind").values_list("kind", "channel", "is_on")
    assert answer.headers["Location"] == f"{MATRIX}?saved"
    assert list(chosen) == [("digest", "slack", True), ("mentioned", "slack", False)]
    assert ticked(client.get(MATRIX).text) == said
    changes = Event.objects.get(kind="preferences.changed").payload["changes"]
    assert changes == {"digest by slack": [False, True], "mentioned by slack": [True, False]}


def test_of_a_channel_that_one_has_not_nothing_is_chosen(client, priya):
    client.post(MATRIX, dict.fromkeys([*ways(), "digest-slack"], "on"))

    assert Preference.objects.count() == 0


def test_the_page_costs_the_same_for_one_message_and_for_forty(
    client, priya, django_assert_num_queries
):
    client.post(PAGE, SENT)
    for count in (1, 40):
        while Delivery.objects.count() < count:
            Delivery.objects.update(state="sent", settled_at=make.NOW)
            client.post(f"{PAGE}test/", {"way": "slack", "key": make.key()})
        client.get(PAGE)
        with django_assert_num_queries(4):
            client.get(PAGE)
