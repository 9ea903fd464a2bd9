"""What happens while a page is open, told to the page: rooms publish notices, pages stream.

A notice is a few integers under a key, sent after commit. Each web process hears all notices,
draws what its readers see once, and writes the same bytes to all of them.
"""

from readiness.web.live.publishing import publish
from readiness.web.live.registry import Asked, Frame, Known, Notice, Person, Seat, stream_of

__all__ = ["Asked", "Frame", "Known", "Notice", "Person", "Seat", "publish", "stream_of"]
