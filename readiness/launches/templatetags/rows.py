"""The parts of a launch's page, each drawn once for everyone who reads it.

A part is drawn from a frozen value that holds all it shows, so equal values are equal bytes:
the least recently used are forgotten, and nothing ever has to be made invalid.
"""

from functools import lru_cache
from html import escape

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from readiness.launches.queries.launch_page import Page, Section
from readiness.launches.queries.rows import Row
from readiness.launches.templatetags.beside import section_head, section_tile
from readiness.web.addresses import address
from readiness.web.templatetags.face import sprite
from readiness.web.templatetags.parts import closely

register = template.Library()

ROWS_KEPT, PAGES_KEPT = 4_096, 64


@lru_cache(maxsize=ROWS_KEPT)
def drawn(row: Row) -> SafeString:
    return drawn_saying("", row)


@lru_cache(maxsize=PAGES_KEPT)
def drawn_page(page: Page) -> SafeString:
    return closely(render_to_string("launches/detail.html#whole", {"page": page}))


@register.simple_tag
def launch_page(page: Page) -> SafeString:
    """All that a launch's page shows between the shell's bars."""
    return drawn_page(page)


@register.simple_tag
def section_cards(sections: tuple[Section, ...]) -> SafeString:
    """Each section with its rows, in a list that names hx-target and hx-push-url."""
    return SafeString(
        '<div data-menu="status-menu" hx-target="#drawer-slot" hx-push-url="true">'
        f"{''.join(map(_section_card, sections))}</div>"
    )


def _section_card(section: Section) -> str:
    rows = "".join(map(drawn, section.rows))
    return (
        f"<details class=sec id=s-{escape(section.key)}{' open' if section.is_open else ''}>"
        f"{section_head(section)}{_select_all(section) if section.rows else ''}"
        f"<ul class=items>{rows}</ul></details>"
    )


def _select_all(section: Section) -> str:
    """Selects all rows of a section, also without JavaScript."""
    rows = " ".join(f"{row.pk}.{row.version}" for row in section.rows)
    return (
        "<input class=sec__all type=checkbox form=bulk name=items"
        f' value="{rows}" aria-label="Select section {section.number}">'
    )


@register.simple_tag
def section_links(sections: tuple[Section, ...]) -> SafeString:
    """A link to each section, with how much is left in it."""
    links = (
        f'<a href="#s-{escape(section.key)}">{section_tile(section)}'
        f"<span>{escape(section.title)}</span></a>"
        for section in sections
    )
    return SafeString("".join(links))


@register.simple_block_tag(name="item_row")
def drawn_saying(content: str, row: Row) -> SafeString:
    """The row of an item, with something more to say under its title.

    The same bytes for every reader, and few of them: forty rows are drawn for each launch that
    somebody opens, so this is one string and no template, and numbers and our own words stand
    without quotes. All that people wrote is escaped, and quoted.
    """
    url, ref = address("launches:item", row.pk), escape(row.ref)
    signoff = f" data-signoff={row.signoff}" if row.signoff else ""
    must = "<span class=item__must>Must-have</span>" if row.is_must_have else ""
    tail = f" <i class=item__detail>{escape(row.tail)}</i>" if row.tail else ""
    note = f"<p class=item__note>{escape(row.note)}</p>" if row.note else ""
    return SafeString(
        f"<li class=item id=item-{row.pk} data-row data-v={row.version}"
        f" data-status={row.look}{signoff}>"
        f'<a class=status href={url} aria-label="{ref}: {escape(row.word)}">'
        f"<svg class=g><use href={sprite()}#s-{row.look} /></svg></a>"
        "<label class=item__ref><input type=checkbox form=bulk name=items"
        f" value={row.pk}.{row.version}>{ref}</label><div class=item__text>{must}"
        f"<a href={url} hx-get>{escape(row.head)}{tail}</a>{note}{content}</div>"
        f"{_evidence(row)}{_comments(row)}{_due(row)}{_owner(row)}</li>"
    )


def _evidence(row: Row) -> str:
    if not row.link_title:
        return ""
    title = escape(row.link_title)
    link = (
        f'<a href="{escape(row.link_url)}">{title}</a>' if row.link_url else f"<span>{title}</span>"
    )
    more = f"<b>+{row.more_links}</b>" if row.more_links else ""
    return f"<div class=item__end>{link}{more}</div>"


def _comments(row: Row) -> str:
    if not row.comments:
        return ""
    noun = "comment" if row.comments == 1 else "comments"
    return f"<span class=item__com>{row.comments}<i class=vh> {noun}</i></span>"


def _due(row: Row) -> str:
    if not row.due:
        return ""
    tone = f" due--{row.due_tone}" if row.due_tone else ""
    return f'<span class="item__due{tone}">{escape(row.due)}</span>'


def _owner(row: Row) -> str:
    if not row.owner:
        return ""
    named = f'role=img aria-label="{escape(row.owner)}"'
    return f'<span class="avatar hue-{row.hue}" {named}>{escape(row.initials)}</span>'
