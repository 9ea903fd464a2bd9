"""Reading a page as a whole: its words one after the other."""

import html
import re


def text_of(response) -> str:
    """All words of a page, with single spaces, as a person reads them."""
    bare = re.sub(r"<(script|style|textarea).*?</\1>|<[^>]+>", " ", response.content.decode())
    words = " ".join(html.unescape(bare).split())
    return re.sub(r"(?<=\w) (?=[,.:])|(?<=[“(]) | (?=[”)])", "", words)
