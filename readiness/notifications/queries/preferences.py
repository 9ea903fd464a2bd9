"""What each person wants to hear, and on which ways."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from readiness.accounts.models import User
from readiness.notifications.models import Channel, Kind, OwnHook, Preference
from readiness.notifications.queries.titles import AT_ONCE, CHANNELS, DIGESTED, REGULAR

Way = tuple[Kind, Channel]
DIGEST_BY_MAIL: Way = (Kind.DIGEST, Channel.MAIL)


def wants(person: User, kind: Kind, channel: Channel) -> bool:
    """Whether a person gets this kind of message on this way out."""
    if (kind, channel) == DIGEST_BY_MAIL:
        return person.mails_on
    chosen = Preference.objects.filter(person=person, kind=kind.value, channel=channel.value)
    said = chosen.values_list("is_on", flat=True).first()
    return is_on_at_first((kind, channel)) if said is None else said


def wanted_by(person: User) -> dict[Way, bool]:
    """What the person chose, by kind and way out; of the others `is_on_at_first` holds."""
    chosen = {
        (Kind(one.kind), Channel(one.channel)): one.is_on
        for one in Preference.objects.filter(person=person)
    }
    return {**chosen, DIGEST_BY_MAIL: person.mails_on}


def is_on_at_first(way: Way) -> bool:
    """What holds before somebody chooses: all but a second digest a day."""
    kind, channel = way
    return kind is not Kind.DIGEST or channel is Channel.MAIL


def is_offered(way: Way) -> bool:
    """Whether there is such a message: what comes by the week is for reading, and comes by mail."""
    kind, channel = way
    if channel is Channel.MAIL or kind in AT_ONCE:
        return True
    return kind is Kind.DIGEST and channel in DIGESTED


def channels_of(person: User) -> tuple[Channel, ...]:
    """Mail, and the ways that they added."""
    standing = OwnHook.objects.filter(person=person, removed_at=None)
    added = {*standing.values_list("way", flat=True)}
    return tuple(one for one in Channel if one is Channel.MAIL or one.value in added)


class Column(NamedTuple):
    """One way out, as the head of its column."""

    name: str
    icon: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind on one way out: the name of its tick, "" without one, and whether it is on."""

    name: str
    way: str
    label: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of message, with a cell for each way out."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that come at the same pace."""

    title: str
    rows: tuple[Row, ...]


GROUPS = (("By the day and the week", REGULAR), ("At once", AT_ONCE))


def ways(channels: Iterable[Channel] = (Channel.MAIL,)) -> dict[str, Way]:
    """Every kind there is to choose on these ways out, by the name of its tick."""
    kinds = [kind for _, titles in GROUPS for kind in titles]
    named = {f"{kind}-{channel}": (kind, channel) for kind in kinds for channel in channels}
    return {name: way for name, way in named.items() if is_offered(way)}


def groups_for(person: User, channels: Iterable[Channel]) -> tuple[Group, ...]:
    """The page of what a person wants to hear on these ways out."""
    chosen, columns = wanted_by(person), tuple(channels)
    return tuple(
        Group(title, tuple(_row(kind, words, columns, chosen) for kind, words in titles.items()))
        for title, titles in GROUPS
    )


def _row(kind: Kind, title: str, channels: Iterable[Channel], chosen: dict[Way, bool]) -> Row:
    return Row(title, tuple(_cell((kind, one), title, chosen) for one in channels))


def _cell(way: Way, title: str, chosen: dict[Way, bool]) -> Cell:
    kind, channel = way
    return Cell(
        name=f"{kind}-{channel}" if is_offered(way) else "",
        way=CHANNELS[channel],
        label=f"{title}, by {CHANNELS[channel]}",
        is_on=chosen.get(way, is_on_at_first(way)),
    )
