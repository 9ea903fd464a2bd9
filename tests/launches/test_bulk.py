"""The selected items of a launch: asked about, changed in one request, reported, taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role
from readiness.audit.models import Event
from readiness.launches.models import LaunchItem
from tests import make
from tests.launches.reading import form_to, marks, words
from tests.launches.sending import HTMX

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
UNREADABLE = "The selection cannot be read: an item comes without its version. Select again."
NOT_WEB = "Give a web address that starts with https:// or http://."
KIND = "items.changed_together"


@pytest.fixture
def launch(team, ann):
    return make.launch(team=team, by=ann, items=7, signed_off=3, name="Ads ranking v14")


def pairs(launch, *places):
    return [f"{item.pk}.{item.version}" for item in (make.item(launch, one) for one in places)]


def send(client, launch, act, items, htmx=True, **said):
    fields = {"act": act, "items": items, "key": make.key(), **said}
    return client.post(f"/launches/{launch.pk}/bulk/", fields, headers=HTMX if htmx else {})


def owners(launch):
    return list(launch.items.values_list("owner__name", flat=True))


def test_one_answer_brings_the_rows_and_all_they_touch(client, ann, launch):
    items = pairs(launch, 4, 5, 7)

    response = send(client, launch, "done", items)

    assert response.status_code == 200
    assert [one["data-status"] for one in marks(response, "item")] == ["done"] * 3
    assert {one["hx-swap-oob"] for one in marks(response, "item")} == {"true"}
    assert len(marks(response, "sec__head")) == len(marks(response, "tile")) == 2
    assert "6 of 7 items are checked." in words(response, "vcard__say")[0]
    assert words(response, "toast") == [
        "3 items checked. Ads ranking v14 is at 85.7%. UndoZ",
    ]
    assert words(response, "feed")[0].startswith("AAAnn checked 3 items together")


def test_a_row_that_was_refused_comes_back_saying_why(client, team, launch):
    items = pairs(launch, 4, 5)
    make.sign(make.item(launch, 5), by=make.user("Priya Raman", team=team))

    response = send(client, launch, "assign", items, to="")

    assert words(response, "item__note") == [
        "Priya Raman changed this just now. Nothing was lost. See both"
    ]
    assert words(response, "toast")[0].startswith(
        "1 item left without an owner, 1 not. 1.5: Priya Raman changed this just now."
    )


def test_where_all_were_refused_the_rows_say_why_and_there_is_nothing_to_undo(client, launch):
    response = send(client, launch, "done", pairs(launch, 1, 2))

    assert response.status_code == 409
    assert words(response, "toast") == [
        "Nothing was changed. 1.1, 1.2: You signed this off already."
    ]


def test_one_undo_takes_the_whole_act_back(client, ann, launch):
    done = send(client, launch, "assign", pairs(launch, 4, 5, 6), to=ann.pk)
    event = Event.objects.get(kind=KIND)
    address = f"/changes/{event.pk}/undo/"

    response = client.post(address, form_to(done, address), headers=HTMX)

    assert owners(launch) == [None] * 7
    assert words(response, "toast") == ["3 items set back. Ads ranking v14 is at 42.9%."]
    assert len(marks(response, "item")) == 3


def test_the_same_form_again_is_answered_as_the_first_time(client, ann, launch):
    items, key = pairs(launch, 4, 5), make.key()

    first, second = (send(client, launch, "assign", items, to=ann.pk, key=key) for _ in range(2))

    assert words(first, "toast") == words(second, "toast")
    assert Event.objects.filter(kind=KIND).count() == 1


def test_without_javascript_it_is_asked_on_a_page_and_reported_in_words(client, ann, launch):
    address = f"/launches/{launch.pk}/bulk/"
    asked = {"act": "assign", "items": [" ".join(pairs(launch, 4, 5)), *pairs(launch, 5)]}

    page = client.get(address, asked)
    fields = form_to(page, address) | {"items": pairs(launch, 4, 5), "to": ann.pk}
    response = client.post(address, fields, follow=True)

    assert words(page, "chosen")[0].count("1.") == 2
    assert response.redirect_chain == [(f"/launches/{launch.pk}/", 302)]
    assert words(response, "toast") == [
        "2 items handed over to Ann Ash. Ads ranking v14 is at 42.9%."
    ]


def test_from_the_history_ones_own_act_is_taken_back_as_long_as_it_stands(
    client, team, ann, launch
):
    send(client, launch, "done", pairs(launch, 4, 5))
    address = f"/changes/{Event.objects.get(kind=KIND).pk}/undo/"
    history = f"/launches/{launch.pk}/history/"

    shown = client.get(history).content.decode()
    response = client.post(address, follow=True)

    assert address in shown
    assert words(response, "toast")[0].startswith("2 items set back.")
    assert address not in client.get(history).content.decode()
    client.force_login(make.user("Ben", team=team))
    assert client.post(address).status_code == 409


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ([], "Select at least one item."),
        (["7"], UNREADABLE),
        (["7.x"], UNREADABLE),
        (["7.99999999999"], UNREADABLE),
        (["7.1", "7.2"], "An item is selected twice, in two versions. Select again."),
        ([f"{n}.1" for n in range(1, 202)], "Select at most 200 items at a time."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("htmx", [True, False])
def test_a_selection_that_cannot_be_read_says_so(client, launch, items, error, htmx):
    response = send(client, launch, "done", items, htmx=htmx)

    assert (response.status_code, words(response, "error")) == (422, [error])


@pytest.mark.parametrize(
    ("act", "said", "error"),
    [
        ("progress", {"to": "blocked"}, "Say what it waits for."),
        ("evidence", {"url": "javascript:alert(1)"}, NOT_WEB),
        ("assign", {"to": "0"}, "Choose one of the people who are offered."),
        ("due", {"on": "soon"}, "Give a date, as 2026-11-27."),
        ("fly", {}, "Say what to do with the items."),
        ("", {}, "Say what to do with the items."),
    ],
)  # fmt: skip
def test_a_faulty_form_comes_back_with_the_items_and_another_key(client, launch, act, said, error):
    items = pairs(launch, 4, 5)

    response = send(client, launch, act, items, **said)

    assert (response.status_code, words(response, "error")) == (422, [error])
    assert response.content.decode().count('name="items"') == 2
    assert not LaunchItem.objects.filter(version__gt=2).exists()


def test_a_stranger_finds_nothing_and_a_viewer_may_not(client, team, launch):
    items = pairs(launch, 4)
    send(client, launch, "done", items)
    undo = f"/changes/{Event.objects.get(kind=KIND).pk}/undo/"
    found = {}

    for who, role in (("viewer", {"team": team, "role": Role.VIEWER}), ("stranger", {})):
        client.force_login(make.user(who, **role))
        asked = client.get(f"/launches/{launch.pk}/bulk/", {"act": "done", "items": items})
        page = client.get(launch.get_absolute_url())
        found[who] = (
            asked.status_code,
            send(client, launch, "done", items).status_code,
            client.post(undo).status_code,
            'id="bulk"' in page.content.decode(),
        )

    assert found == {"viewer": (403, 403, 403, False), "stranger": (404, 404, 404, False)}


def test_the_answer_to_forty_items_reads_as_much_as_that_to_ten(client, team, ann):
    counts = []
    for size in (10, 40):
        launch = make.launch(team=team, by=ann, items=size)
        items = pairs(launch, *range(1, size + 1))
        send(client, launch, "due", items[:1], on="")
        with CaptureQueriesContext(connection) as counted:
            send(client, launch, "assign", items[1:], to=ann.pk)
        counts.append(len(counted) - 2 * (size - 1))

    assert counts[0] == counts[1] <= 24
