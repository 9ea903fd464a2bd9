"""The ways out that are called by HTTP: how each wants to be told, a file each."""

from collections.abc import Callable, Mapping
from datetime import datetime

from readiness.notifications.models import Way
from readiness.notifications.queries.told import Told
from readiness.notifications.ways import slack, teams, webhook

# The body and the headers that tell this, in the call with this name, at this time; signed with
# the secret where there is one.
Written = tuple[bytes, Mapping[str, str]]
WRITERS: dict[Way, Callable[[Told, str, str, datetime], Written]] = {
    Way.SLACK: slack.written,
    Way.TEAMS: teams.written,
    Way.WEBHOOK: webhook.written,
}
NAMES = {Way.SLACK: "Slack", Way.TEAMS: "Microsoft Teams", Way.WEBHOOK: "Webhook"}
# Who answers twice the same to the same name may be asked again when no answer came.
KNOWS_REPEATS = frozenset({Way.WEBHOOK})

__all__ = ["KNOWS_REPEATS", "NAMES", "WRITERS", "Written"]
