"""The stages of a launch's life; only a decision makes it approved."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import record
from readiness.launches import policies
from readiness.launches.models import Launch
from readiness.launches.models.launches import Stage
from readiness.launches.services.taking import take_at_edition
from readiness.launches.services.voiding import leave
from readiness.web.refusal import refuse_if


@transaction.atomic
def move(
    launch: Launch,
    to: Stage,
    *,
    because: str,
    by: User,
    edition: int,
    key: str,
    now: datetime,
) -> Launch:
    """Take a launch to another stage of its life, and say why where that is owed.

    What people signed stands, whatever the stage: a launch that is taken up again goes on
    where it was. Raises Refused or AlreadyDone.
    """
    launch = take_at_edition(
        launch, by=by, edition=edition, key=key, body=f"life {to} {because}", now=now
    )
    refuse_if(policies.moving(launch, to, because))
    was = launch.stage
    leave(launch, to, by=by, now=now)
    launch.stage = to.value
    launch.edition += 1
    launch.save(update_fields=["stage", "edition"])
    record(
        Kind.LAUNCH_MOVED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        was=was,
        to=to.value,
        because=because,
    )
    return launch
