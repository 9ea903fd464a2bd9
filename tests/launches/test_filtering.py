"""What the list of launches can be narrowed to, and what it says of an address it cannot read."""

from datetime import timedelta

import pytest

from readiness.accounts.models import Role
from readiness.launches.models import Launch, LaunchApprover
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def lead(client):
    """Somebody signed in who leads a team."""
    person = make.user("Ann Lee", team=make.team("Ads"), role=Role.LEAD)
    client.force_login(person)
    return person


def opened(lead, name, **said):
    team = lead.memberships.get().team
    return make.launch(by=lead, team=team, name=name, **{"items": 2} | said)


def listed(client, query):
    page = client.get(f"/?{query}").content.decode()
    return [name for name in ("Early", "Middle", "Late") if f'dir="auto">{name}</a>' in page]


def test_launches_are_found_by_their_date(client, lead):
    opened(lead, "Early", launch_at=make.NOW + timedelta(days=3))
    opened(lead, "Middle", launch_at=make.NOW + timedelta(days=14))
    opened(lead, "Late", launch_at=make.NOW + timedelta(days=15))

    assert listed(client, "") == ["Early", "Middle", "Late"]
    assert listed(client, "within=14") == ["Early", "Middle"]
    assert listed(client, "from=2026-12-07&to=2026-12-07") == ["Middle"]
    assert listed(client, "from=2026-12-07") == ["Middle", "Late"]
    assert listed(client, "to=2026-12-07&within=14&sort=name") == ["Early", "Middle"]


def test_launches_are_found_by_who_owns_items_that_are_open(client, lead):
    bo = make.user("Bo Ray", team=lead.memberships.get().team)
    for name, signed in (("Early", 1), ("Middle", 2), ("Late", 0)):
        launch = opened(lead, name, signed_off=signed)
        launch.items.update(owner=lead if name == "Late" else bo)

    assert listed(client, "owner=bo+r") == ["Early"]
    assert listed(client, f"owner={bo.email.upper()}") == ["Early"]
    assert listed(client, "owner=me") == ["Late"]
    assert listed(client, "owner=.*") == []


def test_launches_are_found_by_an_answer_about_them(client, lead):
    for name, facets in (
        ("Early", {"risk": "high", "online": True}),
        ("Middle", {"risk": ["low", "high"], "online": False}),
        ("Late", {}),
    ):
        Launch.objects.filter(pk=opened(lead, name).pk).update(facets=facets)

    assert listed(client, "facet=risk:high") == ["Early", "Middle"]
    assert listed(client, "facet=risk:low") == ["Middle"]
    assert listed(client, "facet=online:yes") == ["Early"]
    assert listed(client, "facet=online:no") == ["Middle"]


def test_launches_are_found_by_what_keeps_their_decision_waiting(client, lead):
    early, middle, late = (
        opened(lead, name, items=3, signed_off=3) for name in ("Early", "Middle", "Late")
    )
    Launch.objects.filter(pk=early.pk).update(holds=1)
    Launch.objects.filter(pk=middle.pk).update(holds=0)
    Launch.objects.filter(pk=late.pk).update(holds=0, outcome="no_go")
    LaunchApprover.objects.bulk_create(
        [LaunchApprover(launch=one, person=lead) for one in (early, middle, late)]
    )

    assert listed(client, "held=1") == ["Early"]
    assert listed(client, "mine=1") == ["Middle"]
    assert listed(client, "mine=1&held=1") == []


def test_readiness_falls_where_it_is_lower_than_a_week_ago(client, lead):
    week_ago = make.NOW - timedelta(days=7)
    for name, now in (("Early", "0.75"), ("Middle", "0.25"), ("Late", "0.5")):
        launch = opened(lead, name, items=4, signed_off=2, at=week_ago)
        Launch.objects.filter(pk=launch.pk).update(score=now, next_change=None)

    found = listed(client, "falling=1")

    assert found == ["Middle"]


def test_filters_survive_the_way_to_the_next_page_and_another_order(client, lead, monkeypatch):
    monkeypatch.setattr("readiness.launches.queries.dashboard.PAGE", 1)
    opened(lead, "Early", launch_at=make.NOW + timedelta(days=3))
    opened(lead, "Middle", launch_at=make.NOW + timedelta(days=4))

    page = client.get("/?within=14&sort=name&held=&owner=", headers=HTMX)

    assert page["HX-Push-Url"] == "/?within=14&sort=name"
    assert "/?within=14&amp;sort=name&amp;after=named" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-13-40", "“2026-13-40” is no date: it is left out."),
        ("to=%3Cb%3E", "“&lt;b&gt;” is no date: it is left out."),
        ("within=0", "“0” is no number of days up to a year: it is left out."),
        ("team=abc", "“abc” is no team: it is left out."),
        ("facet=risk", "“risk” is no answer to a question: it is left out."),
        ("held=maybe", "“maybe” is no way to ask for an open must-have: it is left out."),
        ("from=2026-12-02&to=2026-12-01", "The last date is before the first"),
    ],
)
def test_what_an_address_asks_in_vain_is_said_in_words(client, lead, query, said):
    opened(lead, "Early")

    for headers in ({}, HTMX):
        answer = client.get(f"/?{query}", headers=headers)

        assert answer.status_code == 200
        assert said in answer.content.decode()
