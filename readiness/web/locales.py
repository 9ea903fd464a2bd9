"""How dates and numbers are written for who reads: the language is one, habits are several.

The locale of a request is that of the person who asks. What is drawn from memory is kept by
the words it shows, so a date in another order is another row: nobody gets somebody else's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta

MONDAY, SUNDAY = 1, 7
SAMPLE = date(2026, 12, 8)
APART = "\u202f"


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """How a day is written: with its weekday, without, with its year, and with all of it."""

    weekday: Callable[[date], str]
    day: Callable[[date], str]
    dated: Callable[[date], str]
    in_full: Callable[[date], str]


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """The habits of a reader. There is one of each, so that a memo knows it by identity."""

    key: str
    order: Order
    mark: str
    first_weekday: int

    @property
    def title(self) -> str:
        """The habits, shown by an example."""
        first = "Monday" if self.first_weekday == MONDAY else "Sunday"
        return f"{self.order.weekday(SAMPLE)} · {self.number('77.5%')} · {first} first"

    def weekday(self, on: date) -> str:
        return self.order.weekday(on)

    def day(self, on: date) -> str:
        return self.order.day(on)

    def dated(self, on: date) -> str:
        """The day and its year."""
        return self.order.dated(on)

    def in_full(self, on: date) -> str:
        """The weekday, the day and its year."""
        return self.order.in_full(on)

    def number(self, written: str) -> str:
        """A number that is written as 1,234.5, as percentages are.

        Beside a decimal comma thousands stand apart by a space that does not break.
        """
        if self.mark == ".":
            return written
        return written.replace(",", APART).replace(".", self.mark)

    def end_of_week(self, today: date) -> date:
        """The last day of the week of this day."""
        return today + timedelta(days=6 - (today.isoweekday() - self.first_weekday) % 7)

    def weekdays(self) -> list[int]:
        """The ISO weekdays in the order of a week."""
        return [(self.first_weekday + n - 1) % 7 + 1 for n in range(7)]


DAY_FIRST = Order(
    lambda on: f"{on:%a} {on.day} {on:%b}",
    lambda on: f"{on.day} {on:%b}",
    lambda on: f"{on.day} {on:%b} {on.year}",
    lambda on: f"{on:%a} {on.day} {on:%b} {on.year}",
)
MONTH_FIRST = Order(
    lambda on: f"{on:%a}, {on:%b} {on.day}",
    lambda on: f"{on:%b} {on.day}",
    lambda on: f"{on:%b} {on.day}, {on.year}",
    lambda on: f"{on:%a}, {on:%b} {on.day}, {on.year}",
)
YEAR_FIRST = Order(*[lambda on: f"{on.year:04}-{on:%m-%d}"] * 4)

PLAIN = Locale("en-GB", DAY_FIRST, ".", MONDAY)
LOCALES = {
    one.key: one
    for one in (
        PLAIN,
        Locale("en-US", MONTH_FIRST, ".", SUNDAY),
        Locale("en-DE", DAY_FIRST, ",", MONDAY),
        Locale("en-CA", YEAR_FIRST, ".", SUNDAY),
        Locale("en-SE", YEAR_FIRST, ",", MONDAY),
    )
}
CHOICES = [(one.key, one.title) for one in LOCALES.values()]

_of_reader: ContextVar[Locale] = ContextVar("locale", default=PLAIN)


def current() -> Locale:
    """The locale of who reads what is written now; what nobody in particular reads is plain."""
    return _of_reader.get()


def read_by(key: str) -> None:
    """From here on somebody reads who has this locale."""
    _of_reader.set(LOCALES.get(key, PLAIN))


@contextmanager
def written_for(key: str = PLAIN.key) -> Iterator[None]:
    """Within this, things are written for a reader with this locale, or for nobody special."""
    token = _of_reader.set(LOCALES.get(key, PLAIN))
    try:
        yield
    finally:
        _of_reader.reset(token)


def weekday(on: date) -> str:
    """Tue 8 Dec, as the reader writes it."""
    return _of_reader.get().order.weekday(on)


def day(on: date) -> str:
    """8 Dec, as the reader writes it."""
    return _of_reader.get().order.day(on)


def number(written: str) -> str:
    """77.5%, as the reader writes it."""
    return _of_reader.get().number(written)
