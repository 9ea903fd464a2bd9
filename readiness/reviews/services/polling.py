"""The go/no-go poll: approvers are called in turn, and their GO may be the decision."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.seats import is_counting
from readiness.launches.services import decisions
from readiness.launches.services.decisions import Condition, Word
from readiness.launches.services.taking import take_launch
from readiness.reviews.models import PollCall, Review
from readiness.reviews.models.minutes import PollSays
from readiness.reviews.policies import polling as policies
from readiness.reviews.queries.poll import Poll, poll_of, present_of
from readiness.reviews.services.deciding import inner_key
from readiness.reviews.services.taking import record_in, take_review
from readiness.web.refusal import Refused, refuse_if


@transaction.atomic
def begin(review: Review, *, by: User, key: str, now: datetime) -> list[PollCall]:
    """Call every approver who is in the room, in the order of their names.

    Where somebody was called who is gone by now it begins anew; what was said stays in the log.
    """
    review = take_review(review, to=Action.REVIEW_DRIVE, by=by, key=key, body="poll", now=now)
    board = _board(review, now)
    present = present_of(review, board, now)
    current = poll_of(review, board).current
    waits_for = current.approver if current else None
    refuse_if(policies.beginning(review, by, present, waits_for))
    review.poll.all().delete()
    calls = PollCall.objects.bulk_create(
        PollCall(review=review, approver=person, position=position)
        for position, person in enumerate(present, start=1)
    )
    review.poll_began_at = now
    review.save(update_fields=["poll_began_at"])
    called = [person.name for person in present]
    record_in(Kind.REVIEW_POLLED, review, by=by, now=now, called=called)
    return calls


@transaction.atomic
def say(
    review: Review,
    says: PollSays,
    *,
    reason: str = "",
    conditions: tuple[Condition, ...] = (),
    signs: bool,
    seal: str = "",
    by: User,
    key: str,
    now: datetime,
) -> PollCall:
    """Answer as the approver who is called; a GO is their signature where the poll decides.

    `signs` and `seal` are what the page said: where a GO means another thing by now, or anything
    that matters changed, nothing is said at all.
    """
    said = [condition.as_kept() for condition in conditions]
    body = f"poll {says} {signs} {seal} {reason} {said}"
    review = take_review(review, to=Action.LAUNCH_DECIDE, by=by, key=key, body=body, now=now)
    board = _board(review, now)
    poll = poll_of(review, board)
    call = poll.current
    if call is None:
        raise Refused(policies.NOT_CALLED)
    refuse_if(policies.answering(review, call, by) or policies.saying(says, reason))
    is_signed = False
    if says is PollSays.GO:
        refuse_if("" if poll.signs == signs else policies.OTHERWISE)
        is_signed = poll.signs
    if is_signed and not _has_signed(poll, by):
        word = Word(poll.says, reason, conditions)
        decisions.decide(board.launch, word, seal=seal, by=by, key=inner_key(key), now=now)
    call.says, call.reason, call.at = says.value, reason.strip(), now
    call.save(update_fields=["says", "reason", "at"])
    told = {"says": says.value, "reason": call.reason, "signed": is_signed}
    record_in(Kind.REVIEW_POLLED, review, by=by, now=now, **told)
    return call


def _board(review: Review, now: datetime) -> Board:
    """The launch of the review, locked, as it stands now."""
    review.launch = take_launch(review.launch_id)
    return board_of(review.launch, now)


def _has_signed(poll: Poll, by: User) -> bool:
    """Whether their approval of exactly this stands already, from the decision's own page."""
    standing = poll.asked.signatures.standing().filter(by=by) if poll.asked else ()
    return any(is_counting(one, poll.seal) for one in standing)
