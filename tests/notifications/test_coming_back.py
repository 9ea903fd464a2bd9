"""Who comes back hears, in the first digest, what happened meanwhile and is still so."""

from datetime import timedelta

import pytest

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.notifications.models import Delivery
from readiness.notifications.queries.due import due_owners
from tests import make
from tests.launches.deciding import room
from tests.launches.intakes import another, edited
from tests.notifications.given import BEFORE, MONDAY, owner, owns, remind

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
LEFT, LONG_AGO = MONDAY - 20 * DAY, MONDAY - 15 * DAY


@pytest.fixture(autouse=True)
def _long_after(time_machine) -> None:
    """Nothing of all this is told at once."""
    time_machine.move_to(MONDAY + 300 * DAY, tick=False)


def digest(person: User) -> Delivery:
    return Delivery.objects.get(recipient=person, kind="digest", state="sent")


def on_the_model(launch: Launch) -> LaunchItem:
    """An item whose checks stand on the model version."""
    return launch.items.filter(basis_parts__has_key="model_version").last()


def test_what_came_fell_and_was_said_in_a_long_absence_is_told_on_the_return_and_once():
    launch = make.launch(name="Ads ranking v14", at=BEFORE)
    priya = owner(launch)
    make.sign(on_the_model(launch), by=priya, at=BEFORE)
    make.away(priya, days=(0, 19), at=LEFT)
    owns(priya, launch, None, since=LONG_AGO)
    edited(launch, at=LONG_AGO, candidate=another(launch, version="15.0.0"))
    make.say(launch, "@Priya please rehearse.", by=launch.lead, at=LONG_AGO)

    remind()
    again = [one.person for one in due_owners(MONDAY + DAY)]

    assert digest(priya).subject == "1 new, 1 check fell, 1 mention: Ads ranking v14"
    assert "please rehearse." in digest(priya).text
    assert again == []


def test_what_is_over_by_then_is_not_told():
    launch = make.launch(at=BEFORE)
    priya = owner(launch)
    item = on_the_model(launch)
    make.sign(item, by=priya, at=BEFORE)
    make.away(priya, days=(0, 19), at=LEFT)
    [passed_on] = owns(priya, launch, None, since=LONG_AGO)
    edited(launch, at=LONG_AGO, candidate=another(launch, version="15.0.0"))
    make.sign(item, by=launch.lead, at=LONG_AGO + DAY)
    LaunchItem.objects.filter(pk=passed_on).update(owner=launch.lead)

    remind()
    remind(MONDAY + DAY)

    told = Delivery.objects.filter(recipient=priya).values_list("window", "state", "because")
    assert list(told) == [
        ("2026-11-23", "skipped", "Nothing was due any more when it was about to go.")
    ]


def test_of_decisions_long_ago_only_those_are_told_by_which_a_launch_stands():
    here = room(items=20, signed_off=20, name="Ads ranking v14", at=BEFORE)
    make.away(here.lead, days=(0, 19), at=LEFT)
    for at in (LONG_AGO, LONG_AGO + DAY):
        here.ask(at=at)
        for by in (here.ann, here.bob):
            here.say(by, at=at)
        if at == LONG_AGO:
            item = make.item(here.launch, 2)
            here.untick_at(item, at)
            make.sign(item, by=here.lead, at=at)

    remind()

    assert digest(here.lead).subject == "1 about a decision: Ads ranking v14"
    assert "The GO ended" not in digest(here.lead).text
    assert "Approved" in digest(here.lead).text


def test_a_date_that_moved_and_moved_back_is_not_told():
    launch = make.launch(at=BEFORE)
    priya = owner(launch)
    make.away(priya, days=(0, 19), at=LEFT)
    owns(priya, launch, -1)
    was = launch.launch_at
    edited(launch, "Late data.", at=LONG_AGO, launch_at=was + DAY)
    edited(launch, "Data came.", at=LONG_AGO + DAY, launch_at=was)

    remind()

    assert "Moved from" not in digest(priya).text


def test_a_fortnight_of_holidays_leaves_no_gap_between_two_digests():
    launch = make.launch(items=3, name="Ads ranking v14", at=BEFORE)
    priya = owner(launch)
    [item] = owns(priya, launch, -20)
    remind(MONDAY - 12 * DAY)
    LaunchItem.objects.filter(pk=item).update(owned_since=MONDAY - 11 * DAY, due_on=None)

    remind()

    told = Delivery.objects.filter(recipient=priya).order_by("window")
    assert [one.subject for one in told] == ["1 late: Ads ranking v14", "1 new: Ads ranking v14"]


def test_of_much_that_fell_as_much_is_named_as_a_mail_has_room_for():
    launch = make.launch(items=40, at=BEFORE)
    priya = owner(launch)
    items = launch.items.filter(basis_parts__has_key="model_version")[:12]
    for item in items:
        make.sign(item, by=priya, at=BEFORE)
    make.away(priya, days=(0, 19), at=LEFT)
    edited(launch, at=LONG_AGO, candidate=another(launch, version="15.0.0"))

    remind()

    assert len(items) == 12
    assert digest(priya).subject.startswith("12 checks fell: ")
    assert digest(priya).text.count("Out of date. ") == 10
    assert "And 2 more." in digest(priya).text
    assert "And 2 more." in digest(priya).html
