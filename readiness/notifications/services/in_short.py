"""What a letter says where there is room for a few lines: on channels that somebody has.

There is nothing in it that lets its reader act, or stop mails: a channel may have other readers.
"""

from collections.abc import Iterator

from django.conf import settings

from readiness.launches.models import Launch
from readiness.notifications.kinds.message import Message
from readiness.notifications.models import Delivery
from readiness.notifications.queries.digest import Digest
from readiness.notifications.queries.heads import Head
from readiness.notifications.queries.told import Line, Told, as_data

SHOWN = 12


def news_in_short(delivery: Delivery, message: Message, launch: Launch, head: Head) -> Told:
    """What happened to a launch."""
    words = (message.text, message.quote, *message.points)
    return Told(
        kind=delivery.kind,
        at=delivery.due_at,
        sentence=f"{message.headline}: {launch.name}",
        url=settings.BASE_URL + message.url,
        head=head,
        data={"launch": as_data(launch)},
        lines=tuple(Line(said) for said in words if said),
    )


def digest_in_short(delivery: Delivery, digest: Digest, lever: str, url: str) -> Told:
    """The first of what a digest has, each with its page."""
    lines = [*_lines(digest)]
    unlisted = digest.unlisted + len(lines[SHOWN:]) + sum(one.unlisted for one in digest.sections)
    more = [Line(f"And {unlisted} more.")] * bool(unlisted)
    return Told(
        kind=delivery.kind,
        at=delivery.due_at,
        sentence=f"{digest.headline}: {digest.names}",
        url=url,
        head=None,
        data={},
        lines=(*[Line(lever)] * bool(lever), *lines[:SHOWN], *more),
    )


def _lines(digest: Digest) -> Iterator[Line]:
    for group in digest.groups:
        for line in group.lines:
            yield Line(f"{line.title}: {_lower(line.due)} ({group.head.name})", line.url)
    for ending in digest.endings:
        yield Line(f"{ending.title}: {_lower(ending.due)} ({ending.launch})", ending.url)
    notices = (*digest.notices, *(one for part in digest.sections for one in part.notices))
    for notice in notices:
        yield Line(f"{notice.title}: {_lower(notice.due)} ({notice.launch})", notice.url)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
