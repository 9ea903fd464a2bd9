"""The page about oneself."""

import pytest

from readiness.accounts.models import User
from readiness.audit.models import Event
from tests import make

pytestmark = pytest.mark.django_db
CHOSEN = {
    "name": "Ann Ash",
    "zone": "Asia/Tokyo",
    "locale": "en-SE",
    "digest_hour": "7",
    "workdays": ["7", "1"],
    "mails_on": "on",
    "theme": "dark",
}


@pytest.fixture
def ann(client):
    ann = make.user("Ann Ash", zone="Europe/Berlin")
    client.force_login(ann)
    return ann


def preferences_of(person):
    person = User.objects.get(pk=person.pk)
    return (
        person.name, person.zone, person.locale, person.digest_hour, person.workdays,
        person.mails_on, person.theme, person.keys_on,
    )  # fmt: skip


def test_the_page_shows_what_was_chosen(client, ann):
    page = client.get("/me/").content.decode()

    assert '<option value="Europe/Berlin" selected>' in page
    assert '<option value="9" selected>09:00</option>' in page
    assert page.count(" checked>") == 5 + 2 + 1
    assert "Your preferences are saved." not in page


def test_a_person_chooses(client, ann):
    response = client.post("/me/", CHOSEN)
    after = client.get(response["Location"]).content.decode()

    assert response.status_code == 302
    assert preferences_of(ann) == ("Ann Ash", "Asia/Tokyo", "en-SE", 7, [7, 1], True, "dark", False)
    assert "Your preferences are saved." in after
    assert 'data-theme="dark"' in after
    assert 'data-keys="off"' in after


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Say your name: it is printed under what you sign."),
        ("name", "  \n ", "Say your name: it is printed under what you sign."),
        ("name", "n" * 10_240, "Use at most 120 characters. This has 10240."),
        ("zone", "Europe/Atlantis", "Select a valid choice."),
        ("digest_hour", "24", "Select a valid choice."),
        ("workdays", [], "Choose at least one workday."),
        ("workdays", ["8"], "Select a valid choice."),
        ("theme", "neon", "Select a valid choice."),
        ("locale", "tlh", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(client, ann, field, value, sentence):
    before = preferences_of(ann)

    response = client.post("/me/", CHOSEN | {field: value})

    page = response.content.decode()
    assert (response.status_code, preferences_of(ann)) == (422, before)
    at = page.index(f'id="id_{field}_error"')
    assert sentence in page[at : at + 400]
    assert f"<span>{ann.name}</span></a>" in page
    assert "data-theme" not in page.split(">")[1]


@pytest.mark.parametrize("name", ["Zoë 🚀", "نور الحسن", "Robert'); DROP TABLE--", "<b>Ann</b>"])
def test_any_name_is_a_name(client, ann, name):
    client.post("/me/", CHOSEN | {"name": f" {name}  "})

    assert preferences_of(ann)[0] == name
    assert "<b>Ann</b>" not in client.get("/me/").content.decode()


def test_a_person_changes_only_their_own(client, ann):
    other = make.user("Tom Sato")
    before = preferences_of(other)

    client.post(
        "/me/", CHOSEN | {"pk": other.pk, "email": "new@example.test", "is_site_admin": "on"}
    )

    ann = User.objects.get(name="Ann Ash")
    assert preferences_of(other) == before
    assert (ann.is_site_admin, ann.email) == (False, ann.email)
    assert not User.objects.filter(email="new@example.test").exists()


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("http://testserver/launches/1/", "/launches/1/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver.elsewhere.example/", "/"),
        ("", "/"),
    ],
)
def test_switching_keys_leads_back_and_never_elsewhere(client, ann, referer, leads_to):
    response = client.post("/me/keys/", headers={"Referer": referer})

    ann.refresh_from_db()
    assert (response.status_code, response["Location"], ann.keys_on) == (302, leads_to, False)


def test_what_a_person_chose_is_in_the_log_with_what_was_before(client, ann):
    client.post("/me/", CHOSEN)
    client.post("/me/", CHOSEN)
    client.post("/me/keys/")

    events = Event.objects.filter(kind="preferences.changed", by=ann).order_by("pk")
    assert [event.payload for event in events] == [
        {
            "changes": {
                "zone": ["Europe/Berlin", "Asia/Tokyo"],
                "locale": ["en-GB", "en-SE"],
                "digest_hour": [9, 7],
                "workdays": [[1, 2, 3, 4, 5], [7, 1]],
                "theme": ["system", "dark"],
                "keys_on": [True, False],
            }
        },
        {"changes": {"keys_on": [False, True]}},
    ]


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"
    assert client.post("/me/keys/")["Location"] == "/sign-in/?next=/me/keys/"
