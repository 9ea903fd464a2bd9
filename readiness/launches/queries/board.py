"""A launch as it stands now: every item weighed, the verdict, and the ways from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from readiness.launches.models import Launch
from readiness.launches.queries.facts import Fact, facts_of
from readiness.launches.queries.looks import look_of
from readiness.launches.queries.pinned import ItemRule, Pinned, pinned
from readiness.rules import steps
from readiness.rules import verdict as rule
from readiness.rules.verdict import Verdict
from readiness.rules.weighing import Standing


class Place(NamedTuple):
    """One item of a launch, and where it stands."""

    fact: Fact
    rule: ItemRule
    standing: Standing
    look: str

    @property
    def is_counted(self) -> bool:
        return self.standing.credit is not None

    @property
    def is_left(self) -> bool:
        """Whether it counts and is not checked."""
        return self.is_counted and self.look != "done"


@dataclass(frozen=True, slots=True)
class Board:
    """All that the pages of a launch are made of, computed at `now`: never what was stored."""

    launch: Launch
    content: Pinned
    now: datetime
    today: date
    places: dict[str, Place]
    verdict: Verdict
    way_up: steps.NextBand | None
    way_down: steps.LowerBand | None

    def place(self, pk: int) -> Place:
        return next(place for place in self.places.values() if place.fact.pk == pk)

    @property
    def left(self) -> int:
        return self.verdict.counted - self.verdict.checked


def board_of(
    launch: Launch,
    now: datetime,
    facts: Sequence[Fact] | None = None,
    verdict: Verdict | None = None,
) -> Board:
    """The launch now; `facts` and `verdict` are what was just found of it at this instant."""
    content = pinned(launch.version_id)
    facts = facts_of(launch, now) if facts is None else facts
    items = [fact.item for fact in facts]
    verdict = verdict or rule.judge(items, content.scheme, now)
    standings = {one.item.key: one for one in verdict.standings}
    places = {}
    for fact in facts:
        about, standing = content.items[fact.key], standings[fact.key]
        look = look_of(fact, standing, about.signing.signatures, now)
        places[fact.key] = Place(fact, about, standing, look)
    return Board(
        launch=launch,
        content=content,
        now=now,
        today=now.astimezone(launch.tzinfo).date(),
        places=places,
        verdict=verdict,
        way_up=steps.to_next(items, content.scheme, now, verdict),
        way_down=steps.to_lower(items, content.scheme, now, verdict),
    )
