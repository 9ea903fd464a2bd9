"""What a channel outside can hear of: a few topics, each of some kinds of events."""

from enum import StrEnum

from readiness.audit.kinds import Kind


class Topic(StrEnum):
    """A word for each, as hooks keep it."""

    DECISIONS = "decisions"
    VERDICTS = "verdicts"
    EXEMPTIONS = "exemptions"
    REVIEWS = "reviews"
    LAUNCHES = "launches"
    CHECKS = "checks"


TOPICS: dict[Topic, tuple[str, frozenset[Kind]]] = {
    Topic.DECISIONS: (
        "Decisions: asked for, made, void",
        frozenset({Kind.DECISION_ASKED, Kind.DECISION_TAKEN, Kind.DECISION_VOIDED}),
    ),
    Topic.VERDICTS: ("Verdicts: every new band or hold", frozenset({Kind.VERDICT_CHANGED})),
    Topic.EXEMPTIONS: (
        "Waivers and N/A: asked for and agreed to",
        frozenset({Kind.EXEMPTION_PROPOSED, Kind.EXEMPTION_CONFIRMED, Kind.GLASS_BROKEN}),
    ),
    Topic.REVIEWS: (
        "Reviews: planned, cancelled, started, finished",
        frozenset(
            {
                Kind.REVIEW_PLANNED,
                Kind.REVIEW_CANCELLED,
                Kind.REVIEW_STARTED,
                Kind.REVIEW_FINISHED,
            }
        ),
    ),
    Topic.LAUNCHES: (
        "Launches: opened, moved, with another date or candidate",
        frozenset(
            {
                Kind.LAUNCH_OPENED,
                Kind.LAUNCH_MOVED,
                Kind.LAUNCH_RESCHEDULED,
                Kind.CANDIDATE_PROPOSED,
            }
        ),
    ),
    Topic.CHECKS: (
        "Every check, given and taken back",
        frozenset({Kind.ITEM_SIGNED_OFF, Kind.SIGNOFF_WITHDRAWN}),
    ),
}
BY_EVENT = {kind.value: topic for topic, (_, kinds) in TOPICS.items() for kind in kinds}
# A check is told with the next sweep: there are many, and few want to hear of each.
TOLD_AT_ONCE = frozenset(kind for kind, topic in BY_EVENT.items() if topic is not Topic.CHECKS)
