"""Beside each view stands how many launches it has, as its list shows them."""

import re
from datetime import timedelta

import pytest
from django.http import QueryDict

from readiness.accounts.models import Role
from readiness.launches.forms.filters import filters_of
from readiness.launches.models import Launch
from readiness.launches.queries import dashboard as dashboards
from readiness.launches.queries import view_counts
from readiness.launches.queries.dashboard import dashboard
from readiness.launches.queries.listing import start_of_day
from readiness.launches.services.views import save_view
from tests import make
from tests.launches.test_dashboard import names

NUMBER = re.compile(r'<span class="count">(\d+)<span class="vh"> launches')
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
WEEK_AGO = make.NOW - timedelta(days=7)
COUNTED = (
    "within=14",
    "mine=1",
    "falling=1",
    "held=1",
    "held=1&within=14",
    "verdict=ready",
    "verdict=delay&within=30",
    "from=2026-12-05&to=2026-12-31",
    "sort=name",
    "team={team}",
)


@pytest.fixture
def ann():
    """She reads four launches and leads one of another team: ready, held, falling, far off."""
    team = make.team()
    ann = make.user("Ann Ash", team=team, role=Role.APPROVER)
    lead = make.user(team=team, role=Role.LEAD)
    said = {"items": 5, "approvers": [ann], "at": WEEK_AGO}
    for days, signed, now in (
        (3, 5, {}),
        (9, 0, {"holds": 1}),
        (20, 2, {"score": "0.1"}),
        (40, 5, {}),
    ):
        at = make.NOW + timedelta(days=days)
        launch = make.launch(by=lead, team=team, signed_off=signed, launch_at=at, **said)
        Launch.objects.filter(pk=launch.pk).update(next_change=None, **now)
    other = make.launch(items=5, launch_at=make.NOW + timedelta(days=2))
    Launch.objects.filter(pk=other.pk).update(next_change=None, lead=ann)
    make.launch(items=5)
    return ann


def asked(person, *queries):
    today = start_of_day(make.NOW, person.tzinfo)
    team = person.memberships.first()
    return [
        filters_of(QueryDict(one.format(team=team.team_id if team else "")), today=today)
        for one in queries
    ]


def numbers(person, *queries, everything=False):
    views = asked(person, *queries)
    return view_counts.numbers_of(person, views, sees_everything=everything, now=make.NOW)


@pytest.mark.parametrize("everything", [False, True])
def test_a_view_has_as_many_launches_as_its_list(ann, everything):
    if everything:
        make.everywhere(ann, Role.AUDITOR)

    found = numbers(ann, *COUNTED, everything=everything)

    lists = [dashboard(ann, one, now=make.NOW) for one in asked(ann, *COUNTED)]
    assert found == [str(len(names(shown))) for shown in lists]
    assert len({*found}) > 3


def test_whom_nothing_is_shown_nothing_is_counted(ann):
    stranger = make.user("Zoe", team=make.team())

    assert numbers(stranger, *COUNTED[:-1]) == ["0"] * 9


def test_what_would_be_dear_to_count_has_no_number(ann):
    assert numbers(ann, "q=ranker", "owner=me", "facet=risk:high", "within=14") == ["", "", "", "3"]


def test_what_is_looked_at_one_by_one_is_counted_so_far_and_says_so(ann, monkeypatch):
    view_counts.numbers_with.cache_clear()
    monkeypatch.setattr(view_counts, "LOOKED_AT", 2)
    monkeypatch.setattr(view_counts, "SCORES_LOOKED_AT", 1)

    found = numbers(ann, "held=1", "falling=1", everything=True)

    assert all(re.fullmatch(r"[0-2]\+", number) for number in found)
    view_counts.numbers_with.cache_clear()


def test_numbers_end_at_the_cap(ann, monkeypatch):
    view_counts.numbers_with.cache_clear()
    monkeypatch.setattr(view_counts, "CAP", 2)
    monkeypatch.setattr(view_counts, "LOOKED_AT", 3)

    assert numbers(ann, "within=14", everything=True) == ["2+"]
    view_counts.numbers_with.cache_clear()


def test_the_page_shows_the_numbers_of_presets_and_of_saved_views(client, ann):
    save_view("Mine to hold", query="held=1", team=None, by=ann, now=make.NOW)
    client.force_login(ann)

    page = client.get("/").content.decode()

    beside = page.partition('aria-label="Views"')[2].partition("</nav>")[0]
    shown = re.findall(r'dir="auto">([^<]+)</span>(?:<span class="count">(\d+))?', beside)
    assert shown == [
        ("Next 14 days", "3"),
        ("Waiting for my decision", "2"),
        ("Falling readiness", "1"),
        ("Mine to hold", numbers(ann, "held=1")[0]),
    ]


def test_where_more_launches_are_read_than_are_counted_no_view_has_a_number(
    client, ann, monkeypatch
):
    client.force_login(ann)
    with_numbers = NUMBER.findall(client.get("/").text)
    monkeypatch.setattr(dashboards, "CAP", 3)

    without = NUMBER.findall(client.get("/").text)

    assert (len(with_numbers), without) == (3, [])
