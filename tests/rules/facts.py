"""Facts as tests say them: rows in the shape of their JSON, and a launch around them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from readiness.checklists.facts.reading import fact_types
from readiness.rules.facts.around import NOTHING, Around, Filled, Row
from readiness.rules.facts.looking import CHECKS
from readiness.rules.facts.values import values_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LAUNCH = datetime(2026, 12, 8, 9, tzinfo=UTC)  # a Tuesday
DAY = 86_400


def filled(type_: str, *rows: dict, whole: dict | None = None) -> Filled:
    """A fact with these rows, numbered from 1."""
    fact = fact_types()[type_]
    made = [Row(place, values_of(fact.fields, row)) for place, row in enumerate(rows, start=1)]
    return Filled(fact, tuple(made), Row(0, values_of(fact.whole, whole)) if whole else NOTHING)


def around(*facts: Filled, **said: object) -> Around:
    """A launch with these other facts."""
    known = {
        "launch": 7,
        "launch_at": LAUNCH,
        "zone": ZoneInfo("UTC"),
        "now": NOW,
        "candidate": "ranker@14.2.0",
        "version": "14.2.0",
        "serving": ["online"],
    }
    return Around(**known | said, facts={fact.type.key: fact for fact in facts})


def broken(check: str, fact: Filled, within: Around | None = None) -> list[tuple[str, int | None]]:
    """Where a fact breaks one rule: fields and rows."""
    found = CHECKS[fact.type.key][check](fact, within or around())
    return [(one.field, one.row) for one in found]


def sentences(check: str, fact: Filled, within: Around | None = None) -> list[str]:
    return [one.says for one in CHECKS[fact.type.key][check](fact, within or around())]
