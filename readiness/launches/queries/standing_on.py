"""What sign-offs of an item stand on in a launch."""

from collections.abc import Mapping

from readiness.launches.models import Launch
from readiness.launches.queries.pinned import ItemRule, Pinned

TEXT, MODEL_VERSION, LAUNCH_DATE = "text", "model_version", "launch_date"


def parts_of(launch: Launch, rule: ItemRule, declared: Mapping[str, str]) -> dict[str, str]:
    """The parts of the basis by name: the item's text, and what `invalidated_by` names.

    `declared` holds the latest declared value per kind.
    """
    parts = {TEXT: rule.text}
    for kind in rule.invalidated_by:
        if kind == MODEL_VERSION:
            candidate = launch.candidate
            parts[kind] = f"{candidate} {candidate.digest}" if candidate else ""
        elif kind == LAUNCH_DATE:
            parts[kind] = launch.launch_on.isoformat()
        else:
            parts[kind] = declared.get(kind, "")
    return parts


def kinds_declared_in(content: Pinned) -> tuple[str, ...]:
    """What people declare changes of, under a version: all its items name that nothing tells."""
    named = (kind for rule in content.items.values() for kind in rule.invalidated_by)
    return tuple(kind for kind in dict.fromkeys(named) if kind not in (MODEL_VERSION, LAUNCH_DATE))


def declared_of(launch: Launch) -> dict[str, str]:
    """The latest declared value of each kind of config event."""
    return dict(launch.config_events.order_by("pk").values_list("kind", "value"))
