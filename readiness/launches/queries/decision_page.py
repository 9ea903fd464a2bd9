"""The page on which a launch is decided: verdict, what it would ship without, who says what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import ActionItem, Decision, DecisionSignature, Launch
from readiness.launches.models.decisions import Says, said_of_need
from readiness.launches.policies import deciding
from readiness.launches.queries import deciding_words as words
from readiness.launches.queries.board import Board, board_of
from readiness.launches.queries.card import Card, card_of
from readiness.launches.queries.deciding_words import Before, Option, Seat
from readiness.launches.queries.formula import Formula, formula_of
from readiness.launches.queries.item_page import workers_of
from readiness.launches.queries.launch_page import Head, head_of
from readiness.launches.queries.rounds import rounds_of
from readiness.launches.queries.rows import Extra, Row, extras_of, row_of
from readiness.launches.queries.seats import (
    counting,
    is_counting,
    open_round,
    quorum_in_words,
    quorum_of,
    seal_of,
    seats_of,
)

PROPOSED_ITEMS, BLANK = 3, 2
WATCH = timedelta(days=3)
Proposed = dict[str, object]


class Pending(NamedTuple):
    """An override that waits for its second person."""

    signature: DecisionSignature
    may_confirm: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows to one reader."""

    launch: Launch
    head: Head
    card: Card
    formula: Formula
    risks: tuple[Row, ...]
    items: int
    checked: int
    counted: int
    counted_at: datetime
    round: Decision | None
    standing: Decision | None
    fallen: str
    owed: tuple[ActionItem, ...]
    seats: tuple[Seat, ...]
    given: int
    needed: int
    quorum_said: str
    pending: tuple[Pending, ...]
    mine: DecisionSignature | None
    before: tuple[Before, ...]
    options: tuple[Option, ...]
    may_edit: bool
    may_comment: bool
    why_not_ask: str
    why_not_decide: str
    seal: str

    @property
    def seal_shown(self) -> str:
        return " ".join(self.seal[at : at + 4] for at in (0, 4, 8))


def page_of(
    launch: Launch, acts: Iterable[Action], *, reader: User, now: datetime
) -> tuple[Page, Board, Mapping[int, Extra]]:
    """The page as it is now, and what else is asked of the launch."""
    acts, board = frozenset(acts), board_of(launch, now)
    extras, seal = extras_of(board), seal_of(launch, board.verdict)
    asked, standing = open_round(launch), _standing(launch)
    seats = seats_of(launch, asked.asked_by_id if asked else None)
    rounds = list(rounds_of(launch))
    signatures = [one for one in _signatures(asked or standing) if one.withdrawn_at is None]
    left = [place for place in board.places.values() if place.is_left]
    may_decide = Action.LAUNCH_DECIDE in acts
    why_not = deciding.taking_part(launch, asked, reader, seats) if may_decide else ""
    page = Page(
        launch=launch,
        head=head_of(board),
        card=card_of(board, extras),
        formula=formula_of(board.verdict, board.content),
        risks=tuple(row_of(board, place, extras[place.fact.pk]) for place in left),
        items=len(board.places),
        checked=board.verdict.checked,
        counted=board.verdict.counted,
        counted_at=now.astimezone(launch.tzinfo),
        round=asked,
        standing=standing,
        fallen=_fallen(standing, board) if standing else "",
        owed=tuple(standing.action_items.select_related("owner")) if standing else (),
        seats=words.seats_of(_approvers(launch), seats, signatures, seal, reader, asked),
        given=len(counting(signatures, seats, seal)) if asked else 0,
        needed=quorum_of(launch, seats),
        quorum_said=quorum_in_words(launch, seats),
        pending=tuple(_pending(signatures, seal, reader, why_not if may_decide else "no")),
        mine=next((one for one in signatures if one.by_id == reader.pk), None),
        before=tuple(words.before_of(rounds, launch)),
        options=tuple(words.options_of(board.verdict, board.content.scheme)),
        may_edit=Action.LAUNCH_EDIT in acts,
        may_comment=Action.COMMENT in acts,
        why_not_ask=deciding.asking(launch, seats_of(launch, reader.pk)),
        why_not_decide=why_not if may_decide else deciding.READ_ONLY,
        seal=seal,
    )
    return page, board, extras


def proposals_of(page: Page, board: Board, extras: Mapping[int, Extra]) -> list[Proposed]:
    """The conditions that the form starts from.

    Those of the first who approved with some; else what the checklist asks of such a verdict,
    and the first of what is left.
    """
    agreed = next((one.conditions for one in _agreed(page)), None)
    if agreed is not None:
        found = [_again(one) for one in agreed]
    else:
        found = [*_needs(page, board), *_items(page, board)]
    blank: list[Proposed] = [{"on": False} for _ in range(BLANK)]
    return found + blank


def owners_for(launch: Launch) -> list[User]:
    """Who may owe a condition: who may work on the launch."""
    return list(workers_of(launch).order_by("name", "pk"))


def _agreed(page: Page) -> list[DecisionSignature]:
    if page.round is None:
        return []
    standing = page.round.signatures.standing()
    return [one for one in standing if one.conditions and is_counting(one, page.seal)]


def _again(kept: Mapping[str, object]) -> Proposed:
    return {name: kept[name] for name in ("need", "text", "owner", "due_on")} | {"on": True}


def _needs(page: Page, board: Board) -> Iterable[Proposed]:
    launch = page.launch
    for need in deciding.needed(board.content.scheme):
        text, days = words.PROPOSALS.get(need, (said_of_need(need), timedelta()))
        due = max(launch.launch_on + days, board.today)
        yield {"on": True, "need": need, "text": text, "owner": launch.lead_id, "due_on": due}


def _items(page: Page, board: Board) -> Iterable[Proposed]:
    left = [place for place in board.places.values() if place.is_left and place.look != "waived"]
    for place in left[:PROPOSED_ITEMS]:
        due = max(place.fact.item.due_on or page.launch.launch_on, board.today)
        yield {
            "on": False,
            "need": "",
            "text": f"Done and checked: {place.rule.title}"[:300],
            "owner": place.fact.owner or page.launch.lead_id,
            "due_on": due,
        }


def _standing(launch: Launch) -> Decision | None:
    if launch.decision_id is None:
        return None
    return launch.decisions.without_record().select_related("asked_by").get(pk=launch.decision_id)


def _fallen(decision: Decision, board: Board) -> str:
    """Why the GO no longer holds, where time took it and nobody has judged the launch since."""
    return deciding.fallen(
        decision,
        candidate=board.launch.candidate_id,
        version=board.launch.version_id,
        verdict=board.verdict,
        bands=board.content.scheme.bands,
        titles={key: f"{rule.ref} {rule.title}" for key, rule in board.content.items.items()},
    )


def _signatures(decision: Decision | None) -> Sequence[DecisionSignature]:
    return list(decision.signatures.select_related("by")) if decision else []


def _approvers(launch: Launch) -> list[User]:
    return list(User.objects.filter(approving__launch=launch).order_by("name", "pk"))


def _pending(
    signatures: Iterable[DecisionSignature], seal: str, reader: User, why_not: str
) -> Iterable[Pending]:
    """Overrides that were proposed in the open round, while what they go against is the same."""
    for one in signatures:
        is_open = one.decision.is_open and one.against and one.says != Says.CONFIRM
        if is_open and one.seal == seal:
            reason = why_not or deciding.confirming(one, reader, seal=seal)
            yield Pending(one, may_confirm=not reason, why_not=reason)
