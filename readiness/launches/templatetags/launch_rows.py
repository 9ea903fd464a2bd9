"""The row of a launch, drawn once for everyone who reads it, and its strip of sections."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from readiness.launches.queries.launch_rows import KEPT, Row, Tile
from readiness.web.templatetags.face import icon

register = template.Library()

AMBER_FROM = 80  # per cent checked, as in the bands of the checklist that is shipped
HEAVY = 2


@register.simple_tag
def launch_rows(rows: Iterable[Row]) -> SafeString:
    """The rows; equal ones are drawn once and remembered."""
    return SafeString("".join(map(drawn, rows)))


@lru_cache(maxsize=KEPT)
def drawn(row: Row) -> SafeString:
    return render_to_string("launches/launch_row.html", {"row": row})


@register.simple_tag
def strip(tiles: tuple[Tile, ...]) -> SafeString:
    """A tile per section says how many items are left: a tick at zero, a corner when blocked."""
    drawn = format_html_join(
        "",
        '<span class="tile" data-tone="{}"{}{} title="{}">{}</span>',
        (
            (
                tone(tile),
                SafeString(" data-heavy") if tile.left > HEAVY else "",
                SafeString(" data-blocked") if tile.blocked else "",
                words(tile),
                face(tile),
            )
            for tile in tiles
        ),
    )
    said = "; ".join(words(tile) for tile in tiles)
    return format_html('<span class="strip" role="img" aria-label="{}">{}</span>', said, drawn)


def tone(tile: Tile) -> str:
    """Green when nothing is left, amber from 80 per cent on, red below; grey if nothing counts."""
    if not tile.counted:
        return "grey"
    if not tile.left:
        return "green"
    return "amber" if 100 * (tile.counted - tile.left) >= AMBER_FROM * tile.counted else "red"


def words(tile: Tile) -> str:
    if not tile.counted:
        return f"{tile.title}: does not apply"
    left = f"{tile.left} of {tile.counted} left" if tile.left else "done"
    return f"{tile.title}: {left}" + (f", {tile.blocked} blocked" if tile.blocked else "")


def face(tile: Tile) -> str:
    if not tile.counted:
        return "–"
    return str(tile.left) if tile.left else icon("check")
