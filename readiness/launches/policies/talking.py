"""Who may change what was said, and when a thread is done, or why not."""

from collections.abc import Collection

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches.models import Comment, Launch
from readiness.launches.policies.words import OVER

RESOLVED = "This thread is resolved already."
OPEN = "This thread is open already."
EDITED = "You edited this in another window since. Look at it again."
SAME = "Nothing changed."


def editing(comment: Comment, by: User) -> str:
    """One edits one's own words, while the launch goes on."""
    if comment.by_id != by.pk:
        return f"Only {comment.by.name} can edit this."
    return OVER if comment.launch.is_over else ""


def going(launch: Launch, open_threads: int) -> str:
    """A launch may ask that everything is talked over before a GO."""
    if not launch.threads_hold_go or not open_threads:
        return ""
    are = "thread is" if open_threads == 1 else "threads are"
    return f"No GO while {open_threads} {are} open. Resolve what is left in the discussion."


def resolving(thread: Comment, by: User, acts: Collection[Action]) -> str:
    """Who began a thread resolves it, or who works on the launch."""
    if thread.by_id == by.pk or Action.ITEM_WORK in acts:
        return ""
    return f"Only {thread.by.name} or somebody who works on this launch can resolve this."
