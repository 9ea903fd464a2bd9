"""The statement that reads an item for its changer grants what the permission table grants."""

import pytest

from readiness import clock
from readiness.accounts.models import Role
from readiness.accounts.permissions import Action
from readiness.launches.models import LaunchItem
from readiness.launches.queries.asked import item_for
from tests import make

pytestmark = pytest.mark.django_db
ACTS = [
    Action.ITEM_WORK,
    Action.ITEM_SIGN,
    Action.EVIDENCE_ADD,
    Action.COMMENT,
    Action.LAUNCH_VIEW,
]


def people(team):
    """Everyone who may stand in some relation to a launch of this team."""
    elsewhere = make.team()
    yield make.user()
    yield make.user(is_site_admin=True)
    for role in Role:
        yield make.user(team=team, role=role)
        yield make.user(team=elsewhere, role=role)
        yield make.everywhere(make.user(), role)


def guests_of(launch):
    """A guest, one of another launch of the team, and one who was let in till now."""
    other = make.launch(team=launch.team, items=1)
    yield make.let_in(launch, make.user())
    yield make.let_in(other, make.user())
    yield make.let_in(launch, make.user(), until=clock.now())


@pytest.mark.parametrize("act", ACTS)
def test_it_says_of_everybody_what_the_permission_table_says(act):
    launch = make.launch(items=1)
    item = make.item(launch)
    everyone = [launch.lead, *people(launch.team), *guests_of(launch)]

    said = [
        (found.is_visible, found.is_permitted)
        for found in (item_for(item.pk, by=person, to=act) for person in everyone)
    ]

    granted = [
        (
            LaunchItem.objects.visible_to(person).filter(pk=item.pk).exists(),
            LaunchItem.objects.with_permission(person, act).get(pk=item.pk).is_permitted,
        )
        for person in everyone
    ]
    if act is Action.LAUNCH_VIEW:
        granted = [(sees, sees) for sees, _ in granted]
        said = [(sees, sees) for sees, _ in said]
    assert said == granted


def test_what_is_not_there_is_said_to_be_missing():
    with pytest.raises(LaunchItem.DoesNotExist):
        item_for(1, by=make.user(), to=Action.ITEM_SIGN)
