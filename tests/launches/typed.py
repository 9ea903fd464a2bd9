"""What people type into the forms of a launch."""

from readiness.accounts.models import Team, User
from readiness.checklists.models import Version
from readiness.launches.forms.intake import as_typed
from readiness.launches.models import Launch
from tests import make


def opening(team: Team, version: Version, lead: User, **said: object) -> dict[str, object]:
    """A form to open a launch with everything in order, but for what is said."""
    return {
        "key": make.key(),
        "team": team.pk,
        "version": version.pk,
        "name": "Ads ranking v14",
        "model": "ads-rank",
        "purpose": "Ranks ads on the home page.",
        "candidate_name": "ads-rank",
        "candidate_version": "14.2.0",
        "candidate_digest": "",
        "candidate_registry_url": "",
        "launch_on": "2026-12-08",
        "launch_time": "09:30",
        "zone": "Europe/Berlin",
        "lead": lead.pk,
        **said,
    }


def editing(launch: Launch, **said: object) -> dict[str, object]:
    """The edit page of a launch as it was loaded, but for what is said."""
    shown = as_typed(launch)
    shown["launch_time"] = shown["launch_time"].strftime("%H:%M")
    return {"key": make.key(), "edition": launch.edition, **shown, **said}
