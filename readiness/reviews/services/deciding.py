"""Deciding an item in the room, through the services of its launch."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.audit.kinds import Kind
from readiness.launches.models import ActionItem, LaunchItem, Via
from readiness.launches.queries.board import Board, board_of
from readiness.launches.services import exemptions, following_up, signoffs
from readiness.launches.services.judging import Judged
from readiness.launches.services.taking import take_launch
from readiness.reviews.models import AgendaItem, Review
from readiness.reviews.models.room import Outcome
from readiness.reviews.policies import meeting
from readiness.reviews.queries.agenda import agenda_of, comes_next
from readiness.reviews.services.stage import go_to, leave
from readiness.reviews.services.taking import record_in, take_review
from readiness.web.refusal import Refused, refuse_if


@dataclass(frozen=True, slots=True)
class Said:
    """What the room says of an item.

    `note` is a remark on what is done, what has to happen where it is not, and else the reason.
    What is not done has an owner and a day, a waiver what makes up for it and a last day.
    """

    outcome: Outcome
    note: str = ""
    answer: str = ""
    owner: User | None = None
    due_on: date | None = None
    control: str = ""
    until: date | None = None

    @property
    def body(self) -> str:
        owner = self.owner.pk if self.owner else ""
        rest = f"{self.answer} {owner} {self.due_on} {self.until}"
        return f"decide {self.outcome} {rest} {self.note} {self.control}"


@dataclass(frozen=True, slots=True)
class Decided:
    """A review after an item of it was decided, and the launch as it stands since."""

    review: Review
    row: AgendaItem
    board: Board


@transaction.atomic
def decide(
    review: Review,
    item: LaunchItem,
    said: Said,
    *,
    version: int,
    by: User,
    key: str,
    now: datetime,
) -> Decided:
    """Decide an item as somebody in the room who has the right to.

    Done is a sign-off, not done a follow-up with an owner and a day; not applicable and a waiver
    are asked for, and wait for a second person. `version` is the item's on the page: of two who
    decide at once one wins, the other hears who and when. Where the driver decides what is on
    the stage, it goes on to the next undecided item.
    """
    body = f"{item.pk} {said.body}"
    review = take_review(review, to=Action.LAUNCH_VIEW, by=by, key=key, body=body, now=now)
    refuse_if(meeting.going_on(review) or meeting.taking_part(review, by))
    row = row_of(review, item)
    is_stale = LaunchItem.objects.values_list("version", flat=True).get(pk=item.pk) != version
    refuse_if(meeting.decided_meanwhile(row, now) if is_stale else "")
    act: dict[str, Any] = {"by": by, "version": version, "key": inner_key(key), "now": now}
    judged, follow_up = _carry_out(item, said, act)
    board = _board(review, judged, now)
    if row.follow_up:
        note = f"Decided again in {str(review).lower()}."
        following_up.settle([row.follow_up], by=by, now=now, note=note)
    row.outcome, row.note, row.follow_up = said.outcome.value, said.note.strip(), follow_up
    row.decided_at, row.decided_by = now, by
    row.parked_at, row.parked_by, row.parked_because = None, None, ""
    row.save()
    _record(review, row, board, follow_up, by=by, now=now)
    go_on(review, item.pk, board, by=by, now=now)
    return Decided(review, row, board)


def row_of(review: Review, item: LaunchItem) -> AgendaItem:
    """The item's row on the agenda of a taken review."""
    rows = review.agenda.select_related("follow_up", "decided_by")
    row = rows.filter(item=item.pk).first()
    if row is None:
        raise Refused(meeting.NOT_ON_IT)
    return row


def go_on(review: Review, item: int, board: Board, *, by: User, now: datetime) -> None:
    """From what the driver is done with on the stage, go to what is undecided, if there is any."""
    if by.pk != review.driver_id:
        return
    review.driver_seen_at = now
    following = comes_next(agenda_of(review), board, after=item)
    if review.item_id == item and following:
        leave(review, now=now)
        go_to(review, following.item_id, now=now)
    review.save(update_fields=["item", "arrived_at", "turn", "driver_seen_at"])


def inner_key(key: str) -> str:
    """The key of the one act inside another: as long as any, and nobody else's."""
    return hashlib.sha256(f"in a review {key}".encode()).hexdigest()


def _carry_out(
    item: LaunchItem, said: Said, act: dict[str, Any]
) -> tuple[Judged | None, ActionItem | None]:
    """Do what the outcome means, through the services of launches."""
    more: dict[str, Any]
    match said.outcome:
        case Outcome.DONE:
            more = {"note": said.note.strip(), "answer": said.answer, "via": Via.REVIEW}
            return signoffs.sign_off(item, **more, **act), None
        case Outcome.NA:
            return exemptions.propose_na(item, reason=said.note, until=said.until, **act), None
        case Outcome.WAIVE:
            if said.until is None:
                raise Refused("Choose the last day of the waiver.")
            more = {"reason": said.note, "control": said.control, "until": said.until}
            return exemptions.ask_waiver(item, **more, **act), None
    if said.owner is None or said.due_on is None:
        raise Refused("Say who does it, and until when.")
    more = {"text": said.note, "owner": said.owner, "due_on": said.due_on}
    return None, following_up.follow_up(item, **more, **act)


def _board(review: Review, judged: Judged | None, now: datetime) -> Board:
    """The launch as it stands after the act, in whose transaction it is locked."""
    if judged:
        review.launch = judged.launch
        return board_of(judged.launch, now, judged.facts, judged.verdict)
    review.launch = take_launch(review.launch_id)
    return board_of(review.launch, now)


def _record(
    review: Review,
    row: AgendaItem,
    board: Board,
    follow_up: ActionItem | None,
    *,
    by: User,
    now: datetime,
) -> None:
    """What the room said; reasons and remarks stand in the events of the acts themselves."""
    what: dict[str, Any] = {"item": row.item_id, "key": board.place(row.item_id).fact.key}
    what["outcome"] = row.outcome
    if follow_up:
        what |= {"note": follow_up.text, "owner": follow_up.owner.name, "action": follow_up.pk}
        what["due"] = follow_up.due_on.isoformat()
    record_in(Kind.REVIEW_ITEM_DECIDED, review, by=by, now=now, **what)
