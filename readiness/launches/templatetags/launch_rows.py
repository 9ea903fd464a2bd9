"""The row of a launch, drawn once for everyone who reads it, and its strip of sections."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.utils.safestring import SafeString

from readiness.launches.queries.launch_rows import KEPT, Person, Row, Tile
from readiness.launches.templatetags.spark import spark
from readiness.web import locales
from readiness.web.addresses import address
from readiness.web.templatetags.face import avatar, icon, status, verdict

register = template.Library()

AMBER_FROM = 80  # per cent checked, as in the bands of the checklist that is shipped
HEAVY = 2
NONE = '<span class="muted" aria-hidden="true">&ndash;</span><span class="vh">None</span>'


@register.simple_tag
def launch_rows(rows: Iterable[Row]) -> SafeString:
    """The rows; equal ones are drawn once and remembered."""
    locale = locales.current()
    return SafeString("".join([drawn(row, locale) for row in rows]))


@lru_cache(maxsize=KEPT)
def drawn(row: Row, _: locales.Locale) -> SafeString:
    """One launch in a list: the same bytes for every reader of a day and a locale.

    Each search finds rows that nobody looked at yet, fifty at a time, so this is one string
    and no template. All that people wrote is escaped: as Django does it, but that it would look
    for lazy text each time.
    """
    days = f"due--{row.tone}" if row.tone else "muted"
    shown = escape(row.shown)
    return SafeString(
        f'<tr role="row" class="lt__row" id="launch-{row.pk}" data-row data-at="{row.at}"'
        f' data-score="{row.score}">'
        f'<td role="cell" class="lt__name"><a href="{address("launches:detail", row.pk)}"'
        f' dir="auto">{escape(row.name)}</a>'
        f'<span class="muted small" dir="auto">{escape(row.team)}</span></td>'
        '<td role="cell" class="lt__verdict">'
        f'<span class="verdict" data-verdict="{row.shape}">{verdict(row.shape)}'
        f'{escape(row.title)}</span><span class="num muted small">'
        f'<span class="lt__of">{row.tally}{", " if shown else ""}</span>{shown}</span></td>'
        f'<td role="cell" class="lt__strip">{strip(row.tiles)}</td>'
        f'<td role="cell" class="lt__spark">{spark(row.trend, row.shape, shown)}</td>'
        f'<td role="cell" class="lt__held">{_must_haves(row.must_haves)}</td>'
        f'<td role="cell" class="lt__block">{_blocked(row.blocked)}</td>'
        f'<td role="cell" class="lt__owner">{_lead(row.lead)}</td>'
        f'<td role="cell" class="lt__date"><span class="num">{row.day}</span>'
        f'<span class="small num {days}">{row.days}</span></td></tr>\n'
    )


@lru_cache(maxsize=2_000)
def _lead(person: Person) -> str:
    return avatar(person)


def _must_haves(number: int) -> str:
    if not number:
        return NONE
    word = '<span class="lt__word"> must-have</span>'
    return f'<span class="chip" data-tone="amber">{icon("lock")}{number}{word} open</span>'


def _blocked(number: int) -> str:
    if not number:
        return NONE
    word = '<span class="lt__word"> blocked</span>'
    return f'<span class="chip" data-tone="red">{status("blocked")}{number}{word}</span>'


def strip(tiles: tuple[Tile, ...]) -> str:
    """A tile per section says how many items are left: a tick at zero, a corner when blocked."""
    parts = [_tile(tile) for tile in tiles]
    said, faces = "; ".join([said for said, _ in parts]), "".join([face for _, face in parts])
    return f'<span class="strip" role="img" aria-label="{said}">{faces}</span>'


@lru_cache(maxsize=KEPT)
def _tile(tile: Tile) -> tuple[str, str]:
    """What it says, and its face: launches have few tiles that no other has."""
    said = escape(words(tile))
    return said, (
        f'<span class="tile" data-tone="{tone(tile)}"'
        f"{' data-heavy' if tile.left > HEAVY else ''}{' data-blocked' if tile.blocked else ''}"
        f' title="{said}">{face(tile)}</span>'
    )


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
        return "&ndash;"
    return str(tile.left) if tile.left else icon("check")
