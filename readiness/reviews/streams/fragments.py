"""Parts of a page that travel by themselves: those that are others than were shown last."""

import re
from collections.abc import Mapping

from readiness.web.live import Known

TAG = re.compile(r"<\w+")


def changed(parts: Mapping[str, str], known: Known, *, version: int) -> str:
    """The parts, by id, that differ from those known; these are known from now on.

    A part says with what version of the whole it was drawn, unless it has a version of its own:
    a page drops what is older than what it shows.
    """
    fresh = [part for key, part in parts.items() if known.get(key) != part]
    known.update(parts)
    return "".join(with_version(part, version) for part in fresh)


def with_version(part: str, version: int) -> str:
    head = part[: part.index(">")]
    return part if " data-v=" in head else TAG.sub(rf"\g<0> data-v={version}", part, count=1)
