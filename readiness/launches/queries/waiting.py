"""All that waits for one person's word, from whatever has something to ask of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter

from readiness.accounts.models import User
from readiness.launches.queries.deciding_waits import decisions_to_take
from readiness.launches.queries.exempting import exemptions_to_agree
from readiness.launches.queries.fact_waits import duties_to_accept
from readiness.launches.queries.signing_waits import glass_to_confirm, second_signatures
from readiness.launches.queries.waits import Wait
from readiness.web.templatetags.face import since

Source = Callable[[User, datetime], Iterable[Wait]]

# Each tells what waits for this person now, as one statement where it can.
SOURCES: tuple[Source, ...] = (
    decisions_to_take,
    exemptions_to_agree,
    second_signatures,
    glass_to_confirm,
    duties_to_accept,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that waits, and since when in words."""

    wait: Wait
    ago: str


def waiting_for(user: User, now: datetime) -> list[Row]:
    """What waits for this person, what waits longest first."""
    found = chain.from_iterable(source(user, now) for source in SOURCES)
    return [Row(one, since(one.since, now)) for one in sorted(found, key=attrgetter("since"))]
