"""The catalogue of checklists, and one version to read."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from readiness.checklists import services
from readiness.checklists.document.reading import read
from readiness.checklists.document.shape import LIBRARY
from readiness.checklists.models import Checklist, Version
from tests import make
from tests.checklists.given import changed, small
from tests.checklists.test_library import SEED

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHELL = 2  # every page asks who is signed in, and for the badge in the navigation


@pytest.fixture
def client(db) -> Client:
    """Somebody who is signed in, and in no team."""
    client = Client()
    client.force_login(make.user("Ann"))
    return client


def library() -> list[Version]:
    files = sorted(LIBRARY.glob("*.yaml"))
    return [services.publish(read(file.read_bytes()), now=NOW)[0] for file in files]


def default() -> Version:
    content = (LIBRARY / "production-ml-safety-nets.yaml").read_bytes()
    return services.publish(read(content), now=NOW)[0]


def text_of(page) -> str:
    """What a page says, tags and runs of space left out."""
    said = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(said))


def test_the_catalogue_shows_every_checklist_with_its_size_and_verdicts(client):
    versions = library()

    page = client.get("/checklists/")

    said = text_of(page)
    assert page.status_code == 200
    assert all(version.title in said for version in versions)
    assert "7 sections, 40 items" in said
    assert "Delay Below 80% Extra monitoring 80% to 95% Ready More than 95%" in said
    assert "Source OWASP Top 10 for LLM Applications 2026" in said


def test_the_catalogue_leads_to_the_newest_version_and_names_the_earlier_ones(client):
    services.publish(small("1.9.0"), now=NOW)
    newest, _ = services.publish(small("1.10.0"), now=NOW)

    page = client.get("/checklists/")

    assert f'href="/checklists/{newest.pk}/"' in page.content.decode()
    assert "Earlier 1.9.0" in text_of(page)


def test_drafts_are_not_in_the_catalogue_and_not_to_be_read(client):
    version, _ = services.publish(small(), now=NOW)
    draft = Version.objects.create(
        checklist=version.checklist,
        number="2.0.0",
        major=2,
        minor=0,
        patch=0,
        title="Not yet",
        measure="share",
        aggregate="whole",
    )

    assert "Not yet" not in text_of(client.get("/checklists/"))
    assert client.get(f"/checklists/{draft.pk}/").status_code == 404


def test_an_empty_catalogue_says_how_to_fill_it(client):
    page = client.get("/checklists/")

    assert "No checklist is published yet. manage.py load_checklist --library" in text_of(page)


def test_a_version_shows_the_users_words(client):
    version = default()
    items = re.findall(r"^- (.+)$", SEED.partition("Next Steps")[0], re.MULTILINE)
    goals = re.findall(r"^Goal: (.+)$", SEED, re.MULTILINE)
    rest = re.findall(r"^(?:Purpose|How to use|- If .+ checked): (.+)$", SEED, re.MULTILINE)

    said = text_of(client.get(f"/checklists/{version.pk}/"))

    assert [words for words in [*items, *goals, *rest] if words not in said] == []
    assert (len(items), len(goals), len(rest)) == (40, 7, 5)


def test_a_version_says_in_words_what_each_item_asks(client):
    version = default()

    said = text_of(client.get(f"/checklists/{version.pk}/"))

    assert (
        "1.1 Rollback runbook exists and has been rehearsed (not just documented) Must-have" in said
    )
    assert "Only if: How are predictions served? online or streaming" in said
    assert "Must-have if: Do people outside the building team see or feel the output? yes" in said
    assert (
        "Duty SRE / platform engineer, with ML engineer Due 14 days before the launch "
        "Fresh for 90 days after sign-off "
        "Again when the serving config or deployment pipeline changes "
        "Not applicable Not allowed"
    ) in said
    assert "Record of the rehearsal with date, operator, both model versions" in said


def test_a_version_says_how_many_approve_where_it_asks_for_a_number(client):
    silent = default()
    content = changed("gate_decision}", "gate_decision, approver_quorum: 2}")
    version, _ = services.publish(read(content), now=NOW)

    said = text_of(client.get(f"/checklists/{version.pk}/"))

    assert "A go takes 2 approvers, unless a launch or its team says otherwise." in said
    assert "A go takes" not in text_of(client.get(f"/checklists/{silent.pk}/"))


def test_every_item_has_a_place_that_can_be_linked(client):
    version = default()

    html = client.get(f"/checklists/{version.pk}/").content.decode()

    places = re.findall(r'id="item-([a-z0-9-]+)"', html)
    assert places == list(version.items.values_list("key", flat=True))


def test_an_older_version_leads_to_the_newest(client):
    old, _ = services.publish(small("1.0.0"), now=NOW)
    new, _ = services.publish(small("1.1.0"), now=NOW)

    page = client.get(f"/checklists/{old.pk}/")

    assert "A newer version is published: 1.1.0 ." in text_of(page)
    assert page.content.decode().count(f'href="/checklists/{new.pk}/"') == 2


def test_where_must_haves_are_off_no_item_is_marked(client):
    version, _ = services.publish(read(changed("gate_decision", '"off"')), now=NOW)

    said = text_of(client.get(f"/checklists/{version.pk}/"))

    assert "Must-have" not in said
    assert "No item is a must-have." in said


def test_words_of_a_checklist_are_never_markup(client):
    text = (LIBRARY / "ml-test-score-2017.yaml").read_text()
    text = text.replace("title: ML Test Score", "title: <script>alert(1)</script>")
    text = text.replace(
        "url: https://doi.org/10.1109/BigData.2017.8258038", "url: javascript:alert(1)"
    )
    version, _ = services.publish(read(text.encode()), now=NOW)

    pages = [client.get("/checklists/"), client.get(f"/checklists/{version.pk}/")]

    assert [b"<script>alert" in page.content for page in pages] == [False, False]
    assert b'href="javascript' not in pages[1].content


@pytest.mark.parametrize("pk", [1, 2**63 - 1, 2**63, 10**40])
def test_a_version_that_is_not_there_is_not_found(client, pk):
    assert client.get(f"/checklists/{pk}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/checklists/", "/checklists/1/"])
def test_a_stranger_is_sent_to_sign_in(path):
    answer = Client().get(path)

    assert (answer.status_code, answer.url) == (302, f"{reverse('account_login')}?next={path}")


@pytest.mark.parametrize("path", ["/checklists/", "/checklists/1/"])
def test_reading_is_all_that_can_be_done_here(client, path):
    assert client.post(path).status_code == 405


def queries_of(page_url: str, client: Client, django_assert_num_queries, number: int) -> None:
    client.get(page_url)  # the session is in the cache from now on
    with django_assert_num_queries(number):
        client.get(page_url)


def test_the_catalogue_costs_the_same_for_one_checklist_and_for_five(
    client, django_assert_num_queries
):
    default()
    queries_of("/checklists/", client, django_assert_num_queries, SHELL + 3)

    library()

    assert Checklist.objects.count() == 5
    queries_of("/checklists/", client, django_assert_num_queries, SHELL + 3)


def test_a_version_costs_the_same_for_three_items_and_for_forty(client, django_assert_num_queries):
    three, _ = services.publish(small(), now=NOW, by=make.user("Bo"))
    forty = default()

    queries_of(f"/checklists/{three.pk}/", client, django_assert_num_queries, SHELL + 6)
    queries_of(f"/checklists/{forty.pk}/", client, django_assert_num_queries, SHELL + 6)
