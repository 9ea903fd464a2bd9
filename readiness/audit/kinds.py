"""Everything that can happen, one line each."""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of events: the noun, then what happened to it."""

    CHECKLIST_PUBLISHED = "checklist.published"
    CANDIDATE_PROPOSED = "candidate.proposed"
    COMMENT_WRITTEN = "comment.written"
    DUTY_GIVEN = "duty.given"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_REMOVED = "evidence.removed"
    EXEMPTION_CONFIRMED = "exemption.confirmed"
    EXEMPTION_PROPOSED = "exemption.proposed"
    EXEMPTION_WITHDRAWN = "exemption.withdrawn"
    FACETS_ANSWERED = "facets.answered"
    ITEM_ASSIGNED = "item.assigned"
    ITEM_DUE_SET = "item.due_set"
    ITEM_PROGRESSED = "item.progressed"
    ITEM_SIGNED_OFF = "item.signed_off"
    ITEMS_CHANGED_TOGETHER = "items.changed_together"
    LAUNCH_EDITED = "launch.edited"
    LAUNCH_MOVED = "launch.moved"
    LAUNCH_OPENED = "launch.opened"
    LAUNCH_RESCHEDULED = "launch.rescheduled"
    PERSON_ADDED = "person.added"
    ROLE_GIVEN = "role.given"
    ROLE_TAKEN = "role.taken"
    SIGNOFF_WITHDRAWN = "signoff.withdrawn"
    TEAM_ADDED = "team.added"
    VERDICT_CHANGED = "verdict.changed"
