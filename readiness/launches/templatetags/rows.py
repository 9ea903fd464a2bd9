"""The parts of a launch's page, each drawn once for everyone who reads it.

A part is drawn from a frozen value that holds all it shows, so equal values are equal bytes:
the least recently used are forgotten, and nothing ever has to be made invalid.
"""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from readiness.launches.queries.card import Card
from readiness.launches.queries.launch_page import Section
from readiness.launches.queries.rows import Row
from readiness.web.templatetags.face import sprite

register = template.Library()

ROWS_KEPT, SECTIONS_KEPT, CARDS_KEPT = 4_096, 1_024, 256


@lru_cache(maxsize=ROWS_KEPT)
def drawn(row: Row) -> SafeString:
    return render_to_string("launches/row.html", {"row": row, "sprite": sprite()})


@lru_cache(maxsize=SECTIONS_KEPT)
def drawn_section(section: Section) -> SafeString:
    return render_to_string("launches/section.html", {"section": section})


@lru_cache(maxsize=CARDS_KEPT)
def drawn_card(card: Card) -> SafeString:
    return render_to_string("launches/verdict.html", {"card": card})


@register.simple_tag
def item_row(row: Row) -> SafeString:
    """The row of an item."""
    return drawn(row)


@register.simple_tag
def section_card(section: Section) -> SafeString:
    """A section with its rows."""
    return drawn_section(section)


@register.simple_tag
def verdict_card(card: Card) -> SafeString:
    """The verdict on a launch, and why."""
    return drawn_card(card)
