"""The parts of the room that everyone in it sees alike, drawn in one way for pages and streams.

The agenda is hot: forty items are drawn for everyone who comes, so a row is one string and no
template. All that people wrote is escaped.
"""

from html import escape

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from readiness.reviews.models import Review
from readiness.reviews.queries.room import Chapter, Entry, Foot, Room
from readiness.reviews.queries.stage import Pulses
from readiness.reviews.streams.fragments import with_version
from readiness.web.qr import drawn_qr
from readiness.web.templatetags.face import avatar, icon, status
from readiness.web.templatetags.parts import closely

register = template.Library()

PARTS = "reviews/parts.html"
OOB = 'hx-swap-oob="true" id='


@register.simple_tag
def agenda(room: Room, current: int = 0) -> SafeString:
    """The agenda by sections; the item on the reader's stage is marked."""
    return SafeString("".join(_section(room, chapter, current) for chapter in room.chapters))


def _section(room: Room, chapter: Chapter, current: int) -> str:
    rows = (
        with_version(entry(one, is_current=one.pk == current), room.v) for one in chapter.entries
    )
    head = with_version(chapter_head(chapter), room.v)
    return f"<section>{head}<ol>{''.join(rows)}</ol></section>"


def chapter_head(chapter: Chapter) -> SafeString:
    return SafeString(
        f'<h3 id="ch-{escape(chapter.key)}">'
        f"<span>{icon(chapter.icon)}{escape(chapter.title)}</span>"
        f'<span class="num muted"><span class="vh">Checked: </span>{chapter.checked}/'
        f"{chapter.counted}</span></h3>"
    )


@register.simple_tag
def entry(entry: Entry, *, is_current: bool = False) -> SafeString:
    """An item of the agenda. It leads to the item; who drives takes the room there."""
    here = "".join(avatar(face) for face in entry.here)
    parked = f'<span class="chip">{icon("circle-parking")}Parked</span>' if entry.is_parked else ""
    return SafeString(
        f'<li id="ag-{entry.pk}" data-look="{entry.look}">'
        f'<a class="ag{" ag--past" if entry.is_past else ""}" href="?item={entry.pk}"'
        f' data-item="{entry.pk}"{" aria-current=step" if is_current else ""}>'
        f"{status(entry.look, entry.word)}"
        f'<span class="ag__title">{escape(entry.title)}</span>{parked}'
        f'<span class="ag__here avatars">{here}</span></a></li>'
    )


@register.simple_tag
def people(room: Room) -> SafeString:
    """Who is in the room, where they look, and with what."""
    return _versioned(room, drawn_people(room))


@register.simple_tag
def faces(room: Room) -> SafeString:
    return _versioned(room, drawn_faces(room))


@register.simple_tag
def parked(room: Room) -> SafeString:
    """What comes again at the end."""
    return _versioned(room, drawn_parked(room))


@register.simple_tag
def foot(room: Room) -> SafeString:
    """The verdict, and how far the next one is."""
    return _versioned(room, drawn_foot(room))


@register.simple_tag
def log(room: Room) -> SafeString:
    """The latest that happened in the room."""
    return _versioned(room, drawn_log(room))


@register.simple_tag
def tally(room: Room) -> SafeString:
    """How much of the agenda is dealt with."""
    return _versioned(room, drawn_tally(room))


@register.simple_tag
def pulses(pulses: Pulses) -> SafeString:
    """What the room signals about an item."""
    return _part("pulses", pulses=pulses)


def drawn_people(room: Room) -> SafeString:
    return _part("people", presence=room.presence, review=room.review.pk)


def drawn_faces(room: Room) -> SafeString:
    return _part("faces", presence=room.presence)


def drawn_parked(room: Room) -> SafeString:
    return _part("parked", rows=room.parked)


def drawn_foot(room: Room) -> SafeString:
    return _part("foot", foot=room.foot)


def drawn_log(room: Room) -> SafeString:
    return _part("log", feed=room.feed)


def drawn_tally(room: Room) -> SafeString:
    clock = room.clock
    return SafeString(
        f'<span class="num muted" id="dealt" data-live-part data-dealt="{clock.dealt}"'
        f' data-to-do="{clock.to_do}">{clock.dealt} of {clock.to_do}'
        '<span class="vh"> decided</span></span>'
    )


@register.simple_tag
def gauge(foot: Foot) -> SafeString:
    """The score as a bar, with a mark at every cut: what a phone has room for."""
    cuts = [escape(at.replace(",", ".")) for at, _ in foot.card.cuts]
    marks = "".join(f'<line x1="{at}" x2="{at}" y1="0" y2="10"/>' for at in cuts)
    share = escape(foot.number.replace(",", ".")) if foot.sign else "0"
    return SafeString(
        '<svg class="gauge" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="gauge__all" y="2" width="100" height="6"/>'
        f'<rect class="gauge__v" y="2" width="{share}" height="6"/>{marks}</svg>'
    )


@register.simple_tag
def join_host() -> str:
    """Where a code is typed, without what nobody reads aloud."""
    address = f"{settings.BASE_URL}{reverse('reviews:join-with-code')}"
    return address.partition("://")[2].rstrip("/")


@register.simple_tag
def join_address(review: Review) -> str:
    """Where the code leads."""
    return f"{settings.BASE_URL}{reverse('reviews:join-by-code', args=[review.code])}"


@register.simple_tag
def join_code(review: Review) -> SafeString:
    """The same as a picture for a phone's camera."""
    return drawn_qr(join_address(review), f"QR code to join {review}")


def beside_stage(room: Room, item: int) -> SafeString:
    """What in the room a change of one item touched, beside the stage: in the place of its own."""
    touched = [
        with_version(part, room.v)
        for chapter in room.chapters
        for row in chapter.entries
        if row.pk == item
        for part in (entry(row), chapter_head(chapter))
    ]
    around = [tally(room), parked(room), log(room)]
    return SafeString("".join(part.replace("id=", OOB, 1) for part in [*touched, *around]))


def _part(name: str, **shown: object) -> SafeString:
    return closely(render_to_string(f"{PARTS}#{name}", shown).strip())


def _versioned(room: Room, part: str) -> SafeString:
    return SafeString(with_version(part, room.v))
