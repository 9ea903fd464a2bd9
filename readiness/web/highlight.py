"""Words that were asked for, marked where they stand in a text."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString

ALIKE = 0.7
TOKEN = re.compile(r"\w+")


@lru_cache(maxsize=4_096)
def highlighted(text: str, words: str) -> SafeString:
    """The text, escaped, with every occurrence of a word marked; else with what is like one."""
    wanted = words.split()
    if not wanted:
        return escape(text)
    literal = "|".join(re.escape(word) for word in sorted(wanted, key=len, reverse=True))
    hits = [found.span() for found in re.finditer(literal, text, re.IGNORECASE)]
    return _marked(text, hits or _alike(text, wanted))


def _alike(text: str, wanted: list[str]) -> list[tuple[int, int]]:
    return [
        token.span()
        for token in TOKEN.finditer(text)
        if any(_ratio(token[0].lower(), word.lower()) >= ALIKE for word in wanted)
    ]


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _marked(text: str, hits: list[tuple[int, int]]) -> SafeString:
    parts, at = [], 0
    for start, end in hits:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return SafeString("".join([*parts, escape(text[at:])]))
