"""The dashboard: who sees which launches, in what order, with which verdict."""

import re
from datetime import timedelta

import pytest

from readiness.accounts.models import Membership, Role
from readiness.launches.models import Launch
from readiness.launches.queries import asking
from readiness.launches.queries import dashboard as queries
from readiness.launches.queries.asking import Filters
from readiness.launches.queries.dashboard import PAGE
from readiness.launches.queries.listing import Place, Sort, Stretch, place_from, start_of_day
from readiness.launches.services.judging import judge_due
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HTMX = {"HX-Request": "true"}


def board(person, now=make.NOW, **asked):
    today = start_of_day(now, person.tzinfo)
    return queries.dashboard(person, Filters(today=today, **asked), now=now)


def names(shown):
    return [row.name for group in shown.groups for row in group.rows]


def counts(shown):
    return {one.title: one.number for one in shown.counts}


def many(number, **said):
    """Launches of one item, of one team and lead, all on one day."""
    team, version = make.team(), make.checklist(1)
    lead = make.user(team=team, role=Role.LEAD)
    for n in range(number):
        make.launch(version=version, team=team, by=lead, name=f"Model {n:03}", **said)
    return lead


def test_a_launch_shows_its_verdict_its_sections_and_its_date(client):
    person = make.user("Ann Lee")
    team = make.team("Ads ranking")
    make.everywhere(person, Role.VIEWER)
    make.launch(items=7, signed_off=6, team=team, by=make.user("Bo Ray", team=team, role=Role.LEAD))

    (group,) = board(person).groups

    (row,) = group.rows
    assert group.title == "December"
    assert (row.team, row.shape, row.title, row.tally, row.shown) == (
        "Ads ranking", "monitor", "Extra monitoring", "6 of 7", "85.7%"
    )  # fmt: skip
    assert [(tile.left, tile.counted, tile.blocked) for tile in row.tiles] == [(0, 6, 0), (1, 1, 0)]
    assert (row.lead.initials, row.day, row.days) == ("BR", "Mon 7 Dec", "in 14 days")


@pytest.mark.parametrize(("items", "checked", "shown"), [(5, 4, "80%"), (20, 19, "95%")])
def test_exactly_80_and_exactly_95_per_cent_launch_with_extra_monitoring(items, checked, shown):
    person = make.everywhere(make.user(), Role.VIEWER)
    make.launch(items=items, signed_off=checked)

    found = board(person, verdict="monitor")

    (row,) = found.groups[0].rows
    assert (row.shape, row.title, row.shown) == ("monitor", "Extra monitoring", shown)
    assert counts(found) == {"All": "1", "Delay": "0", "Extra monitoring": "1", "Ready": "0"}


def test_a_stranger_sees_nothing_of_other_teams(client):
    make.launch(items=1, name="Secret ranker", team=make.team("Hidden team"))
    stranger = make.user(team=make.team("Own team"))
    client.force_login(stranger)

    for path in ("/", "/?q=Secret", "/?verdict=delay", "/?sort=name", "/?sort=readiness"):
        page = client.get(path).content.decode()
        assert "Secret ranker" not in page.replace("“Secret”", "")
        assert "Hidden team" not in page
    assert counts(board(stranger)) == {
        "All": "0",
        "Delay": "0",
        "Extra monitoring": "0",
        "Ready": "0",
    }


def test_the_lead_sees_a_launch_of_a_team_they_left():
    launch = make.launch(items=1)
    launch.lead.memberships.all().delete()

    assert names(board(launch.lead)) == [launch.name]


@pytest.mark.parametrize(
    ("path", "literal"),
    [
        ("/", 5),
        ("/?sort=readiness", 5),
        ("/?sort=name", 5),
        ("/?verdict=delay&owner=person&facet=risk:high&within=30&held=1&falling=1", 5),
        ("/?q=Model", 4),  # views are not counted
        ("/?q=Mo", 5),  # no index knows so short a word: what is near is not planned with it
    ],
)
def test_a_page_takes_as_many_statements_for_one_launch_as_for_forty(
    client, django_assert_num_queries, path, literal
):
    for number in (1, 40):
        client.force_login(many(number))
        client.get(path)

        with django_assert_num_queries(literal):  # one of them is the person
            client.get(path)
        with django_assert_num_queries(3):
            client.get(path, headers=HTMX)


def test_htmx_gets_the_table_and_the_counts_and_the_address_to_keep(client):
    client.force_login(many(2))

    answer = client.get("/?q=Model&verdict=&team=&sort=date", headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "HX-Request" in answer["Vary"]
    assert answer["HX-Push-Url"] == "/?q=Model"
    assert page.lstrip().startswith('<div id="launch-table"')
    assert re.search(r'<fieldset[^>]* id="verdicts" hx-swap-oob="true">', page)
    assert "<html" not in page


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_visit_every_launch_once_though_all_dates_are_equal(sort, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 4)
    lead = many(11)
    asked, visited = {"sort": sort}, []

    for _ in range(4):
        shown = board(lead, **asked)
        visited.append(names(shown))
        if not shown.following:
            break
        asked["after"] = place_from(shown.following, sort)

    assert visited == [
        [f"Model {n:03}" for n in some] for some in (range(4), range(4, 8), range(8, 11))
    ]


@pytest.mark.parametrize("sort", list(Sort))
def test_who_reads_many_teams_sees_what_who_reads_few_sees(sort, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    lead, version = make.user(), make.checklist(1)
    for number in range(4):
        team = make.team()
        Membership.objects.create(person=lead, team=team, role=Role.LEAD.value)
        for days in (number - 2, 3):
            at = make.NOW + timedelta(days=days)
            make.launch(version=version, team=team, by=lead, name=f"{number} {days}", launch_at=at)
    lead.memberships.last().delete()  # two launches are seen as their lead only

    def pages(few):
        monkeypatch.setattr(asking, "FEW_TEAMS", few)
        found = [board(lead, sort=sort)]
        while found[-1].following:
            found.append(board(lead, sort=sort, after=place_from(found[-1].following, sort)))
        return found

    by_team, in_one_walk = pages(few=40), pages(few=0)

    assert by_team == in_one_walk
    assert [len(names(one)) for one in by_team] == [3, 3, 2]
    assert counts(by_team[0])["All"] == "8"


def test_what_is_past_comes_last_and_the_latest_of_it_first(monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    team, version = make.team(), make.checklist(1)
    lead = make.user(team=team, role=Role.LEAD)
    for days in (-9, 40, 3, -2, 20, 100):
        at = make.NOW + timedelta(days=days)
        make.launch(version=version, team=team, by=lead, name=f"{days}", launch_at=at)

    first = board(lead)
    second = board(lead, after=place_from(first.following, Sort.DATE))
    third = board(lead, after=place_from(second.following, Sort.DATE))

    found = [
        [(group.title, names_of(group)) for group in one.groups] for one in (first, second, third)
    ]
    assert found == [
        [("This week and next", ["3"]), ("December", ["20"])],
        [("Later", ["40", "100"])],
        [("Past", ["-2", "-9"])],
    ]
    assert third.following == ""


def names_of(group):
    return [row.name for row in group.rows]


def test_sorting_by_readiness_puts_the_readiest_first_and_what_cannot_be_judged_last():
    lead = many(0)
    version = make.checklist(2)
    team = lead.memberships.get().team
    for checked in (1, 0, 2):
        make.launch(version=version, team=team, by=lead, name=f"{checked}", signed_off=checked)
    nothing = make.launch(version=version, team=team, by=lead, name="nothing")
    Launch.objects.filter(pk=nothing.pk).update(verdict="not_assessable", score=None)

    shown = board(lead, sort=Sort.READINESS)

    assert names(shown) == ["2", "1", "0", "nothing"]
    assert counts(shown) == {
        "All": "4", "Delay": "2", "Extra monitoring": "0", "Ready": "1", "Not assessable": "1"
    }  # fmt: skip


def test_the_verdict_is_right_after_time_moved_it_and_before_the_job_ran():
    lead = many(1, signed_off=1)
    launch = Launch.objects.get()
    later = launch.next_change

    before = board(lead, now=later - timedelta(microseconds=1), verdict="ready")
    shown, ready = board(lead, now=later, verdict="delay"), board(lead, now=later, verdict="ready")
    (row,) = shown.groups[0].rows

    assert names(before) == ["Model 000"]
    assert (row.title, row.tally, row.shown, row.tiles[0].left) == ("Delay", "0 of 1", "0%", 1)
    assert names(ready) == []
    assert counts(shown) == {"All": "1", "Delay": "1", "Extra monitoring": "0", "Ready": "0"}
    assert Launch.objects.get().verdict == "ready"  # a reader writes nothing
    judge_due(now=later)
    assert board(lead, now=later, verdict="delay") == shown


def test_launches_that_time_overtook_keep_their_place_in_the_pages(monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    lead = many(5, signed_off=1)
    later = make.NOW + timedelta(days=1)
    Launch.objects.filter(name__in=["Model 001", "Model 004"]).update(next_change=later)

    first = board(lead, now=later)
    second = board(lead, now=later, after=place_from(first.following, Sort.DATE))
    third = board(lead, now=later, after=place_from(second.following, Sort.DATE))

    found = [names(one) for one in (first, second, third)]
    assert found == [["Model 000", "Model 001"], ["Model 002", "Model 003"], ["Model 004"]]


def test_whatever_people_wrote_is_shown_as_text(client):
    team = make.team("<i>Team</i>")
    lead = make.user('<u>Lead</u>"', team=team, role=Role.LEAD)
    make.launch(items=1, team=team, by=lead, name="<b>Launch</b>")
    client.force_login(lead)

    page = client.get("/").content.decode()

    assert re.findall("<[biu]>", page) == []
    assert "&lt;b&gt;Launch&lt;/b&gt;" in page
    assert "&lt;i&gt;Team&lt;/i&gt;</span>" in page
    assert 'title="&lt;u&gt;Lead&lt;/u&gt;&quot;"' in page


def test_a_list_without_a_match_says_which_filters_are_on(client):
    team = make.team("Ads ranking")
    lead = make.user(team=team, role=Role.LEAD)
    make.launch(items=1, team=team, by=lead)
    client.force_login(lead)

    page = client.get(f"/?q=two+tower&verdict=delay&team={team.pk}").content.decode()

    assert "No launch matches “two tower”" in page
    assert "Filters are on: Delay, Ads ranking." in page
    assert 'href="/?">Clear filters' in page or 'href="/">Clear filters' in page


def test_before_the_first_launch_the_page_says_how_to_begin(client):
    client.force_login(make.user(team=make.team(), role=Role.MEMBER))

    page = client.get("/").content.decode()

    assert "No launches yet" in page
    assert "Add the next model you plan to ship." in page


@pytest.mark.parametrize(
    "query",
    [
        "after=%FF%FE", "after=coming~~1~", "after=coming~99999999999999999999~1~", "after=x",
        "after=past~-5~1~", "after=coming~1.5~1~", "after=scored~~5~&sort=readiness",
        "after=named~~5~%0A&sort=name", "after=coming~1~999999999999999999~", "sort=upwards",
        "team=abc", "team=99999999999999999999999", "team=-1", "team=٣", "verdict=%27%22%3C",
        "verdict=nosuch", "q=%F0%9F%9A%80", "q=" + "%5B" * 400, "after=scored~1~1~&sort=name",
    ],
)  # fmt: skip
def test_a_faulty_address_gets_a_list_and_never_an_error(client, query):
    client.force_login(many(1))

    assert client.get(f"/?{query}").status_code == 200
    assert client.get(f"/?{query}", headers=HTMX).status_code == 200


def test_a_nul_byte_in_the_address_is_refused_in_words(client):
    client.force_login(many(1))

    assert client.get("/?q=%00&after=%00").status_code == 400


def test_a_place_survives_its_way_through_an_address():
    for place in (
        Place(Stretch.COMING, make.NOW + timedelta(microseconds=7), 4),
        Place(Stretch.PAST, make.NOW, 4),
        Place(Stretch.NAMED, "a~b\nשלום~", 9),
        Place(Stretch.UNSCORED, None, 2),
    ):
        sort = {Stretch.NAMED: Sort.NAME, Stretch.UNSCORED: Sort.READINESS}.get(
            place.stretch, Sort.DATE
        )
        assert place_from(str(place), sort) == place


def test_launches_near_their_date_wait_for_those_who_lead_or_decide():
    approver, bystander = make.user(), make.everywhere(make.user(), Role.VIEWER)
    make.everywhere(approver, Role.APPROVER)
    said = {"version": make.checklist(2), "team": make.team(), "approvers": [approver]}
    lead = said["by"] = make.user(team=said["team"], role=Role.LEAD)
    near = make.launch(name="near", **said)
    make.launch(name="far", launch_at=make.NOW + timedelta(days=15), **said)
    make.launch(name="good", signed_off=2, **said)

    waiting = [[row.name for row in board(one).waiting] for one in (lead, approver, bystander)]

    assert near.is_held
    assert waiting == [["near"], ["near"], []]


def test_what_waits_is_cut_at_five():
    lead = many(7)

    assert len(board(lead).waiting) == 5
    assert PAGE == 50
