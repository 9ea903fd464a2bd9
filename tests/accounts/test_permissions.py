"""The permission table, written out once more by hand: role by role, act by act."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from readiness.accounts.models import Role
from readiness.accounts.pages import PAGES
from readiness.accounts.permissions import Action, can, permitted
from readiness.launches.models import Launch
from tests import make

pytestmark = pytest.mark.django_db

TEAM_ACTS = [
    Action.LAUNCH_VIEW,
    Action.LAUNCH_OPEN,
    Action.LAUNCH_EDIT,
    Action.ITEM_WORK,
    Action.EVIDENCE_ADD,
    Action.ITEM_SIGN,
    Action.GLASS_CONFIRM,
    Action.COMMENT,
    Action.EXEMPTION_ASK,
    Action.EXEMPTION_AGREE,
    Action.LAUNCH_DECIDE,
    Action.REVIEW_PLAN,
    Action.REVIEW_DRIVE,
]
YES, NO = True, False
#              view open edit work add  sign conf talk ask  agre deci plan driv
MAY = {
    "viewer":     (YES, NO,  NO,  NO,  NO,  NO,  NO,  YES, NO,  NO,  NO,  NO,  NO),
    "member":     (YES, YES, NO,  YES, YES, YES, YES, YES, YES, NO,  NO,  YES, YES),
    "lead":       (YES, YES, YES, YES, YES, YES, YES, YES, YES, YES, NO,  YES, YES),
    "approver":   (YES, NO,  NO,  NO,  NO,  NO,  YES, YES, NO,  YES, YES, YES, YES),
    "editor":     (YES, NO,  NO,  NO,  NO,  NO,  NO,  YES, NO,  NO,  NO,  NO,  NO),
    "auditor":    (YES, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO),
    "site admin": (YES, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO),
    "stranger":   (NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO),
}  # fmt: skip
LEAD_OF_THIS_LAUNCH = (YES, NO, YES, YES, YES, YES, YES, YES, YES, YES, NO, YES, YES)


def person_who_is(role, team, *, everywhere=False):
    if role == "site admin":
        return make.user(is_site_admin=True)
    if role == "stranger":
        return make.user(team=make.team(), role=Role.LEAD)
    if everywhere:
        return make.everywhere(make.user(), Role(role))
    return make.user(team=team, role=Role(role))


@pytest.mark.parametrize("everywhere", [False, True])
@pytest.mark.parametrize("role", MAY)
def test_a_role_may_do_exactly_this_in_its_team(role, everywhere):
    team = make.team()
    person = person_who_is(role, team, everywhere=everywhere)

    found = tuple(can(person, action, team_id=team.pk) for action in TEAM_ACTS)

    assert found == MAY[role]


@pytest.mark.parametrize("role", MAY)
def test_the_filter_of_lists_says_the_same_as_the_check(role):
    team = make.team()
    launch = make.launch(team=team, items=1)
    person = person_who_is(role, team)

    found = tuple(
        Launch.objects.with_permission(person, action).get(pk=launch.pk).is_permitted
        for action in TEAM_ACTS
    )

    assert found == MAY[role]
    assert Launch.objects.visible_to(person).exists() == MAY[role][0]


def test_the_lead_of_a_launch_may_do_this_to_it_without_any_role():
    team = make.team()
    member = make.user(team=team)
    launch = make.launch(team=team, items=1, lead=member)
    other = make.launch(team=team, items=1)
    member.memberships.all().delete()

    found = tuple(
        Launch.objects.with_permission(member, action).get(pk=launch.pk).is_permitted
        for action in TEAM_ACTS
    )

    assert found == LEAD_OF_THIS_LAUNCH
    assert list(Launch.objects.visible_to(member)) == [launch]
    assert (
        not Launch.objects.with_permission(member, Action.LAUNCH_EDIT).get(pk=other.pk).is_permitted
    )


def test_a_role_in_one_team_is_none_in_another():
    here, there = make.team(), make.team()
    lead = make.user(team=here, role=Role.LEAD)
    seen, unseen = make.launch(team=here, items=1), make.launch(team=there, items=1)

    found = list(Launch.objects.visible_to(lead))

    assert found == [seen]
    assert unseen not in found
    assert not can(lead, Action.LAUNCH_EDIT, team_id=there.pk)
    assert can(lead, Action.LAUNCH_EDIT)


@pytest.mark.parametrize(("is_admin", "may"), [(True, True), (False, False)])
def test_only_site_admins_administer(is_admin, may):
    person = make.user(team=make.team(), role=Role.LEAD, is_site_admin=is_admin)

    assert can(person, Action.ADMINISTER) == may


@pytest.mark.parametrize("action", [Action.PUBLIC, Action.SIGNED_IN])
def test_what_everyone_may_needs_no_role(action):
    assert can(make.user(), action)


@pytest.mark.parametrize(
    ("role", "outcome"),
    [("lead", "the launch"), ("viewer", PermissionDenied), ("stranger", Http404)],
)
def test_what_is_not_seen_is_not_there_and_what_is_seen_may_be_forbidden(role, outcome):
    team = make.team()
    launch = make.launch(team=team, items=1)
    request = RequestFactory().get("/")
    request.user, request.action = person_who_is(role, team), Action.LAUNCH_EDIT

    if outcome == "the launch":
        assert permitted(request, Launch.objects.all(), launch.pk) == launch
    else:
        with pytest.raises(outcome):
            permitted(request, Launch.objects.all(), launch.pk)


def test_visible_launches_cost_one_statement_however_many(django_assert_num_queries):
    team = make.team()
    member = make.user(team=team)
    version = make.checklist(items=1)
    for _ in range(5):
        make.launch(team=team, version=version)

    with django_assert_num_queries(1):
        assert len(Launch.objects.visible_to(member)) == 5


def test_every_row_of_the_table_names_an_act_for_a_verb():
    verbs = {verb for acts in PAGES.values() for verb in acts}
    acts = {type(action) for acts in PAGES.values() for action in acts.values()}

    assert (verbs, acts) == ({"GET", "POST"}, {Action})
