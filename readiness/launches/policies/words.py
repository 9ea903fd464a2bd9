"""What is said whatever the subject, and how old a page may be."""

from datetime import datetime

from readiness.launches.models import LaunchItem

OVER = "This launch is over: its checklist is closed."
NOT_THERE = "This is not an item of this launch."
TAKEN_BACK = "This was taken back already."
NO_LONGER = "You no longer have the right to do this in this team."


def stale(item: LaunchItem, version: int, now: datetime) -> str:
    """Somebody changed the item since the page was loaded."""
    if item.version == version:
        return ""
    seconds = max(0, round((now - item.changed_at).total_seconds()))
    return f"{item.changed_by.name} changed this {ago_in_words(seconds)}. Nothing was lost."


def ago_in_words(seconds: int) -> str:
    """A span that ends now, in words."""
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return "just now"
