"""Tags every page draws with: icons, glyphs of verdicts and states, faces, short dates.

Rows are hot, so each tag is one formatted string; nothing here renders a template.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Protocol

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from readiness.web import locales

register = template.Library()

KEPT = 512  # icons and glyphs: few, and on every page

SHAPES = {
    "met": "done",
    "partial": "half",
    "na_by_facet": "na",
    "na_confirmed": "na",
    "open": "not_started",
}
OUTCOMES = {
    "go": "ready",
    "conditional": "monitor",
    "no_go": "delay",
    "info": "not_assessable",
}


class Face(Protocol):
    """What an avatar needs of a person."""

    @property
    def name(self) -> str: ...
    @property
    def initials(self) -> str: ...
    @property
    def hue(self) -> int: ...


@cache
def sprite() -> str:
    """Where the one file of icons and glyphs is served."""
    return static("sprite.svg")


@register.simple_tag(name="static")
@cache
def asset(path: str) -> str:
    """Where a file is served, looked up once: files change with a release, and so with a start."""
    return static(path)


@register.simple_tag
@lru_cache(maxsize=KEPT)
def icon(name: str, css: str = "") -> SafeString:
    """An icon beside words; it says nothing by itself."""
    kind = f'"i {escape(css)}"' if css else "i"
    return SafeString(
        f"<svg class={kind} aria-hidden=true><use href={sprite()}#i-{escape(name)} /></svg>"
    )


@register.simple_tag
def sign(name: str) -> SafeString:
    """A sign beyond ASCII by its name: a page without any takes half the time to put together."""
    return SafeString(f"&{name};")


@register.simple_tag
def mark(css: str = "") -> SafeString:
    """The product's mark."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#mark"/></svg>', css, sprite()
    )


def spoken(label: str) -> SafeString:
    """With a label a picture speaks, without one it is decoration."""
    return SafeString(f'role="img" aria-label="{escape(label)}"' if label else "aria-hidden=true")


@register.simple_tag
@lru_cache(maxsize=KEPT)
def verdict(key: str, label: str = "") -> SafeString:
    """The glyph of a verdict, or of a band's outcome: its own silhouette, in its own tone."""
    return _glyph("verdict", "v", escape(OUTCOMES.get(key, key)), label)


@register.simple_tag
@lru_cache(maxsize=KEPT)
def status(key: str, label: str = "") -> SafeString:
    """The glyph of an item's state or progress: its own silhouette, in its own tone."""
    return _glyph("status", "s", escape(SHAPES.get(key, key)), label)


def _glyph(says: str, kind: str, shape: str, label: str) -> SafeString:
    return SafeString(
        f'<svg class=g data-{says}="{shape}" {spoken(label)}>'
        f"<use href={sprite()}#{kind}-{shape} /></svg>"
    )


@register.simple_tag
def avatar(person: Face | None, css: str = "", hide: bool = False) -> SafeString:  # noqa: FBT001
    """A person's initials on their hue; `hide` where the name stands beside it."""
    if person is None:
        return SafeString("")
    name = escape(person.name)
    says = "aria-hidden=true" if hide else f'role="img" aria-label="{name}" title="{name}"'
    kind = f"avatar hue-{person.hue} {css}".rstrip()
    return SafeString(f'<span class="{kind}" {says}>{escape(person.initials)}</span>')


@register.simple_tag
def meter(units: Iterable[str], cuts: Iterable[tuple[str, str]], label: str) -> SafeString:
    """One unit per item that counts, and a dashed mark at every cut.

    `units` are states or progress in the order to show; `cuts` are (percentage, words),
    as ("80", "Launch with monitoring from"), lowest first; narrow screens drop the words.
    """
    marks = "".join(
        f'<line x1="{at}%" x2="{at}%" y1="2" y2="100%"/>'
        f'<text x="{at}%" dx="-7" y="12" text-anchor="end">'
        f'<tspan class="meter__words">{words} </tspan>{at}%</text>'
        for at, words in ((escape(at), escape(words)) for at, words in cuts)
    )
    bars = "".join(map(bar, units))
    return SafeString(
        f'<div class="meter"><svg class="meter__marks" aria-hidden="true">{marks}</svg>'
        f'<div class="meter__units" role="img" aria-label="{escape(label)}">{bars}</div></div>'
    )


@lru_cache(maxsize=KEPT)
def bar(unit: str) -> str:
    """What nobody began has no attribute: pages have dozens of these."""
    shape = SHAPES.get(unit, unit)
    return "<i></i>" if shape == "not_started" else f"<i data-s={escape(shape)}></i>"


@register.filter
def day(at: date | datetime | None) -> str:
    """Tue 8 Dec."""
    return locales.weekday(at) if at else ""


@register.filter
def in_full(at: date | datetime | None) -> str:
    """Tue 8 Dec 2026."""
    return locales.current().in_full(at) if at else ""


@register.filter
def daymon(at: date | datetime | None) -> str:
    """8 Dec."""
    return locales.day(at) if at else ""


@register.filter
def tminus(days: int | None) -> str:
    """T−14 before a launch, T+2 after it."""
    if days is None:
        return ""
    return f"T−{days}" if days >= 0 else f"T+{-days}"


@register.filter
def countdown(days: int | None) -> str:
    """In 14 days, today, 2 days ago."""
    if days is None:
        return ""
    if days == 0:
        return "today"
    if abs(days) == 1:
        return "tomorrow" if days == 1 else "yesterday"
    return f"in {days} days" if days > 0 else f"{-days} days ago"


@register.filter
def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, in a word or two: now, 14 min, 2 h, yesterday, 20 Nov."""
    if at is None:
        return ""
    seconds = (now - at).total_seconds()
    if seconds < 60:
        return "now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min"
    if seconds < 12 * 3600 or at.date() == now.date():
        return f"{int(seconds // 3600)} h"
    if (now.date() - at.date()).days == 1:
        return "yesterday"
    return daymon(at) if at.year == now.year else locales.current().dated(at)


def since(at: datetime, now: datetime) -> str:
    """5 h ago, yesterday, 20 Nov."""
    said = ago(at, now)
    return f"{said} ago" if said.endswith((" min", " h")) else said
