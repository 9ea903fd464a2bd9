"""What people write in Markdown, as HTML that is safe to show: the one door for both.

HTML in the text is shown as text, images are not loaded from anywhere, links lead to web pages
and mail alone and lend nobody a good name. Headings are smaller than those of the page they
stand on. What the parser makes is cleaned once more against a short list: a mistake in one of
the two lets nothing through.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

KEPT = 4_000  # texts
LONGEST = 20_000  # letters of a text that are read as Markdown
TOP = 4  # the largest heading
SCHEMES = {"http", "https", "mailto"}
TAGS = {
    "a", "blockquote", "br", "code", "em", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
OWN_PAGE = re.compile(r"/(?![/\\])")


def _own_page(url: str) -> str | None:
    """An address without a host is kept where it is a page of this site."""
    return url if OWN_PAGE.match(url) else None


CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    allowed_classes={"span": {"mention"}},
    url_schemes=SCHEMES,
    link_rel="nofollow noopener noreferrer",
    url_relative=_own_page,
)
SCHEME = re.compile(r"(?:^|[^A-Za-z0-9])(https?)$")
ADDRESS = re.compile(r"://[^\s<>\"`]+")
TRAILING = ".,:;!?'*_"
WORD = re.compile(r"\w")


def drawn(text: str, names: tuple[str, ...] = ()) -> SafeString:
    """The text as HTML; `names` are people who are mentioned in it, as "@name" stands there.

    A wording never changes, so it is read once while it is among the latest few thousand.
    """
    return _drawn(text[:LONGEST], names)


@lru_cache(maxsize=KEPT)
def _drawn(text: str, names: tuple[str, ...]) -> SafeString:
    env = {"names": {name.lower(): name for name in names}}
    return SafeString(CLEANER.clean(READER.render(text, env)))


def mentioned_in(text: str, names: Mapping[str, object]) -> set[str]:
    """Which of these names, in small letters, stand in the text behind an "@".

    The longest name wins; what stands in code mentions nobody.
    """
    env: dict[str, object] = {"names": dict(names), "found": set()}
    READER.parse(text[:LONGEST], env)
    found: set[str] = env["found"]  # type: ignore[assignment]
    return found


def plain(text: str, length: int) -> str:
    """The words of a text in one line, without the marks, for a list."""
    words = [_words(token) for token in READER.parse(text[:LONGEST]) if token.content]
    line = " ".join(" ".join(words).split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def _words(token: Token) -> str:
    if token.children is None:
        return token.content
    return "".join(" " if one.type == "softbreak" else one.content for one in token.children)


def _mention(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    """A name behind an "@" that is not the tail of a mail address."""
    names: dict[str, str] = state.env.get("names", {})
    at = state.pos
    if not names or state.src[at] != "@" or (at and WORD.match(state.src[at - 1])):
        return False
    name = _name_at(state.src[at + 1 :].lower(), names)
    if not name:
        return False
    if not silent:
        state.env.get("found", set()).add(name)
        token = state.push("mention", "span", 0)
        token.content = state.src[at : at + 1 + len(name)]
    state.pos = at + 1 + len(name)
    return True


def _name_at(rest: str, names: Mapping[str, object]) -> str:
    """The longest of the names that the rest begins with, as whole words."""
    fits = [
        name for name in names if rest.startswith(name) and not WORD.match(rest[len(name) :] or " ")
    ]
    return max(fits, key=len, default="")


def _address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    """A bare web address becomes a link; what ends a sentence is not part of it."""
    begun, rest = SCHEME.search(state.pending), ADDRESS.match(state.src, state.pos)
    if state.linkLevel or not begun or not rest:
        return False
    tail = rest[0].rstrip(TRAILING)
    if tail.endswith(")") and "(" not in tail:
        tail = tail.rstrip(")" + TRAILING)
    url = state.md.normalizeLink(begun[1] + tail)
    if len(tail) <= len("://") or not state.md.validateLink(url):
        return False
    if not silent:
        state.pending = state.pending[: -len(begun[1])]
        state.push("link_open", "a", 1).attrs = {"href": url}
        state.push("text", "", 0).content = begun[1] + tail
        state.push("link_close", "a", -1)
    state.pos += len(tail)
    return True


class Drawing(RendererHTML):
    """How what was read is written as HTML, where it is not the usual way."""

    def mention(self, tokens: list[Token], idx: int, options: object, env: object) -> str:
        return f'<span class="mention">{nh3.clean_text(tokens[idx].content)}</span>'


def _reader() -> MarkdownIt:
    """CommonMark with tables and struck words; without HTML and images; a line is a line."""
    reader = MarkdownIt(
        "commonmark", {"html": False, "breaks": True, "maxNesting": 20}, renderer_cls=Drawing
    )
    reader.enable(["table", "strikethrough"]).disable(["html_block", "html_inline", "image"])
    reader.inline.ruler.push("mention", _mention)
    reader.inline.ruler.push("address", _address)
    reader.core.ruler.push("headings", _demote)
    return reader


def _demote(state: object) -> None:
    """A heading within a text is one of the text, not of the page."""
    for token in state.tokens:  # type: ignore[attr-defined]
        if token.type.startswith("heading"):
            token.tag = f"h{min(6, int(token.tag[1]) + TOP - 1)}"


READER = _reader()
