"""Launches by words in name or model: the same however PostgreSQL finds them."""

from datetime import timedelta

import pytest

from readiness.accounts.models import Role
from readiness.launches.models import Guest, Launch
from readiness.launches.queries import asking, gathering
from readiness.launches.queries import dashboard as queries
from readiness.launches.queries.listing import Sort, place_from
from tests import make
from tests.launches.test_dashboard import board, counts, many, names

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def test_search_finds_all_words_in_name_or_model_whatever_they_contain():
    team, version = make.team(), make.checklist(1)
    lead = make.user(team=team, role=Role.LEAD)
    for name, model in (
        ("Home two-tower", "dlrm"),
        ("Ads 100%", "tower_v2"),
        ("Ads (new)", "dlrm"),
    ):
        make.launch(version=version, team=team, by=lead, name=name, model=model)

    asked = {words: names(board(lead, words=words, sort=Sort.NAME)) for words in (
        "two TOWER", "tower", "100%", "_", "(new)", ".*", "\\", "שלום 🚀"
    )}  # fmt: skip

    assert asked == {
        "two TOWER": ["Home two-tower"],
        "tower": ["Ads 100%", "Home two-tower"],
        "100%": ["Ads 100%"],
        "_": ["Ads 100%"],
        "(new)": ["Ads (new)"],
        ".*": [],
        "\\": [],
        "שלום 🚀": [],
    }


@pytest.mark.parametrize("sort", list(Sort))
def test_words_find_the_same_whether_few_or_many_launches_have_them(sort, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    lead = many(9, signed_off=1)
    guest, stranger = make.user(is_guest=True), make.user(team=make.team())
    at = Launch.objects.get(name="Model 002").next_change
    Launch.objects.exclude(name="Model 002").update(next_change=None)
    Launch.objects.filter(name="Model 004").update(launch_at=make.NOW - timedelta(days=2))
    Launch.objects.filter(name="Model 005").update(stage="archived")
    launch = Launch.objects.get(name="Model 006")
    Guest.objects.create(
        launch=launch, person=guest, granted_by=lead, since=make.NOW, until=at + timedelta(days=1)
    )
    make.launch(items=1, name="Model of others")

    def pages(person, words):
        found = [board(person, now=at, sort=sort, words=words)]
        while found[-1].following:
            after = place_from(found[-1].following, sort)
            found.append(board(person, now=at, sort=sort, words=words, after=after))
        return found

    def answers():
        asked = [(one, words) for one in (lead, guest, stranger) for words in ("model", "del 00")]
        return [pages(*one) for one in asked]

    gathered = answers()
    monkeypatch.setattr(gathering, "is_quick", lambda words: False)
    walked = answers()

    assert gathered == walked
    assert [counts(found[0])["All"] for found in gathered] == ["8", "8", "1", "1", "0", "0"]


@pytest.fixture
def few_are_gathered(monkeypatch):
    monkeypatch.setattr(gathering, "MOST", 2)
    for written in (asking._listing, asking._whole):
        written.cache_clear()
    yield
    for written in (asking._listing, asking._whole):
        written.cache_clear()


@pytest.mark.usefixtures("few_are_gathered")
def test_a_word_that_too_many_launches_have_finds_them_all(client, django_assert_num_queries):
    lead = many(3)
    client.force_login(lead)

    few, more = board(lead, words="model 002"), board(lead, words="model")

    assert (names(few), counts(few)["All"]) == (["Model 002"], "1")
    assert (names(more), counts(more)["All"]) == ([f"Model {n:03}" for n in range(3)], "3")
    with django_assert_num_queries(5):  # one of them is the person
        client.get("/?q=model")


def test_a_word_is_found_in_the_name_and_another_in_the_model():
    team, version = make.team(), make.checklist(1)
    lead = make.user(team=team, role=Role.LEAD)
    make.launch(version=version, team=team, by=lead, name="Home feed", model="dlrm")

    found = [names(board(lead, words=words)) for words in ("feed dlrm", "feeddlrm", "dlrm Home")]

    assert found == [["Home feed"], [], ["Home feed"]]
