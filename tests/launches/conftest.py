"""What tests of a launch's pages share: noon, a team, its lead who is signed in, a launch."""

from collections.abc import Iterator

import pytest
import time_machine

from readiness.accounts.models import Role, Team, User
from readiness.launches.models import Launch, LaunchItem
from tests import make


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def team() -> Team:
    return make.team("Ads ranking")


@pytest.fixture
def ann(team, client) -> User:
    """The lead of the team, signed in."""
    ann = make.user("Ann Ash", team=team, role=Role.LEAD)
    client.force_login(ann)
    return ann


@pytest.fixture
def launch(team, ann) -> Launch:
    """Three of its five items are checked."""
    return make.launch(team=team, by=ann, items=5, signed_off=3, name="Ads ranking v14")


@pytest.fixture
def item(launch) -> LaunchItem:
    """The first of its items that is not checked."""
    return make.item(launch, 4)
