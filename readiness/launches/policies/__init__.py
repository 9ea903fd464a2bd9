"""Who may do what now, or why not: "" or a sentence for the person."""

from readiness.launches.policies.items import due_by, owning, progressing, undoing, working_on
from readiness.launches.policies.launches import (
    MOVES,
    OVER_STAGES,
    approving,
    edited_since,
    editing,
    keeping_views,
    moves_from,
    moving,
    opening,
    owes_reason,
    redacting,
    said_of,
)
from readiness.launches.policies.signoffs import signing_again, signing_off, withdrawing
from readiness.launches.policies.words import (
    NO_LONGER,
    NOT_THERE,
    OVER,
    TAKEN_BACK,
    ago_in_words,
    stale,
)

__all__ = [
    "MOVES",
    "NOT_THERE",
    "NO_LONGER",
    "OVER",
    "OVER_STAGES",
    "TAKEN_BACK",
    "ago_in_words",
    "approving",
    "due_by",
    "edited_since",
    "editing",
    "keeping_views",
    "moves_from",
    "moving",
    "opening",
    "owes_reason",
    "owning",
    "progressing",
    "redacting",
    "said_of",
    "signing_again",
    "signing_off",
    "stale",
    "undoing",
    "withdrawing",
    "working_on",
]
