"""The line of the last 14 days, as inline SVG, and by how much readiness changed in them."""

from functools import lru_cache

from readiness.launches.queries.trend import Trend
from readiness.web.locales import number
from readiness.web.templatetags.face import icon

NONE = '<span class="muted" aria-hidden="true">&ndash;</span><span class="vh">No score yet</span>'
LEFT, RIGHT, MIDDLE, HEIGHT, SPAN = 4, 92, 13, 26, 18
FLATTEST = 200  # thousandths: a range is never under 20 points, so that a flat line looks flat


def spark(trend: Trend, shape: str, shown: str) -> str:
    """What a cell shows; `shown` is the score of today in words, and safe."""
    if not trend.points:
        return NONE
    lowest, highest = min(trend.points), max(trend.points)
    middle, spread = (lowest + highest) / 2, max(FLATTEST, highest - lowest)
    days = _days(len(trend.points))
    heights = {
        point: f"{MIDDLE - (point - middle) / spread * SPAN:.1f}" for point in {*trend.points}
    }
    places = zip(days, trend.points, strict=True)
    line = " ".join([f"{day},{heights[point]}" for day, point in places])
    end = line.rpartition(",")[2]
    return (
        f'<svg class="spark" viewBox="0 0 96 {HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="Readiness over the last 14 days, now {shown}" data-verdict="{shape}">'
        f'<polygon points="{days[0]},{HEIGHT} {line} {RIGHT},{HEIGHT}"/>'
        f'<polyline points="{line}"/><circle cx="{RIGHT}" cy="{end}" r="3.2"/></svg>'
        f"{_delta(trend.change)}"
    )


@lru_cache(maxsize=32)
def _days(number: int) -> tuple[str, ...]:
    """Where each of the days stands; the last of them at the right."""
    step = (RIGHT - LEFT) / max(1, number - 1)
    first = RIGHT - step * (number - 1)
    return tuple(f"{first + n * step:.1f}" for n in range(number))


def _delta(change: int) -> str:
    if not change:
        return '<span class="delta"><span class="vh">unchanged</span>0</span>'
    way = "up" if change > 0 else "down"
    by = number(f"{abs(change) / 10:.1f}".removesuffix(".0"))
    return (
        f'<span class="delta" data-dir="{way}">{icon(f"arrow-{way}")}'
        f'<span class="vh">{way} </span>{by}</span>'
    )
