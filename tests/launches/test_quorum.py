"""How many approvers a GO takes: as the launch says, else its team, its checklist, or all."""

import pytest

from readiness.launches.queries.seats import quorum_in_words, quorum_of, seats_of
from tests import make
from tests.launches.deciding import room

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("of_launch", "of_team", "of_checklist", "needed", "said"),
    [
        (None, None, None, 2, "All who may decide must approve."),
        (None, 1, None, 1, "Its team asks for 1."),
        (2, 1, None, 2, "This launch asks for 2."),
        (1, 2, 2, 1, "This launch asks for 1."),
        (None, 9, None, 2, "Its team asks for 9. Only 2 may decide."),
        (None, None, 1, 1, "Its checklist asks for 1."),
        (None, 2, 1, 2, "Its team asks for 2."),
        (None, None, 3, 2, "Its checklist asks for 3. Only 2 may decide."),
    ],
)
def test_the_launch_speaks_before_its_team_and_both_before_the_checklist(
    of_launch, of_team, of_checklist, needed, said
):
    policy = {"approver_quorum": of_checklist} if of_checklist else {}
    version = make.checklist(items=1, **policy)
    here = room(items=1, signed_off=1, quorum=of_launch, version=version)
    here.team.quorum = of_team
    here.team.save()
    launch = here.again()

    seats = seats_of(launch, None)

    assert quorum_of(launch, seats) == needed
    assert quorum_in_words(launch, seats) == said


def test_one_approval_is_enough_where_the_checklist_asks_for_one(client):
    here = room(version=make.checklist(items=5, approver_quorum=1))
    here.ask()

    client.force_login(here.ann)
    page = client.get(f"/launches/{here.launch.pk}/decision/")
    here.say(here.ann)

    assert "0 of 1 needed" in page.text
    assert "Its checklist asks for 1." in page.text
    assert here.again().decision_id is not None
