"""Parts of a page that are the same for everyone who is shown the same: drawn once, and kept."""

import re
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from readiness.web import locales

register = template.Library()

KEPT = 512
INDENTED = re.compile(r"\n\s+")
PLACES = {name: f"\x02{name}\x03" for name in ("csrf_token", "next")}

Shown = tuple[tuple[str, type, object], ...]


@register.simple_tag
def part(file: str, **shown: object) -> SafeString:
    """What `include ... with ... only` draws, from memory where the same was shown before.

    The part knows nothing but what it is shown, no request and no person, so that nobody can
    get what was drawn for somebody else. Show it no token: that would never be the same.
    """
    known = tuple((key, type(one), one) for key, one in shown.items())
    return _drawn(file, known, locales.current())


@register.simple_tag
def form_part(file: str, *, csrf_token: object, next: object = "", **shown: object) -> SafeString:  # noqa: A002
    """A part that holds a form: kept with empty places, where the token and the address go.

    They go there as text, whatever they are, and only where the part shows them as they are.
    """
    values = {"csrf_token": csrf_token, "next": next}
    drawn = part(file, **shown, **PLACES)
    for name, place in PLACES.items():
        drawn = SafeString(drawn.replace(place, escape(str(values[name]))))
    return drawn


@lru_cache(maxsize=KEPT)
def _drawn(file: str, shown: Shown, _: locales.Locale) -> SafeString:
    """Types count: safe text equals text that is still to be escaped. So does the locale."""
    return closely(render_to_string(file, {key: one for key, _, one in shown}))


def closely(drawn: str) -> SafeString:
    """Markup without its indentation: a seventh of its bytes. For what holds no typed lines."""
    return SafeString(INDENTED.sub("\n", drawn))
