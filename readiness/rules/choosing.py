"""Choose as few things as will do, and among as few the ones people would rather have."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

Thing = TypeVar("Thing")


class Option(NamedTuple, Generic[Thing]):
    thing: Thing
    gain: int
    is_last_resort: bool = False


def choose(options: Sequence[Option[Thing]], need: int) -> list[Thing] | None:
    """The fewest things whose gains add up to the need, or None if all of them do not.

    Options come in the order of preference. Among sets of the same size the one with the
    fewest last resorts is chosen, and among those the first in the order of preference.
    """
    willing = [option for option in options if not option.is_last_resort]
    resorts = [option for option in options if option.is_last_resort]
    size = _fewest(options, need)
    if size is None:
        return None
    spare = next(
        count
        for count in range(size + 1)
        if _enough(willing, size - count)
        and _enough(resorts, count)
        and _most(willing, size - count) + _most(resorts, count) >= need
    )
    chosen = _first(willing, size - spare, need - _most(resorts, spare))
    need -= sum(option.gain for option in chosen)
    chosen += _first(resorts, spare, need)
    return [option.thing for option in chosen]


def _fewest(options: Sequence[Option[Thing]], need: int) -> int | None:
    gains = sorted((option.gain for option in options), reverse=True)
    for size, gain in enumerate(gains):
        if need <= 0:
            return size
        need -= gain
    return len(gains) if need <= 0 else None


def _enough(options: Sequence[Option[Thing]], size: int) -> bool:
    return len(options) >= size


def _most(options: Sequence[Option[Thing]], size: int) -> int:
    """The most that so many options can add up to."""
    return sum(sorted((option.gain for option in options), reverse=True)[:size])


def _first(options: Sequence[Option[Thing]], size: int, need: int) -> list[Option[Thing]]:
    """The first set of a size, in order of preference, that adds up to the need.

    An option is taken if the best of those after it can still fill the remaining places.
    """
    if sum(sorted(option.gain for option in options)[:size]) >= need:
        return list(options[:size])  # any set will do: so it is where all weights are equal
    chosen: list[Option[Thing]] = []
    for place, option in enumerate(options, start=1):
        rest = options[place:]
        open_places = size - len(chosen) - 1
        if open_places < 0:
            break
        if _enough(rest, open_places) and option.gain + _most(rest, open_places) >= need:
            chosen.append(option)
            need -= option.gain
    return chosen
