"""What goes out at once, a module for each kind.

Of one act a person hears once: of the kinds that tell of it, from the first in this order.
"""

from readiness.notifications.kinds.mentioned import MENTIONED
from readiness.notifications.kinds.message import News
from readiness.notifications.models import Kind

NEWS: tuple[News, ...] = (MENTIONED,)
BY_KIND = {one.kind.value: one for one in NEWS}
TOLD = frozenset(kind.value for one in NEWS for kind in one.events)
# What preferences call each kind that a person may do without.
TITLES: dict[Kind, str] = {
    Kind.DIGEST: "What is mine: late, due soon, new to me, or waiting for my word",
    **{one.kind: one.title for one in NEWS},
}

__all__ = ["BY_KIND", "NEWS", "TITLES", "TOLD", "News"]
