"""What sign-offs of an item stand on in one launch."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.standing_on import declared_of, parts_of
from readiness.rules.basis import fingerprint


def rebase(launch: Launch, *, by: User, now: datetime) -> list[LaunchItem]:
    """Bring every item's basis up to what holds now; the items whose basis changed.

    Sign-offs made on the old basis stop counting with the next judging; those made on a
    basis that has come back count again. Each is a new version of its item: nobody signs,
    from a page loaded before, for a candidate they never saw.
    """
    version, declared, changed = pinned(launch.version_id), declared_of(launch), []
    for item in launch.items.all():
        parts = parts_of(launch, version.items[item.key], declared)
        if item.basis_parts != parts:
            item.basis, item.basis_parts = fingerprint(parts), parts
            item.version, item.changed_at, item.changed_by = item.version + 1, now, by
            changed.append(item)
    LaunchItem.objects.bulk_update(
        changed, ["basis", "basis_parts", "version", "changed_at", "changed_by"]
    )
    return changed
