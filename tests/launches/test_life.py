"""A launch goes through its life: in review, on hold, cancelled, archived, taken up again."""

import pytest

from readiness.accounts.models import Role
from readiness.launches.models import Launch
from readiness.launches.models.launches import Stage
from readiness.launches.services.life import move
from readiness.web.refusal import Refused
from tests import make
from tests.launches.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def launch():
    return make.launch(items=5, signed_off=3)


def taken(launch, to, because="", **said):
    said = {"by": launch.lead, "edition": launch.edition, "key": make.key()} | said
    return move(launch, to, because=because, now=make.NOW, **said)


def stage_of(launch):
    return Launch.objects.get(pk=launch.pk).stage


def test_a_launch_goes_to_review_and_what_was_checked_stands(launch):
    taken(launch, Stage.IN_REVIEW)

    moved = Launch.objects.get(pk=launch.pk)
    assert (moved.stage, moved.checked, moved.edition) == ("in_review", 3, launch.edition + 1)
    event = moved.subject.events.latest("sequence")
    assert (event.kind, event.payload) == (
        "launch.moved",
        {"was": "preparing", "to": "in_review", "because": ""},
    )


@pytest.mark.parametrize("to", [Stage.ON_HOLD, Stage.CANCELLED])
def test_a_stop_says_why(launch, to):
    with pytest.raises(Refused, match=r"Say why\."):
        taken(launch, to, "  ")

    taken(launch, to, "The budget is gone.")

    assert stage_of(launch) == to.value


def test_what_is_over_is_taken_up_again_with_a_reason(launch):
    cancelled = taken(launch, Stage.CANCELLED, "No.")

    with pytest.raises(Refused, match=r"Say why\."):
        taken(cancelled, Stage.PREPARING)
    taken(cancelled, Stage.PREPARING, "Yes after all.")

    assert stage_of(launch) == "preparing"


@pytest.mark.parametrize(
    ("path", "to", "sentence"),
    [
        ([], Stage.PREPARING, "This launch is preparing already."),
        ([Stage.ARCHIVED], Stage.ON_HOLD, "A launch that is archived cannot be on hold next."),
    ],
)
def test_a_launch_cannot_go_everywhere(launch, path, to, sentence):
    for stop in path:
        launch = taken(launch, stop)

    with pytest.raises(Refused) as refused:
        taken(launch, to, "Because.")

    assert str(refused.value) == sentence


def test_a_page_made_before_somebody_elses_change_is_refused(launch):
    taken(launch, Stage.IN_REVIEW)

    with pytest.raises(Refused, match="Someone edited this launch"):
        taken(launch, Stage.ON_HOLD, "Wait.")

    assert stage_of(launch) == "in_review"


def test_a_member_cannot_move_a_launch(launch):
    with pytest.raises(Refused, match="You no longer have the right"):
        taken(launch, Stage.IN_REVIEW, by=make.user(team=launch.team))


def test_the_page_offers_where_a_launch_may_go_and_takes_it_there(client, launch):
    client.force_login(launch.lead)
    address = f"/launches/{launch.pk}/life/"

    page = client.get(address)
    form = {"key": make.key(), "edition": launch.edition, "to": "on_hold"}
    asked = client.post(address, form)
    done = client.post(address, form | {"because": "Waits for legal."})

    assert "In review" in page.content.decode()
    assert (asked.status_code, words(asked, "error")) == (422, ["Say why."])
    assert (done.status_code, stage_of(launch)) == (302, "on_hold")
    assert words(client.get(f"/launches/{launch.pk}/"), "chip") == ["On hold"]
    assert "Waits for legal." in client.get(f"/launches/{launch.pk}/history/").content.decode()


def test_a_stage_that_is_none_is_answered_in_words(client, launch):
    client.force_login(launch.lead)

    response = client.post(f"/launches/{launch.pk}/life/", {"to": "moon", "key": "k", "edition": 1})

    assert response.status_code == 422
    assert words(response, "error") == ["A launch cannot go there from where it is."]


def test_who_may_not_edit_does_not_see_the_way_there(client, launch):
    client.force_login(make.user(team=launch.team, role=Role.MEMBER))

    assert "/life/" not in client.get(f"/launches/{launch.pk}/").content.decode()
    assert client.get(f"/launches/{launch.pk}/life/").status_code == 403
