"""What a new launch takes over from an earlier one. Sign-offs never: they stood on another."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import record
from readiness.launches import policies
from readiness.launches.models import EvidenceLink, Launch, LaunchItem
from readiness.launches.queries.evidence import supported
from readiness.launches.queries.pinned import pinned

TAKEN = ["owner", "owned_since", "evidence", "lacks_evidence", "supported_until"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The launch to take from, and what of it; duties and answers are in the intake itself."""

    launch: Launch
    owners: bool = False
    links: bool = False

    @property
    def body(self) -> str:
        return f"from {self.launch.pk} {self.owners} {self.links}"


def take_over(launch: Launch, earlier: Earlier, *, by: User, now: datetime) -> None:
    """Give items the owners and the evidence links of the same items of an earlier launch.

    An owner who may not work on this launch stays behind; items that are owned already keep
    their owner.
    """
    items = {item.key: item for item in launch.items.all()}
    owned = _owners(launch, items, earlier, now=now) if earlier.owners else []
    linked = _links(launch, items, earlier, by=by, now=now) if earlier.links else []
    changed = {item.pk: item for item in [*owned, *linked]}
    LaunchItem.objects.bulk_update(changed.values(), TAKEN)
    record(
        Kind.LAUNCH_TOOK_OVER,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        source=earlier.launch.pk,
        name=earlier.launch.name,
        owners=[item.key for item in owned],
        links=[item.key for item in linked],
    )


def _owners(
    launch: Launch, items: dict[str, LaunchItem], earlier: Earlier, *, now: datetime
) -> list[LaunchItem]:
    theirs = earlier.launch.items.exclude(owner=None).select_related("owner")
    may_own: dict[int, bool] = {}
    changed = []
    for was in theirs:
        item = items.get(was.key)
        if item is None or item.owner_id or was.owner is None:
            continue
        if was.owner.pk not in may_own:
            may_own[was.owner.pk] = not policies.owning(launch, was.owner)
        if may_own[was.owner.pk]:
            item.owner, item.owned_since = was.owner, now
            changed.append(item)
    return changed


def _links(
    launch: Launch, items: dict[str, LaunchItem], earlier: Earlier, *, by: User, now: datetime
) -> list[LaunchItem]:
    """A new launch has no evidence yet: what comes along is all that supports its items."""
    standing: Iterable[EvidenceLink] = EvidenceLink.objects.filter(
        item__launch=earlier.launch, removed_at=None, item__key__in=items
    ).select_related("item", "revision")
    links, revisions = [], defaultdict(list)
    for was in standing:
        item = items[was.item.key]
        links.append(
            EvidenceLink(
                team_id=item.team_id,
                item=item,
                evidence_id=was.evidence_id,
                revision_id=was.revision_id,
                added_by=by,
                added_at=now,
            )
        )
        revisions[item.key].append(was.revision)
    EvidenceLink.objects.bulk_create(links)
    changed, rules = [items[key] for key in revisions], pinned(launch.version_id).items
    for item in changed:
        pieces = [revision.piece for revision in revisions[item.key]]
        item.evidence = [revision.pk for revision in revisions[item.key]]
        for name, value in supported(rules[item.key], pieces).items():
            setattr(item, name, value)
    return changed
