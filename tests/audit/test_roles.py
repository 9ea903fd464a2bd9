"""Teams and the roles in them: who gives which, and what is written down."""

import pytest

from readiness.accounts.models import Role, Team
from readiness.audit import people
from readiness.audit.models import Event, TeamChain
from readiness.web.refusal import Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.team("Search")


@pytest.fixture
def lead(team):
    return make.user("Lou Lead", team=team, role=Role.LEAD)


@pytest.fixture
def admin():
    return make.user("Ada", is_site_admin=True)


def roles_of(person, team) -> set[str]:
    return {*person.memberships.filter(team=team).values_list("role", flat=True)}


def chain_of(team) -> list[tuple[str, str, str, str]]:
    subject = TeamChain.objects.get(team=team).subject
    events = Event.objects.filter(subject=subject).order_by("sequence")
    return [
        (one.kind, one.printed_name, one.payload["role"], one.payload["person"]) for one in events
    ]


def test_a_lead_gives_and_takes_roles_and_each_is_an_event_in_the_chain_of_the_team(team, lead):
    ann = make.user("Ann", team=team)

    people.set_roles(ann, [Role.VIEWER, Role.APPROVER], team=team, by=lead, now=make.NOW)

    assert roles_of(ann, team) == {"viewer", "approver"}
    assert chain_of(team) == [
        ("role.given", "Lou Lead", "viewer", "Ann"),
        ("role.taken", "Lou Lead", "member", "Ann"),
        ("role.given", "Lou Lead", "approver", "Ann"),
    ]


def test_the_same_roles_again_change_and_write_nothing(team, lead):
    ann = make.user("Ann", team=team)

    people.set_roles(ann, [Role.MEMBER], team=team, by=lead, now=make.NOW)

    assert (roles_of(ann, team), Event.objects.count()) == ({"member"}, 0)


def test_a_lead_neither_gives_nor_takes_what_only_a_site_admin_may(team, lead):
    ann = make.user("Ann", team=team, role=Role.AUDITOR)

    with pytest.raises(Refused, match="Only a site admin gives the role editor"):
        people.set_roles(ann, [Role.EDITOR], team=team, by=lead, now=make.NOW)
    with pytest.raises(Refused, match="Only a site admin may do this"):
        people.set_roles(ann, [Role.MEMBER], team=None, by=lead, now=make.NOW)
    people.set_roles(ann, [Role.MEMBER], team=team, by=lead, now=make.NOW)

    assert roles_of(ann, team) == {"auditor", "member"}


def test_the_last_lead_stays_unless_a_site_admin_says_otherwise(team, lead, admin):
    make.user("Gone", team=team, role=Role.LEAD, is_active=False)

    with pytest.raises(Refused, match="Lou Lead is the only lead of Search"):
        people.set_roles(lead, [Role.MEMBER], team=team, by=lead, now=make.NOW)
    before = roles_of(lead, team)
    people.set_roles(lead, [Role.MEMBER], team=team, by=admin, now=make.NOW)

    assert (before, roles_of(lead, team)) == ({"lead"}, {"member"})


def test_a_lead_of_another_team_or_no_longer_changes_nothing(team, lead):
    ann, other = make.user("Ann", team=team), make.user(team=make.team(), role=Role.LEAD)
    lead.memberships.all().delete()

    for by in (lead, other, ann):
        with pytest.raises(Refused, match="You no longer have the right"):
            people.set_roles(ann, [Role.LEAD], team=team, by=by, now=make.NOW)

    assert roles_of(ann, team) == {"member"}


def test_only_a_site_admin_adds_a_team_and_none_twice(admin, lead):
    people.add_team("Feed", by=admin, now=make.NOW)

    with pytest.raises(Refused, match="There is a team Feed already"):
        people.add_team("feed", by=admin, now=make.NOW)
    with pytest.raises(Refused, match="Only a site admin"):
        people.add_team("Maps", by=lead, now=make.NOW)
    assert [*Team.objects.values_list("name", flat=True)] == ["Feed", "Search"]


def test_the_page_shows_roles_to_change_only_to_who_may(client, team, lead):
    ann = make.user("Ann Ash", team=team)
    seen = {}
    for person in (ann, lead):
        client.force_login(person)
        page = client.get(f"/teams/{team.pk}/").content.decode()
        seen[person] = ("Ann Ash" in page, "Invite somebody" in page, "Change the roles" in page)

    assert seen == {ann: (True, False, False), lead: (True, True, True)}


def test_a_lead_changes_roles_on_the_page_of_their_people_only(client, team, lead):
    ann, stranger = make.user("Ann", team=team), make.user("Eve", team=make.team())
    client.force_login(lead)
    path = f"/teams/{team.pk}/roles/"

    done = client.post(path, {"person": ann.pk, "roles": ["viewer", "member"]})
    refused = client.post(path, {"person": stranger.pk, "roles": ["member"]})
    odd = client.post(path, {"person": ann.pk, "roles": ["editor"]})

    assert (done.status_code, refused.status_code, odd.status_code) == (302, 422, 422)
    assert roles_of(ann, team) == {"member", "viewer"}
    assert roles_of(stranger, team) == set()


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_of_a_team_takes_as_many_statements_for_one_as_for_forty(
    client, team, lead, count, django_assert_num_queries
):
    for _ in range(count):
        make.user(team=team)
    client.force_login(lead)
    client.get(f"/teams/{team.pk}/")

    with django_assert_num_queries(7):
        client.get(f"/teams/{team.pk}/")


def test_a_lead_says_how_many_approve_launches_of_the_team_and_it_is_written_down(team, lead):
    for quorum in (2, 2, None):
        people.set_quorum(team, quorum, by=lead, now=make.NOW)

    subject = TeamChain.objects.get(team=team).subject
    events = Event.objects.filter(subject=subject).order_by("sequence")
    assert [(one.kind, one.payload["quorum"], one.payload["was"]) for one in events] == [
        ("team.quorum_set", 2, None),
        ("team.quorum_set", None, 2),
    ]
    assert Team.objects.get(pk=team.pk).quorum is None


def test_who_leads_no_longer_says_nothing_of_how_many_approve(team, lead):
    lead.memberships.all().delete()

    with pytest.raises(Refused, match="You no longer have the right"):
        people.set_quorum(team, 1, by=lead, now=make.NOW)

    assert Team.objects.get(pk=team.pk).quorum is None


def test_the_page_of_a_team_takes_a_number_of_approvers_or_none(client, team, lead):
    client.force_login(lead)
    path = f"/teams/{team.pk}/quorum/"

    answers = [client.post(path, {"quorum": said}) for said in ("0", "many", "2")]

    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert "At least one person decides." in answers[0].content.decode()
    assert 'value="many"' in answers[1].content.decode()
    assert Team.objects.get(pk=team.pk).quorum == 2
