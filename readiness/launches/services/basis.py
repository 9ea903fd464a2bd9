"""What sign-offs of an item stand on in one launch."""

from datetime import datetime

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem
from readiness.launches.queries.pinned import ItemRule, pinned
from readiness.rules.basis import fingerprint

MODEL_VERSION, LAUNCH_DATE = "model_version", "launch_date"


def parts_of(launch: Launch, rule: ItemRule, declared: dict[str, str]) -> dict[str, str]:
    """The parts of the basis by name: the item's text, and what `invalidated_by` names.

    `declared` holds the latest declared value per kind.
    """
    parts = {"text": rule.text}
    for kind in rule.invalidated_by:
        if kind == MODEL_VERSION:
            candidate = launch.candidate
            parts[kind] = f"{candidate} {candidate.digest}" if candidate else ""
        elif kind == LAUNCH_DATE:
            parts[kind] = launch.launch_on.isoformat()
        else:
            parts[kind] = declared.get(kind, "")
    return parts


def declared_of(launch: Launch) -> dict[str, str]:
    """The latest declared value of each kind of config event."""
    return dict(launch.config_events.order_by("pk").values_list("kind", "value"))


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
