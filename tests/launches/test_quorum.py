"""How many approvers a GO takes: as the launch says, else its team, else all of them."""

import pytest

from readiness.launches.queries.seats import quorum_of, seats_of
from tests.launches.deciding import room

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("of_launch", "of_team", "needed"),
    [(None, None, 2), (None, 1, 1), (2, 1, 2), (1, 2, 1), (None, 9, 2)],
)
def test_the_launch_speaks_before_its_team(of_launch, of_team, needed):
    here = room(items=1, signed_off=1, quorum=of_launch)
    here.team.quorum = of_team
    here.team.save()
    launch = here.again()

    assert quorum_of(launch, seats_of(launch, None)) == needed
