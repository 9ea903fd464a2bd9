"""Which items had the fact that they ask for, at an instant that is past."""

from datetime import datetime

from readiness.audit.kinds import Kind
from readiness.launches.models import FactRevision, Launch
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.structured import structured_from
from readiness.launches.queries.told import MOVES, SETTLING, Cut, Record

LOOKED = (*MOVES, *SETTLING, Kind.FACETS_ANSWERED.value)


def with_facts(record: Record, launch: Launch, cut: Cut) -> tuple[frozenset[int], tuple[str, ...]]:
    """The items whose fact was there and sound, and what of it cannot be read any more.

    Facts were looked at when one of them, or what they look at, changed: so they are here, at
    that instant. Who held which duty is taken from today.
    """
    current: dict[tuple[int, str, int], FactRevision] = {}
    for one in record.facts:
        if record.is_so(one.at, cut, one.item_id):
            current[one.item_id, one.fact, one.row] = one
    if not current:
        return frozenset(), ()
    facts = structured_from(launch, [*current.values()], _looked_at(record, cut))
    rules = pinned(launch.version_id).items
    gone = {one.item.key for one in current.values() if one.payload is None}
    return (
        frozenset(pk for pk in facts.filled if facts.is_sound(pk)),
        tuple(
            f"The fact of {rules[key].ref} was redacted since: it counts as missing here."
            for key in sorted(gone)
        ),
    )


def _looked_at(record: Record, cut: Cut) -> datetime:
    """When facts were looked at last."""
    looks = [one.at for one in record.heard if one.number <= cut.number and one.kind in LOOKED]
    return looks[-1] if looks else cut.at
