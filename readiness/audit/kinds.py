"""Everything that can happen, one line each."""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of events: the noun, then what happened to it."""

    ACTION_ITEM_DONE = "action_item.done"
    ADDRESS_ASKED = "address.asked"
    ADDRESS_CHANGED = "address.changed"
    BADGE_MADE = "badge.made"
    BADGE_REVOKED = "badge.revoked"
    CALENDAR_LINK_MADE = "calendar_link.made"
    CALENDAR_LINK_REVOKED = "calendar_link.revoked"
    CHECKLIST_PUBLISHED = "checklist.published"
    CANDIDATE_PROPOSED = "candidate.proposed"
    COMMENT_EDITED = "comment.edited"
    COMMENT_WRITTEN = "comment.written"
    CONFIG_DECLARED = "config.declared"
    DECISION_ASKED = "decision.asked"
    DECISION_SIGNED = "decision.signed"
    DECISION_TAKEN = "decision.taken"
    DECISION_UNASKED = "decision.unasked"
    DECISION_UNSIGNED = "decision.unsigned"
    DECISION_VOIDED = "decision.voided"
    DUTY_ACCEPTED = "duty.accepted"
    DUTY_GIVEN = "duty.given"
    EVENT_REDACTED = "event.redacted"
    EVIDENCE_ADDED = "evidence.added"
    EVIDENCE_REMOVED = "evidence.removed"
    EVIDENCE_REVISED = "evidence.revised"
    EXEMPTION_CONFIRMED = "exemption.confirmed"
    EXEMPTION_DECLINED = "exemption.declined"
    EXEMPTION_PROPOSED = "exemption.proposed"
    EXEMPTION_WITHDRAWN = "exemption.withdrawn"
    FACETS_ANSWERED = "facets.answered"
    FACT_ROW_REMOVED = "fact.row_removed"
    FACT_SAVED = "fact.saved"
    GLASS_BROKEN = "glass.broken"
    GLASS_CONFIRMED = "glass.confirmed"
    GUEST_LET_GO = "guest.let_go"
    GUEST_LET_IN = "guest.let_in"
    HOOK_ADDED = "hook.added"
    HOOK_REMOVED = "hook.removed"
    INVITATION_REVOKED = "invitation.revoked"
    ITEM_ASSIGNED = "item.assigned"
    ITEM_DUE_SET = "item.due_set"
    ITEM_PROGRESSED = "item.progressed"
    ITEM_REAFFIRMED = "item.reaffirmed"
    ITEM_SIGNED_OFF = "item.signed_off"
    ITEM_SNOOZED = "item.snoozed"
    ITEMS_CHANGED_TOGETHER = "items.changed_together"
    LAUNCH_EDITED = "launch.edited"
    LAUNCH_MOVED = "launch.moved"
    LAUNCH_OPENED = "launch.opened"
    LAUNCH_RESCHEDULED = "launch.rescheduled"
    OWN_CHANNEL_ADDED = "own_channel.added"
    OWN_CHANNEL_REMOVED = "own_channel.removed"
    MAIL_CAME_BACK = "mail.came_back"
    MAIL_WORKS_AGAIN = "mail.works_again"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105
    LAUNCH_TOOK_OVER = "launch.took_over"
    PERSON_ADDED = "person.added"
    PERSON_AWAY = "person.away"
    PERSON_BACK = "person.back"
    PERSON_DEACTIVATED = "person.deactivated"
    PERSON_INVITED = "person.invited"
    PERSON_JOINED = "person.joined"
    PERSON_REACTIVATED = "person.reactivated"
    PREFERENCES_CHANGED = "preferences.changed"
    REMINDERS_SNOOZED = "reminders.snoozed"
    REMINDERS_WOKEN = "reminders.woken"
    REVIEW_CANCELLED = "review.cancelled"
    REVIEW_CHANGED = "review.changed"
    REVIEW_DRIVER_CHANGED = "review.driver_changed"
    REVIEW_EXTENDED = "review.extended"
    REVIEW_FINISHED = "review.finished"
    REVIEW_INVITED = "review.invited"
    REVIEW_ITEM_DECIDED = "review.item_decided"
    REVIEW_ITEM_PARKED = "review.item_parked"
    REVIEW_PAUSED = "review.paused"
    REVIEW_PLANNED = "review.planned"
    REVIEW_POLLED = "review.polled"
    REVIEW_REOPENED = "review.reopened"
    REVIEW_RESUMED = "review.resumed"
    REVIEW_STARTED = "review.started"
    ROLE_GIVEN = "role.given"
    ROLE_TAKEN = "role.taken"
    SESSIONS_ENDED = "sessions.ended"
    SIGNER_ADDED = "signer.added"
    SIGNER_REMOVED = "signer.removed"
    SIGNOFF_WITHDRAWN = "signoff.withdrawn"
    TEAM_ADDED = "team.added"
    TEAM_ESCALATION_SET = "team.escalation_set"
    TEAM_HOLIDAY_ADDED = "team.holiday_added"
    TEAM_HOLIDAY_REMOVED = "team.holiday_removed"
    TEAM_QUORUM_SET = "team.quorum_set"
    THREAD_REOPENED = "thread.reopened"
    THREAD_RESOLVED = "thread.resolved"
    VERDICT_CHANGED = "verdict.changed"
    VIEW_REMOVED = "view.removed"
    VIEW_RENAMED = "view.renamed"
    VIEW_SAVED = "view.saved"
    WORK_HANDED_OVER = "work.handed_over"


# The words that people typed, by the kind of event: what can be redacted of it.
TEXTS: dict[Kind, tuple[str, ...]] = {
    Kind.ACTION_ITEM_DONE: ("text", "note"),
    Kind.COMMENT_EDITED: (),
    Kind.COMMENT_WRITTEN: (),
    Kind.DECISION_ASKED: ("because",),
    Kind.DECISION_SIGNED: ("because",),
    Kind.DECISION_UNSIGNED: ("because",),
    Kind.DECISION_VOIDED: ("because",),
    Kind.EVIDENCE_ADDED: ("title", "url"),
    Kind.EVIDENCE_REMOVED: ("title",),
    Kind.EVIDENCE_REVISED: ("title", "url"),
    Kind.EXEMPTION_DECLINED: ("reason",),
    Kind.EXEMPTION_PROPOSED: ("reason", "control"),
    Kind.EXEMPTION_WITHDRAWN: ("reason",),
    Kind.FACT_SAVED: (),
    Kind.GLASS_BROKEN: ("note",),
    Kind.GLASS_CONFIRMED: ("note",),
    Kind.ITEM_PROGRESSED: ("because",),
    Kind.ITEM_REAFFIRMED: ("note",),
    Kind.ITEM_SIGNED_OFF: ("note",),
    Kind.LAUNCH_EDITED: ("changes",),
    Kind.LAUNCH_MOVED: ("because",),
    Kind.LAUNCH_RESCHEDULED: ("because",),
    Kind.PREFERENCES_CHANGED: ("changes",),
    Kind.REVIEW_CANCELLED: ("because",),
    Kind.REVIEW_ITEM_DECIDED: ("note",),
    Kind.REVIEW_ITEM_PARKED: ("because",),
    Kind.REVIEW_POLLED: ("reason",),
    Kind.SIGNOFF_WITHDRAWN: ("because",),
    Kind.VIEW_REMOVED: ("name",),
    Kind.VIEW_RENAMED: ("name", "was"),
    Kind.VIEW_SAVED: ("name", "query"),
}
