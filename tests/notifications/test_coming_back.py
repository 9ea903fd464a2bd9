"""Who comes back hears, in the first digest, what happened meanwhile and is still so."""

from datetime import datetime, timedelta

import pytest

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchApprover, LaunchItem
from readiness.launches.services import signoffs
from readiness.notifications.models import Delivery, Preference
from readiness.notifications.queries.due import due_owners
from readiness.notifications.services.delivering import deliver_due
from readiness.reviews.models import Review
from readiness.reviews.services import finishing, planning
from tests import make
from tests.launches.deciding import Room, room
from tests.launches.intakes import another, edited
from tests.notifications.given import BEFORE, MONDAY, owner, owns, remind
from tests.reviews.given import Cast, cast, checklist, meeting, plan, planned_for

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


def moved(here: Cast, review: Review, at: datetime) -> None:
    """The review is planned for an hour later."""
    to_be = planned_for(here, starts_at=review.starts_at + timedelta(hours=1))
    planning.change(review, to_be, edition=review.edition, by=here.ann, key=make.key(), now=at)


def test_reviews_to_come_and_minutes_are_told_on_the_return_and_once():
    here = cast(name="Ads ranking v14", at=BEFORE)
    known = plan(here, starts_at=MONDAY + 3 * DAY, at=BEFORE)
    make.away(here.bob, days=(0, 19), at=LEFT)
    moved(here, known, at=LONG_AGO)
    called_off = plan(here, starts_at=MONDAY + 4 * DAY, at=LONG_AGO)
    because = {"because": "No room.", "by": here.ann, "key": make.key(), "now": LONG_AGO + DAY}
    planning.cancel(called_off, **because)
    plan(here, starts_at=MONDAY + 2 * DAY, at=LONG_AGO)
    met = meeting(here, at=LONG_AGO)
    for number in (0, 2):
        at = LONG_AGO + timedelta(minutes=30 + number)
        finishing.finish(met, by=here.ann, key=make.key(), now=at)
        if not number:
            finishing.reopen(met, by=here.ann, key=make.key(), now=at)

    remind()
    again = [one.person for one in due_owners(MONDAY + DAY)]

    mail = digest(here.bob)
    assert mail.subject == "2 reviews to come, minutes of 1 review: Ads ranking v14"
    assert "REVIEWS TO COME" in mail.text
    assert (
        "Design review 1 meets at another time\n      Thu 26 Nov at 10:30, 60 minutes." in mail.text
    )
    assert "It was to meet Thu 26 Nov at 09:30." in mail.text
    assert "You are invited to design review 3\n      Wed 25 Nov at 09:30, 60 minutes." in mail.text
    assert "MINUTES OF REVIEWS" in mail.text
    assert "Minutes of design review 4\n      Sun 8 Nov. Ads ranking v14" in mail.text
    assert f"/reviews/{met.pk}/minutes/?number=2" in mail.text
    assert "Design review 2" not in mail.text
    assert here.bob.pk not in again


def fell(here: Room, *positions: int, at: datetime = LONG_AGO) -> None:
    """The lead takes their checks of these items back."""
    for position in positions:
        here.untick_at(make.item(here.launch, position), at)


def test_verdicts_that_dropped_are_told_to_who_had_nobody_standing_in():
    here = room(items=20, signed_off=20, name="Ads ranking v14", at=BEFORE)
    make.away(here.ann, days=(0, 19), at=LEFT)
    make.away(here.bob, stand_in=here.lead, days=(0, 19), at=LEFT)
    fell(here, *range(2, 8))

    remind()
    again = [one.person for one in due_owners(MONDAY + DAY)]

    assert not Delivery.objects.filter(recipient=here.bob, state="sent").exists()
    mail = digest(here.ann)
    assert mail.subject == "1 verdict dropped: Ads ranking v14"
    assert "VERDICTS THAT DROPPED" in mail.text
    assert "The verdict fell from Ready to Delay\n      Sun 8 Nov. Ads ranking v14" in mail.text
    assert "It is at 70%. 2 items lead to Extra monitoring: " in mail.text
    assert "It is at 70%. 2 items lead to Extra monitoring: " in mail.html
    assert here.ann.pk not in again


def test_of_a_verdict_that_rose_again_nothing_is_told():
    here = room(items=20, signed_off=20, version=checklist(20), at=BEFORE)
    make.away(here.ann, days=(0, 19), at=LEFT)
    fell(here, 2)
    make.sign(make.item(here.launch, 2), by=here.lead, at=LONG_AGO + DAY)

    remind()

    assert not Delivery.objects.filter(recipient=here.ann, state="sent").exists()


def test_of_a_go_that_ended_by_a_verdict_only_the_end_is_told():
    here = room(items=20, signed_off=20, name="Ads ranking v14", at=BEFORE)
    here.ask(at=BEFORE)
    for by in (here.ann, here.bob):
        here.say(by, at=BEFORE)
    make.away(here.ann, days=(0, 19), at=LEFT)
    fell(here, 2)

    remind()

    assert digest(here.ann).subject == "1 about a decision: Ads ranking v14"


@pytest.mark.parametrize("kind", ["minutes", "review_invited", "verdict_dropped"])
def test_a_kind_that_they_switched_off_is_not_told_on_the_return(kind):
    here = cast(items=20, signed_off=20, approvers=[], at=BEFORE)
    LaunchApprover.objects.create(launch=here.launch, person=here.amara)
    Preference.objects.create(person=here.amara, kind=kind, channel="mail", is_on=False)
    make.away(here.amara, days=(0, 19), at=LEFT)
    finishing.finish(meeting(here, at=LONG_AGO), by=here.ann, key=make.key(), now=LONG_AGO + DAY)
    plan(here, starts_at=MONDAY + 2 * DAY, at=LONG_AGO)
    signoff = make.item(here.launch, 2).signoffs.get()
    said = {"version": signoff.item.version, "key": make.key(), "now": LONG_AGO + 2 * DAY}
    signoffs.withdraw(signoff, by=here.ann, **said)

    remind()

    words = {
        "review_invited": "1 review to come",
        "verdict_dropped": "1 verdict dropped",
        "minutes": "minutes of 1 review",
    }
    said = ", ".join(one for of, one in words.items() if of != kind)
    assert digest(here.amara).subject == f"{said}: {here.launch.name}"


def test_of_what_was_told_at_once_or_held_back_on_the_eve_only_the_latter_is_told(time_machine):
    time_machine.move_to(MONDAY, tick=False)
    here = cast(name="Ads ranking v14", at=BEFORE)
    plan(here, starts_at=MONDAY + 10 * DAY, at=MONDAY)
    deliver_due(now=MONDAY)
    plan(here, starts_at=MONDAY + 11 * DAY, at=MONDAY)
    make.away(here.bob, days=(1, 2), at=MONDAY)
    deliver_due(now=MONDAY + DAY)

    remind(MONDAY + 3 * DAY)

    mail = digest(here.bob)
    assert mail.subject == "1 review to come: Ads ranking v14"
    assert "design review 2" in mail.text
