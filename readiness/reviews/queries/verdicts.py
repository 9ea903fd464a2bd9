"""What a review remembers of a verdict: before it began, and when it was finished."""

from typing import Any

from readiness.launches.models import Launch
from readiness.launches.queries.pinned import pinned


def verdict_kept(launch: Launch) -> dict[str, Any]:
    """The verdict of a launch that was just judged, as plain words and numbers."""
    bands = {band.key: band.title for band in pinned(launch.version_id).scheme.bands}
    return {
        "verdict": launch.verdict,
        "title": bands.get(launch.verdict, "Not assessable"),
        "outcome": launch.outcome,
        "shown": launch.shown,
        "checked": launch.checked,
        "counted": launch.counted,
        "holds": launch.holds,
        "sections": launch.sections,
    }
