"""Follow-ups that nothing is left to do for, as their items were settled in another way."""

from collections.abc import Iterable
from datetime import datetime

from readiness.launches.models import ActionItem, LaunchItem
from readiness.launches.queries.facts import facts_of_items
from readiness.launches.queries.looks import look_of
from readiness.launches.queries.pinned import pinned
from readiness.rules.weighing import weigh

SETTLED = {"done": "The item is done", "na": "The item does not apply any more"}


def settled(owed: Iterable[ActionItem], now: datetime) -> dict[int, str]:
    """Why an open follow-up of these may be closed, by the id of its item; read with the launch."""
    launches = {one.item_id: one.launch for one in owed if one.item_id and not one.done_at}
    if not launches:
        return {}
    found = {}
    for fact in facts_of_items(LaunchItem.objects.filter(pk__in=launches), now):
        version = pinned(launches[fact.pk].version_id)
        standing = weigh([fact.item], version.scheme, now)[0]
        look = look_of(fact, standing, version.items[fact.key].signatures, now)
        if look in SETTLED:
            found[fact.pk] = SETTLED[look]
    return found
