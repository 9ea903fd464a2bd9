"""The palette: what it offers for words, in which order, and to whom."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString

from readiness.accounts.models import Role
from readiness.launches.models import LaunchItem
from readiness.web import registry
from readiness.web.palette import MOST, palette
from readiness.web.registry import Entry, Group
from tests import make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def offered(user, words):
    """The titles of what is offered, by group."""
    return [
        (section.title, [option.entry.title for option in section.options])
        for section in palette(user, words).sections
    ]


def results(user, words):
    return [(title, found) for title, found in offered(user, words) if title != "Commands"]


def entry(title, group=Group.COMMANDS, **said):
    return Entry(group, title, "/", SafeString(""), **said)


def test_at_most_twenty_are_offered_and_the_last_command_always(monkeypatch):
    many = [entry(f"a {n}", group, also="word") for group in Group for n in range(30)]
    last = entry("Search everything", is_always=True)
    monkeypatch.setattr(registry, "_sources", {"room": lambda user, words: [last, *many]})

    found = palette("ann", "word")

    assert (found.number, found.sections[-1].options[-1].entry) == (MOST, last)
    assert [len(section.options) for section in found.sections] == [6, 5, 3, 2, 4]


@pytest.mark.parametrize(
    ("words", "found"),
    [("the", ["Switch theme"]), ("dark", ["Switch theme"]), ("heme", []), ("", ["Switch theme"])],
)
def test_a_command_is_found_by_how_a_word_of_it_begins(monkeypatch, words, found):
    theme = entry("Switch theme", also="dark")
    monkeypatch.setattr(registry, "_sources", {"web": lambda user, words: [theme]})

    assert [title for _, titles in offered("ann", words) for title in titles] == found


def test_commands_come_first_once_one_of_them_is_begun(monkeypatch):
    both = [entry("Monday", Group.LAUNCHES), entry("My items")]
    monkeypatch.setattr(registry, "_sources", {"room": lambda user, words: both})

    assert [title for title, _ in offered("ann", "my i")] == ["Commands", "Launches"]
    assert [title for title, _ in offered("ann", "items")] == ["Commands", "Launches"]
    assert [title for title, _ in offered("ann", "it")] == ["Launches", "Commands"]


def test_hits_are_marked_and_names_are_text(client):
    team = make.team()
    lead = make.user("Ann", team=team, role=Role.LEAD)
    make.launch(items=1, team=team, by=lead, name="<b>Ranker</b>")
    client.force_login(lead)

    page = client.get("/palette/?q=rank", headers=HTMX).content.decode()

    assert "&lt;b&gt;<mark>Rank</mark>er&lt;/b&gt;" in page
    assert "<b>" not in page


def test_a_launch_is_found_by_a_misspelt_name_unless_another_has_the_word():
    person = make.everywhere(make.user(), Role.VIEWER)
    make.launch(items=1, name="Copilot drafts", model="writer")

    misspelt = results(person, "copilto")
    make.launch(items=1, name="Copilto", model="writer")

    assert misspelt == [("Launches", ["Copilot drafts"])]
    assert results(person, "copilto") == [("Launches", ["Copilto"])]
    assert results(person, "drafts copilot") == [("Launches", ["Copilot drafts"])]
    assert results(person, "copilot 7") == []


def test_ones_own_open_items_come_before_those_of_others():
    team, version = make.team(), make.checklist(items=40)
    lead = make.user(team=team, role=Role.LEAD)
    first, second = (
        make.launch(version=version, team=team, by=lead, name=name) for name in ("One", "Two")
    )
    mine = second.items.get(item__ref="1.2")
    LaunchItem.objects.filter(launch__in=[first, second]).update(owner=None)
    LaunchItem.objects.filter(pk=mine.pk).update(owner=lead)

    (section,) = [one for one in palette(lead, mine.item.title).sections if one.title == "Items"]

    assert [one.entry.detail for one in section.options] == ["Two, 1.2", "One, 1.2"]


def test_an_item_is_found_by_its_number_in_a_launch():
    team, version = make.team(), make.checklist(items=40)
    lead = make.user(team=team, role=Role.LEAD)
    make.launch(version=version, team=team, by=lead, name="Ads ranking")
    other = make.launch(version=version, team=team, by=lead, name="Feed ranking")

    (section,) = [one for one in palette(lead, "2.3 feed").sections if one.title == "Items"]

    assert [one.entry.url for one in section.options] == [
        f"/items/{other.items.get(item__ref='2.3').pk}/"
    ]


def test_people_are_offered_to_those_who_share_a_team():
    team = make.team()
    ann, bea = make.user("Ann Ash", team=team), make.user("Bea Bond", team=team)
    make.user("Bea Gone", team=team, is_active=False)
    make.user("Bea Far", team=make.team())

    assert results(ann, "bea") == [("People", ["Bea Bond"])]
    assert results(make.user("Nora"), "bea") == []
    assert results(bea, "bea bo") == [("People", ["Bea Bond"])]


def test_a_stranger_is_offered_commands_only_and_no_launch_to_open():
    make.launch(items=1, name="Ranker")
    stranger = make.user()

    found = dict(offered(stranger, ""))

    assert offered(stranger, "rank") == [("Commands", ["Search everything for “rank”"])]
    assert [*found] == ["Commands"]
    assert "New launch" not in found["Commands"]


def test_the_palette_asks_four_statements_whatever_is_found():
    team = make.team()
    lead = make.user("Golden Ann", team=team, role=Role.LEAD)
    make.launch(team=team, by=lead, name="Golden ranker")
    palette(lead, "golden")

    with CaptureQueriesContext(connection) as asked:
        found = palette(lead, "golden")

    assert {section.title for section in found.sections} >= {"Launches", "Items", "People"}
    assert len(asked) == 4


@pytest.mark.parametrize("words", ["%", "\\", "a%", "(", "4.", "_", "  ", "'", "é" * 300])
def test_any_words_are_answered(client, words):
    client.force_login(make.everywhere(make.user(), Role.MEMBER))

    answers = [client.get(path, {"q": words}) for path in ("/palette/", "/search/")]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_without_javascript_the_palette_is_a_page_of_links(client):
    client.force_login(make.user())

    page = client.get("/palette/?q=pref").content.decode()
    part = client.get("/palette/?q=pref", headers=HTMX)

    shown = page.partition('<main class="sheet"')[2].partition("</main>")[0]
    assert re.findall(r'<a class="menu__item" href="([^"]+)">', shown) == [
        "/me/",
        "/search/?q=pref",
    ]
    assert 'role="option"' not in shown
    assert (b"<html" in part.content, "HX-Request" in part["Vary"]) == (False, True)
