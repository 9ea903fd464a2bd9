"""What may be done with evidence now, or why not."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, grants
from readiness.launches.models import Evidence, Launch, LaunchItem

NOT_THERE = "This evidence is not there, or you may not see it. Look for it again."
TAKEN_OFF = "This evidence does not support one of these items any more. Look at it again."
NOWHERE = "Choose at least one item that the new revision stands for."


def using(item: LaunchItem, evidence: int) -> str:
    """Evidence supports an item once, in one of its revisions."""
    standing = item.evidence_links.filter(evidence=evidence, removed_at=None)
    return "This supports the item already." if standing.exists() else ""


def revising(evidence: Evidence, by: User) -> str:
    """Who works where a piece of evidence was added says anew what it says."""
    theirs = Launch.objects.filter(grants(by, Action.ITEM_WORK))
    if theirs.filter(pk=evidence.launch_id).exists():
        return ""
    return "This evidence belongs to a launch that you do not work on. Add yours beside it."


def capturing(captured_at: datetime | None, expires_at: datetime | None, now: datetime) -> str:
    """Evidence is captured before it is added, and expires after."""
    if captured_at and captured_at > now:
        return "Evidence cannot be captured in the future."
    if expires_at and expires_at <= now:
        return "This has expired already. Give a later day, or none."
    return ""
