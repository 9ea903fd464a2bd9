"""Forms of launches, as the services take them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from readiness.accounts.models import Membership, Role, User
from readiness.launches.models import Launch
from readiness.launches.services.launches import Intake, edit_launch, open_launch
from tests import make


def intake_of(launch: Launch, **changes: object) -> Intake:
    """What the launch says now, with these changes."""
    current = launch.candidate
    said = Intake(
        team=launch.team,
        name=launch.name,
        model=launch.model,
        purpose=launch.purpose,
        launch_at=launch.launch_at,
        zone=launch.zone,
        lead=launch.lead,
        approvers=[seat.person for seat in launch.approvers.all()],
        candidate={
            "name": current.name,
            "version": current.version,
            "digest": current.digest,
            "registry_url": current.registry_url,
        },
        duties={held.duty: held.person for held in launch.duties.all()},
    )
    return replace(said, **changes)


def edited(
    launch: Launch, because: str = "", *, at: datetime = make.NOW, **changes: object
) -> Launch:
    """The launch after its lead edited it, as it stands then."""
    launch = Launch.objects.get(pk=launch.pk)
    edit_launch(
        launch,
        intake_of(launch, **changes),
        edition=launch.edition,
        by=launch.lead,
        key=make.key(),
        now=at,
        moved_because=because,
    )
    return Launch.objects.get(pk=launch.pk)


def another(launch: Launch, **part: str) -> Mapping[str, str]:
    """The candidate of a launch, changed in one part."""
    return {**intake_of(launch).candidate, **part}


def opening(
    *, by: User, key: str = "", role: Role | None = Role.MEMBER, **said: object
) -> Callable[[], Launch]:
    """An act that opens a launch with one form, each time it is done."""
    team = make.team()
    if role:
        Membership.objects.create(person=by, team=team, role=role.value)
    intake = Intake(
        team=team,
        name="Ads ranker",
        model="ranker",
        purpose="More clicks",
        launch_at=make.NOW + timedelta(days=14),
        zone="UTC",
        lead=by,
        approvers=[],
        candidate={"name": "ranker", "version": "1", "digest": "", "registry_url": ""},
        duties={},
    )
    asked = {"version": make.checklist(8), "facets": {}} | {
        name: said.pop(name) for name in ("version", "facets") if name in said
    }
    return partial(
        open_launch, replace(intake, **said), **asked, by=by, key=key or make.key(), now=make.NOW
    )
