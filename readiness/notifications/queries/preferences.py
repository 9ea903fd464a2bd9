"""What each person wants to hear, and on which ways."""

from dataclasses import dataclass

from readiness.accounts.models import User
from readiness.notifications.models import Channel, Kind, Preference
from readiness.notifications.queries.titles import AT_ONCE, REGULAR

Way = tuple[Kind, Channel]
DIGEST_BY_MAIL: Way = (Kind.DIGEST, Channel.MAIL)


def wants(person: User, kind: Kind, channel: Channel) -> bool:
    """Whether a person gets this kind of message on this way out."""
    if (kind, channel) == DIGEST_BY_MAIL:
        return person.mails_on
    off = Preference.objects.filter(person=person, kind=kind.value, channel=channel.value)
    return not off.filter(is_on=False).exists()


def wanted_by(person: User) -> dict[Way, bool]:
    """What the person chose, by kind and way out; what is not named here they get."""
    chosen = {
        (Kind(one.kind), Channel(one.channel)): one.is_on
        for one in Preference.objects.filter(person=person)
    }
    return {**chosen, DIGEST_BY_MAIL: person.mails_on}


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind on one way out: the name of its tick, and whether it is on."""

    name: str
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


def ways() -> dict[str, Way]:
    """Every kind a person may choose, on every way out, by the name of its tick."""
    kinds = [kind for _, titles in GROUPS for kind in titles]
    return {f"{kind}-{channel}": (kind, channel) for kind in kinds for channel in Channel}


def groups_for(person: User) -> tuple[Group, ...]:
    """The page of what a person wants to hear."""
    chosen = wanted_by(person)
    return tuple(
        Group(title, tuple(_row(kind, words, chosen) for kind, words in titles.items()))
        for title, titles in GROUPS
    )


def _row(kind: Kind, title: str, chosen: dict[Way, bool]) -> Row:
    cells = (
        Cell(f"{kind}-{one}", f"{title}, by {one}", chosen.get((kind, one), True))
        for one in Channel
    )
    return Row(title, tuple(cells))
