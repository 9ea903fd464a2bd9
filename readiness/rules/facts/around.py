"""What a fact is looked at with: its rows, the launch's other facts, candidate and date."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from readiness.rules.facts.definitions import FactType
from readiness.rules.facts.values import Value, Values, number

WHOLE = 0
PRODUCT = "product"


class Row(NamedTuple):
    """One row of a fact, by its number, with every field of it."""

    number: int
    values: Values

    def get(self, name: str) -> Value:
        return self.values.get(name)

    def has(self, *names: str) -> bool:
        """Whether all of these are said; a rule has nothing to say about what is not."""
        return all(self.values.get(name) not in (None, []) for name in names)


NOTHING = Row(WHOLE, {})


@dataclass(frozen=True, slots=True)
class Filled:
    """A fact as it stands: its rows by number, and what is said of all of them."""

    type: FactType
    rows: tuple[Row, ...] = ()
    whole: Row = NOTHING

    @property
    def newest(self) -> Row | None:
        """The row a rule reads: the latest by its own time where it has one, else the last."""
        return max(self.rows, key=self._age, default=None)

    def _age(self, row: Row) -> tuple[bool, Any, int]:
        at = row.get(self.type.newest_by) if self.type.newest_by else None
        return at is not None, at or 0, row.number


def plain_day(on: date) -> str:
    """Tue 8 Dec."""
    return f"{on:%a} {on.day} {on:%b}"


def plain_date(on: date) -> str:
    """Tue 8 Dec 2026."""
    return f"{plain_day(on)} {on.year}"


@dataclass(frozen=True, slots=True)
class Around:
    """The launch that a fact belongs to; `duties` says who holds which, by person.

    `weekday`, `in_full` and `written` write days, and numbers that are written as 1,234.5, as
    the reader of the sentences does.
    """

    launch: int
    launch_at: datetime
    zone: ZoneInfo
    now: datetime
    candidate: str = ""
    version: str = ""
    serving: Sequence[str] | None = None
    duties: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Filled] = field(default_factory=dict)
    weekday: Callable[[date], str] = plain_day
    in_full: Callable[[date], str] = plain_date
    written: Callable[[str], str] = str

    def rows_of(self, fact: str) -> tuple[Row, ...]:
        """The rows of another fact of the launch; none where nobody filled it in."""
        return self.facts[fact].rows if fact in self.facts else ()

    def row_of(self, fact: str) -> Row:
        """The newest row of another fact; an empty one where there is none."""
        return (self.facts[fact].newest if fact in self.facts else None) or NOTHING

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    @property
    def launch_on(self) -> date:
        return self.local(self.launch_at).date()

    def is_candidate(self, said: str) -> bool:
        """Whether a version that was written down is the one this launch proposes."""
        return bool(said) and said.strip() in (self.version, self.candidate)

    def number(self, value: Decimal | int) -> str:
        """A number in a sentence."""
        return self.written(number(value))

    def grouped(self, count: int) -> str:
        """A count in a sentence, its thousands apart."""
        return self.written(f"{count:,}")

    def day(self, at: datetime | date) -> str:
        """A moment in a sentence, on the clocks of the launch; a day by its name."""
        if isinstance(at, datetime):
            local = self.local(at)
            return f"{self.weekday(local)} {local:%H:%M}"
        return self.weekday(at)


class Held(NamedTuple):
    """One stage of the rollout as it is planned: its number, share, and from when to when."""

    number: int
    share: Any
    starts: datetime
    ends: datetime
    hold: int


def stages_of(plan: Row, around: Around) -> list[Held]:
    """The stages one after the other; each begins where it says, or where the one before ends."""
    starts, found = around.launch_at, []
    for place, stage in enumerate(plan.get("stages") or [], start=1):
        starts = stage.get("starts_at") or starts
        hold = stage.get("hold") or 0
        ends = starts + timedelta(seconds=hold)
        found.append(Held(place, stage.get("share"), starts, ends, hold))
        starts = ends
    return found


def reaction_of(trigger: Row) -> int:
    """The seconds that a trigger needs before it can fire."""
    return sum(trigger.get(name) or 0 for name in ("label_delay", "window", "sustained_for"))


def is_armed_at(trigger: Row, share: Any) -> bool:
    """A trigger without shares is armed at all of them."""
    return not trigger.get("stages") or share in trigger.get("stages")


class Broken(NamedTuple):
    """How a rule is broken, in a sentence, at which field of which row, if at one."""

    says: str
    field: str = ""
    row: int | None = None
