"""Why something may not be done with a checklist now, or nothing."""

from readiness.checklists.models import Version


def publishing_again(version: Version, content: str) -> str:
    """A version that exists may be published again only unchanged, which changes nothing."""
    if not version.is_published:
        return f"Version {version.number} of {version.title} is a draft: publish that one."
    if version.content != content:
        return (
            f"Version {version.number} of {version.title} is published and never changes: "
            "give the changed file a higher version."
        )
    return ""
