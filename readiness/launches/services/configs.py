"""Declaring what has changed that sign-offs stand on, and who signs for a duty."""

from datetime import datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.audit.kinds import Kind
from readiness.audit.services import record
from readiness.launches.models import ConfigEvent, Launch, LaunchSigner
from readiness.launches.policies import standing
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.standing_on import declared_of, kinds_declared_in
from readiness.launches.services.basis import rebase
from readiness.launches.services.judging import judge
from readiness.launches.services.taking import take_to_edit
from readiness.web.refusal import refuse_if


@transaction.atomic
def declare(
    launch: Launch, *, kind: str, value: str, edition: int, by: User, key: str, now: datetime
) -> Launch:
    """Say what one configuration is from now on.

    Exactly the sign-offs that stood on another value stop counting, in this transaction; those
    that were made on this one count again.
    """
    body = f"declare {kind} {value}"
    launch = take_to_edit(launch, by=by, edition=edition, key=key, body=body, now=now)
    was = declared_of(launch).get(kind, "")
    kinds = kinds_declared_in(pinned(launch.version_id))
    refuse_if(standing.declaring(kind, value, was=was, kinds=kinds))
    ConfigEvent.objects.create(launch=launch, kind=kind, value=value, at=now, by=by)
    launch.edition += 1
    launch.save(update_fields=["edition"])
    changed = rebase(launch, by=by, now=now)
    record(
        Kind.CONFIG_DECLARED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        what=kind,
        value=value,
        was=was,
        items=[item.key for item in changed],
    )
    judge(launch, now=now, by=by)
    return launch


@transaction.atomic
def add_signer(
    launch: Launch,
    *,
    duty: str,
    person: User,
    edition: int,
    by: User,
    key: str,
    now: datetime,
) -> Launch:
    """Let a further person sign for a duty: a quorum asks for several."""
    body = f"signer {duty} {person.pk}"
    launch = take_to_edit(launch, by=by, edition=edition, key=key, body=body, now=now)
    holders = _holders(launch, duty)
    refuse_if(
        standing.seating(
            launch, person, duty, duties=_duties(launch), is_seated=person.pk in holders
        )
    )
    LaunchSigner.objects.create(launch=launch, duty=duty, person=person)
    _say(launch, Kind.SIGNER_ADDED, duty, person, by=by, now=now)
    return launch


@transaction.atomic
def remove_signer(
    launch: Launch,
    *,
    duty: str,
    person: User,
    edition: int,
    by: User,
    key: str,
    now: datetime,
) -> Launch:
    """Let a person sign for a duty no more; what they signed in it stays theirs, and counts."""
    body = f"no signer {duty} {person.pk}"
    launch = take_to_edit(launch, by=by, edition=edition, key=key, body=body, now=now)
    gone, _ = launch.signers.filter(duty=duty, person=person).delete()
    refuse_if("" if gone else standing.NOT_SEATED)
    _say(launch, Kind.SIGNER_REMOVED, duty, person, by=by, now=now)
    return launch


def _say(launch: Launch, kind: Kind, duty: str, person: User, *, by: User, now: datetime) -> None:
    launch.edition += 1
    launch.save(update_fields=["edition"])
    record(
        kind,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        duty=duty,
        person=person.name,
    )


def _holders(launch: Launch, duty: str) -> set[int]:
    held = launch.duties.filter(duty=duty).values_list("person", flat=True)
    return {*held, *launch.signers.filter(duty=duty).values_list("person", flat=True)}


def _duties(launch: Launch) -> set[str]:
    """The duties for which people sign under the launch's checklist."""
    return {rule.signing.duty for rule in pinned(launch.version_id).items.values()} - {""}
