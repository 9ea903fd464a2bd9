"""Somebody is mentioned in a comment."""

from collections.abc import Collection
from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind as Happened
from readiness.audit.models import Event
from readiness.launches.models import Comment, Launch
from readiness.launches.queries.mentions import mentioned
from readiness.launches.queries.pinned import pinned
from readiness.notifications.kinds.message import Message, News
from readiness.notifications.models import Delivery, Kind

GONE = "They are not mentioned there any more."


def recipients(event: Event, launch: Launch) -> Collection[int]:
    return event.said.get("mentions", ())


def letter(delivery: Delivery, launch: Launch, person: User, now: datetime) -> Message | str:
    said = delivery.event.said if delivery.event else {}
    comment = Comment.objects.select_related("by", "item").filter(pk=said.get("comment", 0)).first()
    if comment is None or person not in mentioned(launch, comment.text).values():
        return GONE
    about = ""
    if comment.item:
        about = f"About {pinned(launch.version_id).items[comment.item.key].title}."
    return Message(
        subject=f"{comment.by.name} mentions you: {launch.name}",
        headline=f"{comment.by.name} mentions you",
        text=about,
        quote=comment.text,
        url=comment.get_absolute_url(),
        label="Answer",
    )


MENTIONED = News(
    kind=Kind.MENTIONED,
    why="you are mentioned in a comment",
    events=frozenset({Happened.COMMENT_WRITTEN, Happened.COMMENT_EDITED}),
    recipients=recipients,
    letter=letter,
)
