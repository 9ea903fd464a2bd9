"""The verdict card: what the verdict is, why, and what would change it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from readiness.launches.models import Launch
from readiness.launches.queries.board import Board, Place
from readiness.launches.queries.faces import Face
from readiness.launches.queries.looks import ORDER, WORDS
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.rows import Extra, day_of_month, due_words
from readiness.rules.percent import rounded, shown
from readiness.rules.scheme import Aggregate, Band, Measure, Outcome
from readiness.rules.states import State
from readiness.rules.verdict import MANY_NA
from readiness.web.locales import number

SHAPES = {
    Outcome.NO_GO: "delay",
    Outcome.CONDITIONAL: "monitor",
    Outcome.GO: "ready",
    Outcome.INFO: "not_assessable",
}
SHOWN_STEPS = 6


class Step(NamedTuple):
    """An item to check on the way to the next verdict."""

    pk: int
    look: str
    word: str
    title: str
    due: str
    is_late: bool
    owner: Face | None


class Held(NamedTuple):
    """A must-have that is open."""

    pk: int
    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many items look alike."""

    look: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """All that the verdict card shows; equal cards are the same bytes."""

    url: str
    shape: str
    says: str
    counts: str
    slack: str
    held: tuple[Held, ...]
    notices: tuple[str, ...]
    number: str
    sign: str
    units: tuple[str, ...]
    cuts: tuple[tuple[str, str], ...]
    label: str
    legend: tuple[Count, ...]
    next_title: str
    steps: tuple[Step, ...]
    more_steps: int
    hint: str
    na_share: str = ""


def steps_of(board: Board) -> list[Place]:
    """The items that lead to the next verdict, first things first."""
    return [board.places[key] for key in board.way_up.items] if board.way_up else []


def card_of(board: Board, extras: Mapping[int, Extra]) -> Card:
    """The card; `extras` holds at least the owners of the steps that are shown."""
    verdict = board.verdict
    percent = number(verdict.shown)
    places = board.places.values()
    counted = [place.look for place in places if place.standing.credit is not None]
    counted.sort(key=ORDER.__getitem__)
    looks = Counter([place.look for place in places])
    steps = steps_of(board)
    counts = counts_of(board)
    return Card(
        url=board.launch.get_absolute_url(),
        shape=shape_of(verdict.band),
        says=says(verdict.band),
        counts=counts,
        slack=slack_of(board),
        held=tuple(_held(board.places[key]) for key in verdict.holds),
        notices=tuple(_notices(board)),
        number=percent.removesuffix("%"),
        sign="%" if percent.endswith("%") else "",
        units=tuple(counted),
        cuts=tuple((number(at), words) for at, words in _cuts(board.launch.version_id)),
        label=f"{counts} {percent}",
        legend=tuple(Count(look, WORDS[look], looks[look]) for look in WORDS if looks[look]),
        next_title=_next_title(board, len(steps)),
        steps=tuple(_step(board, place, extras) for place in steps[:SHOWN_STEPS]),
        more_steps=max(0, len(steps) - SHOWN_STEPS),
        hint=_hint(board, steps),
        na_share=na_share_of(board),
    )


def shape_of(band: Band | None) -> str:
    """The silhouette of a verdict: what its band allows, whatever the band is called."""
    return SHAPES[band.outcome] if band else "not_assessable"


def says(band: Band | None) -> str:
    """The verdict in the checklist's own sentence."""
    return (band.message or band.title) if band else "Nothing to assess yet"


def counts_of(board: Board) -> str:
    """How many items are checked, of how many that count."""
    verdict = board.verdict
    if not verdict.counted:
        return "No item of this checklist counts in this launch."
    kind = "items" if verdict.counted == len(board.places) else "applicable items"
    words = f"{verdict.checked} of {verdict.counted} {kind} are checked."
    if board.content.scheme.aggregate != Aggregate.MIN_OF_SECTIONS:
        return words
    weakest = next((one for one in verdict.sections if one.score == verdict.score), None)
    titles = {section.key: section.title for section in board.content.sections}
    return f"{words} The weakest section decides: {titles[weakest.key]}." if weakest else words


def slack_of(board: Board) -> str:
    lower = board.way_down
    if lower is None:
        return ""
    to = lower.band.title if lower.band else "nothing to assess"
    return f"Unchecking {len(lower.items)} would drop this to {to}."


def glass_said(launch: Launch) -> str:
    """That sign-offs past their policy were confirmed: said for ever, whatever became of them."""
    if not launch.broke_glass:
        return ""
    times = "once" if launch.broke_glass == 1 else f"{launch.broke_glass} times"
    return f"Glass was broken {times}: one person signed alone, past the signing policy."


def _notices(board: Board) -> list[str]:
    return list(filter(None, [glass_said(board.launch), many_na_of(board)]))


def na_share_of(board: Board) -> str:
    """How much of the checklist was agreed not to apply: said beside every percentage."""
    states = list(board.verdict.states.values())
    left_out = states.count(State.NA_CONFIRMED)
    if not left_out:
        return ""
    in_scope = len(states) - states.count(State.NA_BY_FACET)
    share = rounded(Fraction(100 * left_out, in_scope), 1)
    percent = f"{share}%" if share.denominator == 1 else f"{float(share):.1f}%"
    return f"{left_out} of {in_scope} not applicable ({number(percent)})"


def many_na_of(board: Board) -> str:
    share = board.content.scheme.na_review_share
    if MANY_NA not in board.verdict.notices or share is None:
        return ""
    percent = float(rounded(share * 100, 0))
    return f"More than {percent:.0f}% of the items are marked not applicable. Look at them again."


@lru_cache(maxsize=64)
def _cuts(version: int) -> tuple[tuple[str, str], ...]:
    """Where the bands of a version start, as far as a line of units can show it."""
    scheme = pinned(version).scheme
    if scheme.measure != Measure.SHARE or scheme.aggregate != Aggregate.WHOLE:
        return ()
    return tuple(
        (
            shown(band.start, scheme).removesuffix("%"),
            f"{band.title} {'from' if band.start_included else 'over'}",
        )
        for band in scheme.bands
        if band.start is not None
    )


def _next_title(board: Board, count: int) -> str:
    verdict, scheme = board.verdict, board.content.scheme
    if verdict.counted and verdict.checked == verdict.counted:
        return f"All {verdict.counted} items are checked"
    if board.way_up:
        return f"To reach {board.way_up.band.title}, check {count} more"
    if verdict.band == scheme.bands[-1]:
        return f"{scheme.bands[-1].title} is reached"
    return "No set of items reaches the next verdict" if verdict.counted else ""


def _hint(board: Board, steps: list[Place]) -> str:
    """What may stay as it is on the way."""
    if board.verdict.counted and board.verdict.checked == board.verdict.counted:
        return f"{says(board.verdict.band)}."
    if not steps:
        left = board.left
        return f"{left} item{'' if left == 1 else 's'} can still be checked." if left else ""
    waived = [
        place.rule.ref
        for place in board.places.values()
        if place.look == "waived" and place not in steps
    ]
    if not waived:
        return ""
    if len(waived) == 1:
        return f"The waiver on {waived[0]} can stay."
    return f"The waivers on {', '.join(waived[:-1])} and {waived[-1]} can stay."


def _held(place: Place) -> Held:
    return Held(place.fact.pk, place.rule.ref, place.rule.title)


def _step(board: Board, place: Place, extras: Mapping[int, Extra]) -> Step:
    due, extra = place.fact.item.due_on, extras.get(place.fact.pk)
    is_late = due_words(board, place)[1] == "late"
    return Step(
        pk=place.fact.pk,
        look=place.look,
        word=WORDS[place.look],
        title=place.rule.title,
        due="late" if is_late else day_of_month(due) if due else "",
        is_late=is_late,
        owner=extra.owner if extra else None,
    )
