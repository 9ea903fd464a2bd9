"""The go/no-go poll of a review: who is called, what was said, and what a GO means now."""

from dataclasses import dataclass
from datetime import datetime

from readiness.accounts.models import User
from readiness.launches.models import Decision
from readiness.launches.models.decisions import GOES, Outcome, Says
from readiness.launches.policies import deciding
from readiness.launches.queries.board import Board
from readiness.launches.queries.deciding_words import TITLES, TONES
from readiness.launches.queries.faces import Face, face_of
from readiness.launches.queries.seats import counting, open_round, quorum_of, seal_of, seats_of
from readiness.launches.queries.threads import open_threads
from readiness.reviews.models import PollCall, Review
from readiness.reviews.models.minutes import PollSays
from readiness.reviews.models.room import Device
from readiness.reviews.policies import polling
from readiness.reviews.policies.meeting import GONE_AFTER

WORDS = {PollSays.GO.value: ("GO", "green"), PollSays.HOLD.value: ("HOLD", "red")}


@dataclass(frozen=True, slots=True)
class Call:
    """One approver of the poll as everyone sees them."""

    face: Face
    name: str
    word: str
    tone: str
    reason: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Poll:
    """The poll as it stands: the same for every reader."""

    review: Review
    calls: tuple[Call, ...]
    current: PollCall | None
    record_because: str
    outcome: str
    tone: str
    given: int
    needed: int
    seal: str
    needs_conditions: bool
    asked: Decision | None

    @property
    def has_begun(self) -> bool:
        return self.review.poll_began_at is not None

    @property
    def is_over(self) -> bool:
        return self.has_begun and self.current is None

    @property
    def signs(self) -> bool:
        """Whether a GO is the approver's signature under the decision."""
        return not self.record_because

    @property
    def says(self) -> Says:
        return Says.APPROVE_WITH_CONDITIONS if self.needs_conditions else Says.APPROVE


def poll_of(review: Review, board: Board) -> Poll:
    """The poll, on the launch as it is now."""
    launch, calls = board.launch, calls_of(review)
    asked, taken = open_round(launch), _taken(review)
    seats = seats_of(launch, asked.asked_by_id if asked else None)
    needed, seal = quorum_of(launch, seats), seal_of(launch, board.verdict)
    scheme = board.content.scheme
    current = next((call for call in calls if not call.says), None)
    signatures = list(asked.signatures.standing()) if asked else []
    return Poll(
        review=review,
        calls=tuple(_call(call, current) for call in calls),
        current=current,
        record_because=polling.deciding_by_it(
            launch,
            asked,
            taken,
            calls,
            seats,
            needed=needed,
            verdict=board.verdict,
            scheme=scheme,
            open_threads=open_threads(launch),
        ),
        outcome=TITLES[taken.outcome] if taken else "",
        tone=TONES.get(taken.outcome, "") if taken else "",
        given=len(counting(signatures, seats, seal)),
        needed=needed,
        seal=seal,
        needs_conditions=bool(deciding.against(board.verdict, scheme, Says.APPROVE)),
        asked=asked,
    )


def calls_of(review: Review) -> list[PollCall]:
    return list(review.poll.select_related("approver").order_by("position"))


def present_of(review: Review, board: Board, now: datetime) -> list[User]:
    """Who decides on the launch and is in the room now, by name."""
    asked = open_round(board.launch)
    seats = seats_of(board.launch, asked.asked_by_id if asked else None)
    rows = review.attendance.exclude(device=Device.WALL.value)
    here = {*rows.filter(seen_at__gt=now - GONE_AFTER).values_list("person", flat=True)}
    return [person for person in seats if person.pk in here]


def _taken(review: Review) -> Decision | None:
    """The decision that was taken since the poll began, if there is one."""
    if review.poll_began_at is None:
        return None
    rows = review.launch.decisions.without_record().filter(
        decided_at__gte=review.poll_began_at, outcome__in=(*GOES, Outcome.NO_GO.value)
    )
    return rows.order_by("-number").first()


def _call(call: PollCall, current: PollCall | None) -> Call:
    is_now = current is not None and call.pk == current.pk
    word, tone = WORDS.get(call.says, ("Called now", "blue") if is_now else ("Waits", ""))
    person = call.approver
    return Call(face_of(person.name, person.email), person.name, word, tone, call.reason, is_now)
