"""The runway as inline SVG: positions are attributes, tones are classes."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from readiness.launches.queries.dashboard import Chart
from readiness.launches.queries.launch_rows import Columns
from readiness.launches.queries.runway import (
    BOTTOM,
    DELAY_LINE,
    HEIGHT,
    LEFT,
    READY_LINE,
    RIGHT,
    TOP,
    WORDS_GAP,
    Box,
    Point,
    runway_of,
)
from readiness.web import locales
from readiness.web.addresses import address
from readiness.web.templatetags.face import sprite

register = template.Library()

KEPT = 64
BANDS = (
    ("ready", "Ready", TOP, READY_LINE),
    ("monitor", "Extra monitoring", READY_LINE, DELAY_LINE),
    ("delay", "Delay", DELAY_LINE, BOTTOM),
)
LINES = ((READY_LINE, "95%"), (DELAY_LINE, "80%"))


@register.simple_tag
def runway(chart: Chart) -> SafeString:
    """The chart, or nothing where no launch is near."""
    return _drawn(chart.read, chart.judged, chart.today, chart.until, locales.current())


@lru_cache(maxsize=KEPT)
def _drawn(
    read: str,
    judged: tuple[Columns, ...],
    today: datetime,
    until: datetime,
    _: locales.Locale,
) -> SafeString:
    """Drawn once for all who see the same launches on the same day, and write days the same."""
    found = runway_of(read, judged, today=today, until=until)
    if not found.points:
        return SafeString("")
    ticks = "".join(
        f'<text x="{x}" y="{HEIGHT - 6}" class="ax" text-anchor="middle">{day}</text>'
        f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{BOTTOM}" class="tick"/>'
        for x, day in found.ticks
    )
    return SafeString(
        f'<svg viewBox="0 0 1080 {HEIGHT}" aria-hidden="true">{_frame(found.words)}{ticks}'
        f"{''.join(map(_point, found.points))}</svg>"
    )


def _frame(words: tuple[Box, ...]) -> str:
    bands = "".join(
        f'<rect x="{LEFT}" y="{top}" width="{RIGHT - LEFT}" height="{bottom - top:.1f}"'
        f' class="band" data-verdict="{shape}"/>{_word(shape, title, box)}'
        for (shape, title, top, bottom), box in zip(BANDS, words, strict=True)
    )
    lines = "".join(
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}" class="thr"/>'
        f'<text x="{LEFT - 8}" y="{y + 4}" class="ax" text-anchor="end">{share}</text>'
        for y, share in LINES
    )
    return bands + lines


def _word(shape: str, title: str, box: Box) -> str:
    left, top, right, _ = box
    x, side = (right - WORDS_GAP, "end") if right == RIGHT else (left + WORDS_GAP, "start")
    return (
        f'<text x="{x}" y="{top + 13}" class="bl" data-verdict="{shape}"'
        f' text-anchor="{side}">{title}</text>'
    )


def _point(one: Point) -> str:
    """A link for those who point; whoever uses keys or hears the page has the list."""
    tail = label = ""
    if one.before is not None and one.before != one.y:
        tail = f'<line x1="{one.x}" x2="{one.x}" y1="{one.before}" y2="{one.y}" class="tail"/>'
    if one.name:
        label = (
            f'<text x="{one.name_x}" y="{one.name_y}" text-anchor="{one.anchor}"'
            f' class="lb">{escape(one.name)}</text>'
        )
    return (
        f'<a href="{address("launches:detail", one.pk)}" class="pt" tabindex="-1"'
        f' data-verdict="{one.shape}"><title>{escape(one.says)}</title>{tail}'
        f'<svg x="{one.x - 10:.1f}" y="{one.y - 10:.1f}" width="20" height="20" class="g">'
        f'<use href="{sprite()}#v-{one.shape}"/></svg>{label}</a>'
    )
