"""A new launch from an earlier one, and two launches of one model version."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from readiness.accounts.models import Role
from readiness.launches.models import Launch, SignOff
from readiness.launches.services.launches import open_launch
from readiness.launches.services.taking_over import Earlier
from tests import make
from tests.launches import typed
from tests.launches.intakes import intake_of
from tests.launches.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.team("Ads ranking")


@pytest.fixture
def ann(client, team):
    ann = make.user("Ann Ash", team=team, role=Role.LEAD)
    client.force_login(ann)
    return ann


@pytest.fixture
def earlier(team, ann):
    """A launch of which Ben owns the second item, and the third has two links."""
    launch = make.launch(team=team, by=ann, items=5, signed_off=1, name="Ads ranking v14")
    launch.items.filter(position=make.item(launch, 2).position).update(
        owner=make.user("Ben", team=team)
    )
    for run in (1, 2):
        make.link(make.item(launch, 3), by=ann, url=f"https://runs.example/{run}")
    return launch


def opened_from(earlier, **take):
    version = {**intake_of(earlier).candidate, "version": "15"}
    return open_launch(
        intake_of(earlier, name="Ads ranking v15", candidate=version),
        version=earlier.version,
        facets=earlier.facets,
        by=earlier.lead,
        key=make.key(),
        now=make.NOW,
        earlier=Earlier(earlier, **take),
    )


def test_owners_and_links_come_along_on_request_and_sign_offs_never(earlier):
    launch = opened_from(earlier, owners=True, links=True)

    second, third = make.item(launch, 2), make.item(launch, 3)
    assert second.owner.name == "Ben"
    assert [one.revision.url for one in third.evidence_links.order_by("pk")] == [
        "https://runs.example/1",
        "https://runs.example/2",
    ]
    assert third.evidence == list(make.item(earlier, 3).evidence)
    assert (SignOff.objects.filter(item__launch=launch).count(), launch.checked) == (0, 0)
    event = launch.subject.events.get(kind="launch.took_over")
    assert (event.payload["owners"], event.payload["links"]) == ([second.key], [third.key])


def test_nothing_comes_along_that_was_not_asked_for(earlier):
    launch = opened_from(earlier)

    assert not launch.items.exclude(owner=None).exists()
    assert not launch.items.exclude(evidence=[]).exists()


def test_an_owner_who_may_not_work_on_it_stays_behind(earlier):
    ben = make.item(earlier, 2).owner
    ben.memberships.all().delete()

    launch = opened_from(earlier, owners=True)

    assert make.item(launch, 2).owner is None


def test_it_costs_the_same_for_few_items_and_for_many(team, ann):
    costs = []
    for items in (5, 40):
        earlier = make.launch(team=team, by=ann, items=items)
        earlier.items.update(owner=ann)
        opened_from(earlier, owners=True, links=True)
        with CaptureQueriesContext(connection) as asked:
            opened_from(earlier, owners=True, links=True)
        costs.append(len(asked))

    assert costs[0] == costs[1]


def test_the_form_comes_filled_in_but_for_version_and_date(client, earlier):
    page = client.get(f"/launches/new/?from={earlier.pk}").content.decode()

    assert 'value="Ads ranking v14"' in page
    assert f'<input type="hidden" name="from" value="{earlier.pk}">' in page
    assert "Sign-offs are never taken over" in page


def test_a_launch_that_one_may_not_see_is_no_launch_to_start_from(client, ann):
    other = make.launch(items=1)

    assert client.get(f"/launches/new/?from={other.pk}").status_code == 404
    assert client.get("/launches/new/?from=x").status_code == 404


def test_a_second_launch_of_a_model_version_is_confirmed(client, team, ann, earlier):
    form = typed.opening(
        team,
        earlier.version,
        ann,
        candidate_name=earlier.candidate.name.upper(),
        candidate_version=earlier.candidate.version,
    )

    asked = client.post("/launches/new/", form)
    [told] = words(asked, "callout")
    sure = client.post("/launches/new/", form | {"same": str(earlier.pk)})

    assert told.startswith("This model version is proposed already Ads ranking v14 of Ads ranking")
    assert (asked.status_code, sure.status_code) == (200, 302)
    assert Launch.objects.count() == 2


def test_a_launch_of_another_team_is_not_named(client, team, ann):
    secret = make.launch(items=1, name="Secret")
    candidate = {
        f"candidate_{name}": getattr(secret.candidate, name) for name in ("name", "version")
    }
    form = typed.opening(team, secret.version, ann, **candidate)

    asked = client.post("/launches/new/", form)

    assert "A launch of another team" in words(asked, "callout")[0]
    assert "Secret" not in asked.content.decode()
