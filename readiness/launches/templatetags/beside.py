"""The parts of a launch's page that a tick changes beside its row.

Each is one string and no template: drawing them with templates took as long as the sign-off
itself. All that people wrote is escaped. `oob` marks a part that comes beside another answer.
"""

from collections.abc import Iterable, Mapping
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from readiness.launches.queries.card import Card, Held, Step
from readiness.launches.queries.feed import Line
from readiness.launches.queries.launch_page import Change, Changes, Section
from readiness.web.templatetags.face import avatar, bar, icon, meter, status, verdict

register = template.Library()

OOB = ' hx-swap-oob="true"'
LONGEST_QUOTE = 80


def beside_row(change: Change) -> SafeString:
    """All on the page of a launch that a change of one of its items touched, but its row."""
    section = change.section
    return _beside(change, section_head(section, oob=True) + section_tile(section, oob=True))


def beside_rows(changes: Changes) -> SafeString:
    """The same after a change of several items."""
    sections = (
        section_head(one, oob=True) + section_tile(one, oob=True) for one in changes.sections
    )
    return _beside(changes, "".join(sections))


def _beside(change: Change | Changes, sections: str) -> SafeString:
    return SafeString(
        verdict_card(change.card, oob=True)
        + sections
        + feed(change.feed, "feed", oob=True)
        + tally(change.checked, change.counted, oob=True)
        + left(change.left, oob=True)
    )


@register.simple_tag
def verdict_card(card: Card, *, oob: bool = False) -> SafeString:
    """The verdict on a launch, and why."""
    slack = f" {escape(card.slack)}" if card.slack else ""
    na = f"<small>{escape(card.na_share)}</small>" if card.na_share else ""
    percent = (
        f'<p class="vcard__pct num"><b>{card.number}</b><span>{card.sign}</span>{na}</p>'
        if card.number
        else ""
    )
    notices = (f'<p class="callout" data-tone="amber">{escape(one)}</p>' for one in card.notices)
    legend = (
        f"<li>{status(one.look)}<b>{one.count}</b> {one.words}"
        + (' <span class="muted">(not counted)</span>' if one.look == "na" else "")
        + "</li>"
        for one in card.legend
    )
    return SafeString(
        f'<section class="vcard" id="verdict" data-verdict="{card.shape}"'
        f' aria-labelledby="v-h"{OOB if oob else ""}>'
        f'<div class="vcard__main"><div class="vcard__say">{verdict(card.shape)}'
        f'<div><h2 id="v-h">{escape(card.says)}</h2><p>{escape(card.counts)}{slack}'
        f' <a class="quiet-link" href="{card.url}why/" data-key="y">Why</a></p></div>'
        f"{percent}</div>{_held(card.held)}{''.join(notices)}"
        f"{meter(card.units, card.cuts, card.label) if card.units else ''}"
        f'<ul class="legend" aria-label="Items by status">{"".join(legend)}</ul></div>'
        f"{_next(card) if card.next_title else ''}</section>"
    )


def _held(held: tuple[Held, ...]) -> str:
    """The must-haves that hold the launch."""
    if not held:
        return ""
    many = len(held) > 1
    items = (
        f'<li><a class="link" href="#item-{one.pk}"><span class="mono">{escape(one.ref)}</span>'
        f" {escape(one.title)}</a></li>"
        for one in held
    )
    return (
        f'<div class="vcard__held" data-tone="red">{icon("shield-check")}'
        f"<p><b>held: {len(held)} must-have{'s' if many else ''} open</b>"
        f' <span class="soft">Nobody can approve while {"they are" if many else "it is"}.</span>'
        f"</p>\n<ul>{''.join(items)}</ul></div>"
    )


def _next(card: Card) -> str:
    """The way to the next verdict."""
    steps = f'<ol class="nexts">{"".join(map(_step, card.steps))}</ol>' if card.steps else ""
    more = (
        f'<a class="quiet-link nexts__more" href="{card.url}?show=unfinished">'
        f"and {card.more_steps} more {icon('arrow-right')}</a>"
        if card.more_steps
        else ""
    )
    hint = f'<p class="hint">{escape(card.hint)}</p>' if card.hint else ""
    return (
        f'<aside class="vcard__next" aria-labelledby="next-h">'
        f'<h3 id="next-h">{escape(card.next_title)}</h3>{steps}{more}{hint}</aside>'
    )


def _step(step: Step) -> str:
    late = " due--late" if step.is_late else ""
    return (
        f'<li><a href="#item-{step.pk}">{status(step.look, step.word)}'
        f'<span>{escape(step.title)}</span><small class="num{late}">{step.due}</small>'
        f"{avatar(step.owner)}</a></li>"
    )


@register.simple_tag
def section_head(section: Section, *, oob: bool = False) -> SafeString:
    """The line of a section: what it is about, and how far it is."""
    sign = icon(section.icon) if section.icon else str(section.number)
    goal = f"<span class=sec__goal>{escape(section.goal)}</span>" if section.goal else ""
    return SafeString(
        f"<summary class=sec__head id=head-{escape(section.key)}{OOB if oob else ''}>"
        f"<span class=sec__icon aria-hidden=true>{sign}</span>"
        f"<span><h2>{section.number}. {escape(section.title)}</h2>{goal}</span>\n"
        f"<span class=bits aria-hidden=true>{''.join(map(bar, section.bits))}</span>\n"
        f"<span class=sec__n><span class=vh>Checked: </span>{section.checked}/"
        f"{section.counted} {icon('chevron-down', 'sec__chev')}</span></summary>"
    )


@register.simple_tag
def section_tile(section: Section, *, oob: bool = False) -> SafeString:
    """How much is left in a section, in the outline."""
    if section.left:
        says = f"{section.left}<span class=vh> left:</span>"
    else:
        says = icon("check" if section.counted else "minus")
    blocked = '<span class="vh"> some blocked:</span>' if section.is_blocked else ""
    return SafeString(
        f'<span class=tile id=tile-{escape(section.key)} data-tone="{section.tone}"'
        f"{' data-blocked' if section.is_blocked else ''}{OOB if oob else ''}>"
        f"{says}{blocked}</span>"
    )


@register.simple_tag
def tally(checked: int, counted: int, *, oob: bool = False) -> SafeString:
    """How many items are checked, of how many that count."""
    mark = OOB if oob else ""
    return SafeString(f'<span class="n" id="tally"{mark}>{checked}/{counted}</span>')


@register.simple_tag
def left(count: int, *, oob: bool = False) -> SafeString:
    """How many items are unfinished."""
    return SafeString(f'<span class="n" id="left"{OOB if oob else ""}>{count}</span>')


@register.simple_tag
def feed(lines: Iterable[Line], feed_id: str, *, oob: bool = False) -> SafeString:
    """The latest events."""
    return SafeString(
        f'<ul class="feed" id="{feed_id}"{OOB if oob else ""}>{"".join(map(_event, lines))}</ul>'
    )


def _event(line: Line) -> str:
    said = line.said
    face = avatar(line.person, "", hide=True) if line.person else icon("clock", "muted")
    ref = f" <span class=num>{escape(line.ref)}</span>" if line.ref else ""
    then = f" {escape(said.then)}" if said.then else ""
    quote = escape(Truncator(said.quote).chars(LONGEST_QUOTE)) if said.quote else ""
    quoted = f" <span class=soft dir=auto>{quote}</span>" if quote else ""
    return (
        f"<li>{face}<p><b dir=auto>{escape(line.who)}</b> {escape(said.did)}{ref}{then}{quoted}"
        f" <time datetime={line.at}>{line.ago}</time></p></li>"
    )


def toast(says: str, undo: str = "") -> SafeString:
    """What was done, with the way back; it takes the place of the toast before it."""
    return SafeString(
        f'<div hx-swap-oob="innerHTML:#toasts"><div class="toast" data-toast>{icon("check")}'
        f"<span>{escape(says)}</span>\n{undo}</div></div>"
    )


def undo_form(
    action: str, target: str, fields: Mapping[str, object], swap: str = "outerHTML"
) -> SafeString:
    """The button that takes a change back, once."""
    inputs = (
        f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
        for name, value in fields.items()
    )
    return SafeString(
        f'<form method="post" action="{action}" hx-post="{action}" hx-target="{target}"'
        f' hx-swap="{swap}">{"".join(inputs)}<button class="btn btn--sm" data-key="z">'
        'Undo<span class="kbd" aria-hidden="true">Z</span></button></form>'
    )
