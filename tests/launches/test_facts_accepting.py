"""Who rolls back: the window covers what is planned, and each named person accepts in person."""

from datetime import timedelta
from decimal import Decimal

import pytest

from readiness.audit.kinds import Kind
from readiness.launches.models import Launch
from readiness.launches.queries.fact_waits import duties_to_accept
from readiness.launches.services.launches import edit_launch
from tests import make
from tests.launches.facts import OWNER, STAGES, a_launch, accept_as, accepted, item_of, own, save
from tests.launches.given import refused, told
from tests.launches.intakes import intake_of

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)
DAY = 86_400


def test_another_launch_date_leaves_the_rollback_owner_s_window_behind():
    launch = a_launch(OWNER)
    ann = make.user("Ann", team=launch.team)
    window = own(launch, ann)
    accept_as(launch, launch.lead)
    accept_as(launch, ann)
    covered = item_of(launch, OWNER).has_fact

    intake = intake_of(launch, launch_at=window["window_end"] + timedelta(seconds=1))
    edit_launch(
        launch,
        intake,
        edition=Launch.objects.get(pk=launch.pk).edition,
        by=launch.lead,
        key=make.key(),
        now=LATER,
        moved_because="The gate moved.",
    )

    assert (covered, item_of(launch, OWNER).has_fact) == (True, False)


def test_stages_that_outlast_the_window_block_both_facts():
    launch = a_launch()
    ann = make.user("Ann", team=launch.team)
    window = own(launch, ann)
    accept_as(launch, launch.lead)
    accept_as(launch, ann)
    lasts = int((window["window_end"] - launch.launch_at).total_seconds())
    found = []

    for hold in (lasts, lasts + 1):
        save(launch, STAGES, stages=[{"share": Decimal(100), "hold": hold}])
        found.append([item_of(launch, key).has_fact for key in (STAGES, OWNER)])

    assert found == [[True, True], [False, False]]


def test_each_named_person_accepts_for_themselves_and_nobody_else():
    launch = a_launch()
    ann, eve = make.user("Ann", team=launch.team), make.user("Eve", team=launch.team)
    own(launch, ann)
    found = [(accepted(launch), item_of(launch, OWNER).has_fact)]

    accept_as(launch, ann)
    found.append((accepted(launch), item_of(launch, OWNER).has_fact))
    with refused("You accepted this already."):
        accept_as(launch, ann)
    with refused("Only the rollback owner and the deputy accept, each for themselves."):
        accept_as(launch, eve)
    accept_as(launch, launch.lead)
    found.append((accepted(launch), item_of(launch, OWNER).has_fact))

    assert found == [([False, False], False), ([False, True], False), ([True, True], True)]
    who = [by for kind, by, *_ in told(launch) if kind == Kind.DUTY_ACCEPTED]
    assert who == [ann, launch.lead]


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"contact": "#other"}, [True, True]),
        ({"deputy": "Eve"}, [True, False]),
        ({"window_end": timedelta(seconds=1)}, [False, False]),
        ({"window_start": timedelta(seconds=1)}, [False, False]),
    ],
)
def test_another_person_or_window_voids_what_was_accepted(changed, left):
    launch = a_launch()
    ann, eve = make.user("Ann", team=launch.team), make.user("Eve", team=launch.team)
    values = own(launch, ann)
    accept_as(launch, launch.lead)
    accept_as(launch, ann)

    [(name, how)] = changed.items()
    becomes = values[name] + how if isinstance(how, timedelta) else {"Eve": eve.pk}.get(how, how)
    save(launch, OWNER, **values | {name: becomes})
    found = accepted(launch)
    save(launch, OWNER, **values)

    assert found == left
    assert accepted(launch) == left  # going back does not revive it


def test_acceptance_is_never_typed_in():
    launch = a_launch()
    ann = make.user("Ann", team=launch.team)

    own(launch, ann, accepted_by_owner_at=make.NOW, accepted_by_deputy_at=make.NOW)

    assert accepted(launch) == [False, False]


def test_who_is_named_to_roll_back_finds_it_waiting_until_they_accept():
    launch = a_launch()
    ann, eve = make.user("Ann", team=launch.team), make.user("Eve", team=launch.team)
    own(launch, ann, window_end=launch.launch_at + timedelta(days=5))
    own(launch, ann)
    link = f"/items/{item_of(launch, OWNER).pk}/fact/"
    people = [launch.lead, ann, eve]

    found = [[one.link for one in duties_to_accept(person, make.NOW)] for person in people]
    accept_as(launch, ann)
    later = [[one.link for one in duties_to_accept(person, make.NOW)] for person in people]

    assert (found, later) == ([[link], [link], []], [[link], [], []])
