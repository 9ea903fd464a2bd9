"""What goes out at once, a module for each kind.

Of one act a person hears once: of the kinds that tell of it, from the first in this order.
"""

from readiness.notifications.kinds.asked import ASKED
from readiness.notifications.kinds.decided import DECIDED
from readiness.notifications.kinds.mentioned import MENTIONED
from readiness.notifications.kinds.message import News
from readiness.notifications.kinds.minutes import MINUTES
from readiness.notifications.kinds.reopened import REOPENED
from readiness.notifications.kinds.review_invited import REVIEW_INVITED
from readiness.notifications.kinds.review_starting import REVIEW_STARTING
from readiness.notifications.kinds.verdict_dropped import VERDICT_DROPPED

NEWS: tuple[News, ...] = (
    DECIDED,
    ASKED,
    VERDICT_DROPPED,
    REOPENED,
    MENTIONED,
    REVIEW_INVITED,
    REVIEW_STARTING,
    MINUTES,
)
BY_KIND = {one.kind.value: one for one in NEWS}
TOLD = frozenset(kind.value for one in NEWS for kind in one.events)

__all__ = ["BY_KIND", "NEWS", "TOLD", "News"]
