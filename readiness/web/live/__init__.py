"""What happens while a page is open, told to the page: rooms publish notices, pages stream.

A notice is a few integers under a key, sent after commit. Each web process hears all notices,
draws what its readers see once, and writes the same bytes to all of them.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from readiness.web.live.publishing import now, publish
from readiness.web.live.registry import Asked, Frame, Known, Notice, Person, Seat, stream_of

__all__ = [
    "Asked",
    "Frame",
    "Known",
    "Notice",
    "Person",
    "Seat",
    "following",
    "publish",
    "stream_of",
]


def following(path: str) -> SafeString:
    """What keeps a page live: the attributes that name its stream, and since when it is current.

    Ask for them before anything is read that the page shows: what is committed after this is
    what the stream has to make good.
    """
    return format_html(' data-live="{}" data-live-since="{}"', path, now())
