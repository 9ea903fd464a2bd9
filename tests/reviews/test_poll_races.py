"""Of what happens at once in a poll, one happens first, and no GO is bound to what is no more."""

from functools import partial

import pytest

from readiness.accounts.models import User
from readiness.launches.models import Decision, DecisionSignature
from readiness.launches.services import signoffs
from readiness.reviews.models import Review
from readiness.reviews.models.minutes import PollSays
from readiness.reviews.services import polling
from readiness.reviews.services import taking as taking_reviews
from readiness.web.refusal import Refused
from tests import make
from tests.launches import deciding
from tests.launches.deciding import Room
from tests.launches.given import at_once, version_of
from tests.launches.test_races import let_them_meet, take_the_lock_away
from tests.reviews.test_polling import SOON, answers, begin, meeting, poll, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room() -> Room:
    found = deciding.room()
    found.ask()
    return found


def answering(review: Review, by: User, says: PollSays = PollSays.GO, reason: str = "") -> partial:
    """What somebody sends from the page as it stands before the race."""
    page = poll(review)
    sent = {"signs": page.signs, "seal": page.seal, "reason": reason}
    return partial(polling.say, review, says, by=by, key=make.key(), now=SOON, **sent)


def won(outcomes: list[object]) -> int:
    return sum(not isinstance(one, Refused) for one in outcomes)


def test_of_two_answers_of_one_approver_at_once_one_counts(room):
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    hold = answering(review, room.ann, PollSays.HOLD, "Not yet.")

    outcomes = at_once(answering(review, room.ann), hold)

    ann, bob = answers(review)
    assert (won(outcomes), bob) == (1, ("Bob Oz", "", ""))
    assert DecisionSignature.objects.count() == (ann[1] == "go")


def test_without_the_locks_both_would_count(room, monkeypatch):
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    hold = answering(review, room.ann, PollSays.HOLD, "Not yet.")
    holds_too = answering(review, room.ann, PollSays.HOLD, "Never.")
    take_the_lock_away(monkeypatch)
    monkeypatch.setattr(taking_reviews, "LOCK", "")
    let_them_meet(monkeypatch, polling, "poll_of", 2)

    assert won(at_once(hold, holds_too)) == 2


def test_of_two_who_begin_at_once_both_have_called_the_same_once(room):
    review = meeting(room, room.ann, room.bob)
    asked = partial(polling.begin, review, by=room.lead, now=SOON)

    at_once(partial(asked, key=make.key()), partial(asked, key=make.key()))

    assert answers(review) == [("Ann Ash", "", ""), ("Bob Oz", "", "")]


@pytest.mark.parametrize("_again", range(3))
def test_a_go_and_a_check_that_is_taken_back_never_leave_a_decision_on_what_is_no_more(
    room, _again
):
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    say(review, room.ann)
    word = room.launch.items.get(position=1).signoffs.get(withdrawn_at=None)
    back = partial(
        signoffs.withdraw, word, because="It broke.", by=word.by, key=make.key(), now=SOON,
        version=version_of(word.item),
    )  # fmt: skip

    outcomes = at_once(answering(review, room.bob), back)

    decision, launch = Decision.objects.get(), room.again()
    assert not isinstance(outcomes[1], Refused)
    if isinstance(outcomes[0], Refused):
        assert (decision.outcome, launch.decision) == ("", None)
    else:  # it was taken first: then what was taken back has voided it, if it mattered
        assert decision.outcome == "go"
        assert (launch.decision is None) == (decision.voided_at is not None)
        assert launch.decision is None or launch.verdict == decision.verdict


def test_a_go_from_a_page_that_is_old_by_then_is_refused(room):
    review = meeting(room, room.ann, room.bob)
    begin(review, room.lead)
    go = answering(review, room.ann)
    room.untick(1)

    with pytest.raises(Refused):
        go()

    assert answers(review)[0] == ("Ann Ash", "", "")
    assert DecisionSignature.objects.count() == 0
