"""The go/no-go poll: who is called, what is said, and when it is the decision."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from readiness.accounts.models import Role, User
from readiness.audit.kinds import Kind
from readiness.audit.models import Event
from readiness.launches.models import Decision, DecisionSignature
from readiness.launches.queries.board import board_of
from readiness.reviews.models import PollCall, Review
from readiness.reviews.models.minutes import PollSays
from readiness.reviews.models.room import Device
from readiness.reviews.queries.poll import Poll, poll_of
from readiness.reviews.queries.room import reviews_with_launch
from readiness.reviews.services import finishing, planning, polling, presence, starting
from readiness.reviews.services.planning import Plan
from readiness.web.refusal import NotPermitted
from tests import make
from tests.launches import deciding
from tests.launches.deciding import Room
from tests.launches.given import refused

pytestmark = pytest.mark.django_db
SOON = make.NOW + timedelta(seconds=10)


def meeting(room: Room, *here: User, wants_poll: bool = True) -> Review:
    """A review of the launch that its lead drives, with these people in the room."""
    to_be = Plan(make.NOW, "UTC", 30, room.lead, here, wants_poll=wants_poll)
    said = {"by": room.lead, "now": make.NOW}
    review = planning.plan(room.launch, to_be, key=make.key(), **said)
    review = starting.start(review, key=make.key(), **said)
    for person in here:
        presence.join(review, by=person, device=Device.LAPTOP, now=make.NOW)
    return review


def begin(review: Review, by: User) -> list[PollCall]:
    return polling.begin(review, by=by, key=make.key(), now=SOON)


def poll(review: Review) -> Poll:
    review = reviews_with_launch().get(pk=review.pk)
    return poll_of(review, board_of(review.launch, SOON))


def say(review: Review, by: User, says: PollSays = PollSays.GO, **said: object) -> PollCall:
    """What a person sends from the page as it stands now."""
    page = poll(review)
    sent = {"signs": page.signs, "seal": page.seal, "by": by, "key": make.key(), "now": SOON}
    return polling.say(review, says, **sent | said)


def answers(review: Review) -> list[tuple[str, str, str]]:
    calls = review.poll.select_related("approver").order_by("position")
    return [(one.approver.name, one.says, one.reason) for one in calls]


def test_approvers_in_the_room_are_called_in_turn_and_all_their_goes_are_the_decision():
    room = deciding.room()
    room.ask()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)

    with refused("Ann Ash is called now."):
        say(review, room.bob)
    say(review, room.ann)
    assert not Decision.objects.get().outcome
    say(review, room.bob, reason="All of it holds.")

    decision = Decision.objects.get()
    assert (decision.outcome, room.again().decision) == ("go", decision)
    assert sorted(DecisionSignature.objects.values_list("printed_name", "says", "reason")) == [
        ("Ann Ash", "approve", ""), ("Bob Oz", "approve", "All of it holds."),
    ]  # fmt: skip
    assert answers(review) == [("Ann Ash", "go", ""), ("Bob Oz", "go", "All of it holds.")]
    assert poll(review).record_because == "Decision 1 is taken: approved."
    told = Event.objects.filter(kind=Kind.REVIEW_POLLED.value).order_by("sequence")
    assert [one.said.get("called") or one.said["says"] for one in told] == [
        ["Ann Ash", "Bob Oz"], "go", "go",
    ]  # fmt: skip


def test_a_hold_has_a_reason_and_makes_the_poll_a_record():
    room = deciding.room()
    room.ask()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)

    with refused("Say what holds you."):
        say(review, room.ann, PollSays.HOLD)
    say(review, room.ann, PollSays.HOLD, reason="No rehearsal yet.")
    assert poll(review).record_because == "Ann Ash said HOLD, so what is said stays a record."
    say(review, room.bob)

    assert not Decision.objects.get().outcome
    assert not DecisionSignature.objects.exists()
    assert answers(review) == [("Ann Ash", "hold", "No rehearsal yet."), ("Bob Oz", "go", "")]


def test_without_a_question_the_poll_is_a_record_and_says_so():
    room = deciding.room()
    review = meeting(room, room.ann)
    begin(review, room.lead)

    say(review, room.ann)

    assert poll(review).record_because.startswith("Nobody has asked for a decision on this launch")
    assert not DecisionSignature.objects.exists()


def test_where_an_approver_is_missing_no_decision_comes_of_it():
    room = deciding.room()
    room.ask()
    review = meeting(room, room.ann)
    begin(review, room.lead)

    assert poll(review).record_because == (
        "A GO takes 2 approvers, and 1 of them is called here, so what is said stays a record."
    )


def test_against_the_verdict_no_poll_decides():
    room = deciding.room(signed_off=2)
    room.ask()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)

    assert poll(review).record_because.endswith(
        "A poll does not go against that, so what is said stays a record."
    )
    say(review, room.ann)
    assert not DecisionSignature.objects.exists()


def test_the_lead_is_never_called():
    room = deciding.room()
    room.ask()
    review = meeting(room, room.ann, room.bob, room.lead)

    begin(review, room.lead)

    assert [name for name, _, _ in answers(review)] == ["Ann Ash", "Bob Oz"]


def test_a_verdict_that_asks_for_conditions_takes_them_from_each():
    room = deciding.room(items=10, signed_off=9)
    room.ask()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    wanted = deciding.conditions(room.lead)

    with refused("Name a condition, or approve without any."):
        say(review, room.ann)
    say(review, room.ann, conditions=wanted)
    say(review, room.bob, conditions=wanted)

    assert Decision.objects.get().outcome == "conditional_go"


def test_a_go_on_what_is_another_verdict_by_now_says_nothing():
    room = deciding.room()
    room.ask()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    seen = poll(review)
    room.untick()

    with refused("Verdict changed, look again. What you typed is still here."):
        say(review, room.ann, seal=seen.seal, conditions=deciding.conditions(room.lead))

    assert answers(review) == [("Ann Ash", "", ""), ("Bob Oz", "", "")]


def test_a_go_that_means_another_thing_than_on_the_page_says_nothing():
    room = deciding.room()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    room.ask()

    with refused("What a GO means changed since you loaded the page. Look again."):
        say(review, room.ann, signs=False)


def test_who_signed_on_the_decision_page_already_says_go_all_the_same():
    room = deciding.room()
    room.ask()
    review = meeting(room, room.ann, room.bob)
    room.say(room.ann)
    begin(review, room.lead)

    say(review, room.ann)
    say(review, room.bob)

    assert Decision.objects.get().outcome == "go"
    assert DecisionSignature.objects.count() == 2


def test_only_who_drives_or_facilitates_begins_a_poll_and_only_one_that_somebody_wants():
    room = deciding.room()
    review = meeting(room, room.ann, wants_poll=False)
    Review.objects.filter(pk=review.pk).update(driver=room.ann)
    name = room.lead.name

    with refused(f"Only {name}, who facilitates, and the driver may do this."):
        begin(review, room.bob)
    with refused(f"No poll was planned: {name}, who facilitates, may begin one."):
        begin(review, room.ann)
    begin(review, room.lead)
    with refused("The poll is under way: Ann Ash is called."):
        begin(review, room.lead)


def test_without_an_approver_in_the_room_nobody_is_called():
    room = deciding.room()
    review = meeting(room)

    with refused("No approver is in the room who could be called. Ask one to join."):
        begin(review, room.lead)


def test_who_is_called_and_gone_lets_the_poll_begin_anew():
    room = deciding.room()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    later = SOON + timedelta(minutes=2)
    presence.here(
        review, by=room.bob, device=Device.LAPTOP, item=None, is_following=True, now=later
    )

    polling.begin(review, by=room.lead, key=make.key(), now=later)

    assert answers(review) == [("Bob Oz", "", "")]


def test_who_decides_nothing_here_answers_nothing():
    room = deciding.room()
    review = meeting(room, room.ann)
    begin(review, room.lead)
    member = make.user(team=room.team, role=Role.MEMBER)

    with pytest.raises(NotPermitted):
        say(review, member)
    say(review, room.ann)
    with refused("Nobody is called now."):
        say(review, room.ann)


def test_the_minutes_keep_what_each_said_and_what_came_of_it():
    room = deciding.room()
    room.ask()
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    say(review, room.ann)
    say(review, room.bob, PollSays.HOLD, reason="No rehearsal yet.")

    content = finishing.finish(review, by=room.lead, key=make.key(), now=SOON).content

    assert [(one["name"], one["says"], one["reason"]) for one in content["poll"]["calls"]] == [
        ("Ann Ash", "go", ""), ("Bob Oz", "hold", "No rehearsal yet."),
    ]  # fmt: skip
    assert [one["title"] for one in content["decisions"]] == ["Waits for a decision"]


def test_the_database_refuses_a_hold_without_a_reason():
    room = deciding.room()
    review = meeting(room, room.ann)

    with pytest.raises(IntegrityError, match="a_hold_has_a_reason"):
        PollCall.objects.create(
            review=review, approver=room.ann, position=1, says="hold", at=make.NOW
        )
