"""The row of an item, drawn once for everyone who reads it."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from readiness.launches.queries.rows import Row
from readiness.web.templatetags.face import sprite

register = template.Library()

KEPT = 4_096


@register.simple_tag
def item_row(row: Row) -> SafeString:
    """The row; equal rows are drawn once and remembered."""
    return drawn(row)


@lru_cache(maxsize=KEPT)
def drawn(row: Row) -> SafeString:
    return render_to_string("launches/row.html", {"row": row, "sprite": sprite()})
