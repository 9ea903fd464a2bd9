"""The course of a launch as inline SVG: positions are attributes, tones are classes."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from readiness.launches.queries.course import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, Course, Turn

register = template.Library()

NEAR = 12  # a point is easily hit by a pointer and a thumb
LOWEST_WORD = 16  # between the words of two cuts


@register.simple_tag
def course_chart(course: Course, address: str) -> SafeString:
    """The chart; its points lead to what happened on their day."""
    line = " ".join(f"{x},{y}" for x, y in course.line)
    turns = "".join(_turn(one, address) for one in course.turns)
    return SafeString(
        f'<svg viewBox="0 0 760 {HEIGHT}" role="group" aria-label="{escape(course.says)}">'
        f"{_frame(course)}{_ticks(course)}"
        f'<polyline class="hline" points="{line}"/>{turns}</svg>'
    )


def _frame(course: Course) -> str:
    bands = "".join(
        f'<rect x="{LEFT}" y="{band.top}" width="{RIGHT - LEFT}"'
        f' height="{band.bottom - band.top:.1f}" class="band" data-verdict="{band.shape}"/>'
        for band in course.bands
    )
    lines, above = "", float(BOTTOM)
    for y, words in course.cuts:
        lines += f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}" class="thr"/>'
        if above - y >= LOWEST_WORD or above == BOTTOM:
            lines += f'<text x="{LEFT - 6}" y="{y + 4:.1f}" class="ax" text-anchor="end">{words}'
            lines, above = f"{lines}</text>", y
    return f'<g aria-hidden="true">{bands}{lines}</g>'


def _ticks(course: Course) -> str:
    last = len(course.ticks) - 1
    return "".join(
        f'<text x="{x}" y="{HEIGHT - 7}" class="ax" aria-hidden="true"'
        f' text-anchor="{"start" if not number else "end" if number == last else "middle"}">'
        f"{escape(words)}</text>"
        for number, (x, words) in enumerate(course.ticks)
    )


def _turn(one: Turn, address: str) -> str:
    day = one.day.isoformat()
    return (
        f'<a href="{address}?since={day}&amp;until={day}" class="hturn"'
        f' data-verdict="{one.shape}" aria-label="{escape(one.says)}. Show that day">'
        f"<title>{escape(one.says)}</title>"
        f'<circle cx="{one.x}" cy="{max(one.y, TOP)}" r="{NEAR}" class="hturn__near"/>'
        f'<circle cx="{one.x}" cy="{max(one.y, TOP)}" r="5" class="hdot"/></a>'
    )
