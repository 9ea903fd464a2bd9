"""Where a launch stood over the last 14 days, from the snapshots of its verdicts."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from readiness.launches.queries.filtering import A_DAY, A_WEEK, NOW

DAYS = 14
MOST = 400  # snapshots read of one launch: the latest; the line begins later for one with more
SINCE = NOW - (DAYS - 1) * A_DAY
SECONDS_A_DAY = 86_400
FIRST_DAY = date(1970, 1, 1).toordinal()
KEPT = 8_192

# Of a launch `l`, as text: where it stood when the days began, then each snapshot since, as
# seconds and score. One text, because fifty lists of pairs take longer to read than to find.
TREND = """concat_ws(',', (
    SELECT '0:' || score FROM launches_verdictsnapshot
    WHERE launch_id = l.id AND at <= {since} AND score IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1
), (
    SELECT string_agg(floor(date_part('epoch', at))::bigint || ':' || score, ',' ORDER BY at, id)
    FROM (
        SELECT id, at, score FROM launches_verdictsnapshot
        WHERE launch_id = l.id AND at > {since} ORDER BY at DESC, id DESC LIMIT {most}
    ) latest
))"""


class Trend(NamedTuple):
    """Scores at the end of each day in thousandths, the oldest first; empty without a score."""

    points: tuple[int, ...] = ()

    @property
    def change(self) -> int:
        """By how many thousandths it rose, or fell."""
        return self.points[-1] - self.points[0] if self.points else 0


@lru_cache(maxsize=KEPT)
def trend_of(read: str, score: Decimal | None, today: date) -> Trend:
    """A day without a snapshot ends as it began; today ends with the score of now."""
    if score is None:
        return Trend()
    last = today.toordinal() - FIRST_DAY
    found = {seconds // SECONDS_A_DAY: kept for seconds, kept in _read(read)}
    found[last] = score
    thousandths = {day: round(1000 * kept) for day, kept in found.items()}
    points, standing = [], thousandths.get(0)
    for day in range(last - DAYS + 1, last + 1):
        standing = thousandths.get(day, standing)
        if standing is not None:
            points.append(standing)
    return Trend(tuple(points))


def fell(read: str, score: Decimal | None, now: datetime) -> bool:
    """Whether the score is lower than a week ago."""
    before = score_before(read, now - A_WEEK)
    return score is not None and before is not None and score < before


def score_before(read: str, at: datetime) -> Decimal | None:
    """The score that stood at a time; None before the first that is known."""
    found = [kept for seconds, kept in _read(read) if seconds <= at.timestamp()]
    return found[-1] if found else None


def _read(read: str) -> list[tuple[int, Decimal]]:
    pairs = (one.split(":") for one in read.split(",") if one)
    return [(int(seconds), Decimal(kept)) for seconds, kept in pairs]
