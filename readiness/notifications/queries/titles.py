"""What each kind of message, and each way out, is called where a person chooses what to hear."""

from readiness.notifications.models import Channel, Kind

REGULAR: dict[Kind, str] = {
    Kind.DIGEST: "My day: what is late, due soon, new to me, or waits for my word",
    Kind.WEEKLY: "My week as an approver: decisions that wait, the next 14 days, what changed",
    Kind.ESCALATION: "Work of others that is late for days, in launches I lead or approve",
}
AT_ONCE: dict[Kind, str] = {
    Kind.ASKED: "Somebody asks me to decide, to agree or to confirm",
    Kind.MENTIONED: "Somebody mentions me in a comment",
    Kind.DECIDED: "A launch I lead or approve is decided on, or its GO ends",
    Kind.VERDICT_DROPPED: "The verdict on a launch I lead or approve drops",
    Kind.REOPENED: "A must-have of mine, or of a launch I lead or approve, is open again",
    Kind.REVIEW_INVITED: "I am invited to a review, its plan changes, or it is cancelled",
    Kind.REVIEW_STARTING: "A review I am invited to starts in ten minutes",
    Kind.MINUTES: "A review that I was invited to is finished: its minutes",
}
TITLES = {**REGULAR, **AT_ONCE}
CHANNELS = {
    Channel.MAIL: "Mail",
    Channel.SLACK: "Slack",
    Channel.TEAMS: "Teams",
    Channel.WEBHOOK: "Webhook",
}
ICONS = {
    Channel.MAIL: "mail",
    Channel.SLACK: "hash",
    Channel.TEAMS: "users-round",
    Channel.WEBHOOK: "workflow",
}
# Where a digest makes sense beside mails: a webhook takes what happens, one thing at a time.
DIGESTED = (Channel.SLACK, Channel.TEAMS)
