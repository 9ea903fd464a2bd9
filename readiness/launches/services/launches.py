"""Opening a launch and editing it: candidate, date, people, facets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from readiness.accounts.models import Team, User
from readiness.audit.kinds import Kind
from readiness.audit.services import new_subject, once, record
from readiness.checklists.models import Version
from readiness.launches import policies
from readiness.launches.models import Candidate, Launch, LaunchApprover, LaunchDuty, LaunchItem
from readiness.launches.queries.applying import conditions_of
from readiness.launches.queries.facts import due_on
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.signing import signed_as_peer
from readiness.launches.queries.standing_on import parts_of
from readiness.launches.services.basis import rebase
from readiness.launches.services.facts import settle_facts
from readiness.launches.services.judging import judge
from readiness.launches.services.taking import take_to_edit
from readiness.launches.services.taking_over import Earlier, take_over
from readiness.launches.services.twinning import ask_about_twins
from readiness.rules.basis import fingerprint
from readiness.rules.facets import Answers
from readiness.web.refusal import refuse_if

CANDIDATE = ("name", "version", "digest", "registry_url")


@dataclass(frozen=True, slots=True)
class Intake:
    """What a launch is opened with, and edited to."""

    team: Team
    name: str
    model: str
    purpose: str
    launch_at: datetime
    zone: str
    lead: User
    approvers: Sequence[User]
    candidate: Mapping[str, str]
    duties: Mapping[str, User | None]
    quorum: int | None = None  # of the approvers; all of them where nothing is said

    @property
    def body(self) -> str:
        """Everything it says, with people by id: two of them may share a name."""
        people = [self.team.pk, self.lead.pk, *(person.pk for person in self.approvers)]
        duties = [(duty, person.pk if person else 0) for duty, person in self.duties.items()]
        told = (self.name, self.model, self.purpose, self.launch_at.isoformat(), self.zone)
        return repr((told, people, sorted(self.candidate.items()), sorted(duties), self.quorum))


@transaction.atomic
def open_launch(
    intake: Intake,
    *,
    version: Version,
    facets: Answers,
    by: User,
    key: str,
    now: datetime,
    earlier: Earlier | None = None,
    twins: str | None = None,
) -> Launch:
    """Open a launch on a published checklist: its items, their duties and due dates.

    `earlier` is the launch it is made from, and what to take over of it; `twins` the seal of
    the running launches of the model version that the person confirmed, None asks nobody.
    Raises Refused (Twinned), or AlreadyDone with the id of the launch that this form opened.
    """
    body = f"open {version.pk} {intake.body} {sorted(facets.items())}"
    body += f" {earlier.body}" if earlier else ""
    claimed = once(key, by=by, body=body, at=now)
    refuse_if(policies.opening(by, intake.team, version))
    if twins is not None:
        ask_about_twins(intake.candidate, by=by, confirmed=twins)
    launch = _create(intake, version=version, facets=facets, by=by, now=now)
    claimed.outcome = str(launch.pk)
    claimed.save(update_fields=["outcome"])
    _place_items(launch, by=by, now=now)
    _seat(launch, intake, by=by, now=now)
    if earlier:
        take_over(launch, earlier, by=by, now=now)
    judge(launch, now=now, by=by)
    return launch


@transaction.atomic
def edit_launch(
    launch: Launch,
    intake: Intake,
    *,
    edition: int,
    by: User,
    key: str,
    now: datetime,
    moved_because: str = "",
    twins: str | None = None,
) -> Launch:
    """Change what a launch says about itself.

    A new date moves the due dates that were not set by hand, and says why. A new candidate,
    or a new date, makes exactly the sign-offs that stood on it fall; it is a new row, the old
    one is kept.
    """
    launch = take_to_edit(
        launch,
        by=by,
        edition=edition,
        key=key,
        body=f"edit {intake.body} {moved_because}",
        now=now,
    )
    current = launch.candidate
    is_same = {name: getattr(current, name) for name in CANDIDATE} == dict(intake.candidate)
    if twins is not None and not is_same:
        ask_about_twins(intake.candidate, by=by, confirmed=twins, apart_from=launch)
    changes = {
        name: (getattr(launch, name), getattr(intake, name))
        for name in ("name", "model", "purpose", "zone", "launch_at", "lead", "quorum")
        if getattr(launch, name) != getattr(intake, name)
    }
    for name, (_, becomes) in changes.items():
        setattr(launch, name, becomes)
    if not is_same:
        launch.candidate = _propose(launch, intake.candidate, by=by, now=now)
    launch.edition += 1
    launch.save(update_fields=[*changes, "candidate", "edition"])
    if "launch_at" in changes or "zone" in changes:
        _move_due_dates(launch)
    said = {name: [_said(was), _said(becomes)] for name, (was, becomes) in changes.items()}
    said |= _approvers_of(launch, intake)
    _record_edit(launch, said, by=by, now=now, moved_because=moved_because)
    rebase(launch, by=by, now=now)
    settle_facts(launch, now=now)
    _seat(launch, intake, by=by, now=now)
    judge(launch, now=now, by=by)
    return launch


def _record_edit(
    launch: Launch, said: Mapping[str, list[str]], *, by: User, now: datetime, moved_because: str
) -> None:
    """What was changed, from what to what; a launch that moved says why."""
    if not said:
        return
    is_moved = "launch_at" in said
    reason: dict[str, Any] = {"because": moved_because} if is_moved else {}
    record(
        Kind.LAUNCH_RESCHEDULED if is_moved else Kind.LAUNCH_EDITED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        changes=dict(said),
        **reason,
    )


@transaction.atomic
def answer_facets(
    launch: Launch,
    answers: Answers,
    *,
    edition: int,
    by: User,
    key: str,
    now: datetime,
) -> Launch:
    """Answer the checklist's questions about the launch: items come or go with it.

    An unanswered question is not in `answers`, and never removes an item.
    """
    body = f"facets {sorted(answers.items())}"
    launch = take_to_edit(launch, by=by, edition=edition, key=key, body=body, now=now)
    launch.facets = dict(answers)
    launch.edition += 1
    launch.save(update_fields=["facets", "edition"])
    conditions = conditions_of(pinned(launch.version_id), answers)
    changed = []
    for item in launch.items.all():
        found = conditions[item.key]
        if (item.applies, item.blocker) != (found.applies.value, found.blocker.value):
            item.applies, item.blocker = found.applies.value, found.blocker.value
            item.version, item.changed_at, item.changed_by = item.version + 1, now, by
            changed.append(item)
    LaunchItem.objects.bulk_update(
        changed, ["applies", "blocker", "version", "changed_at", "changed_by"]
    )
    record(
        Kind.FACETS_ANSWERED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        answers=dict(answers),
        items=[item.key for item in changed],
    )
    settle_facts(launch, now=now)
    judge(launch, now=now, by=by)
    return launch


def _create(
    intake: Intake, *, version: Version, facets: Answers, by: User, now: datetime
) -> Launch:
    """The launch itself, with its first candidate, as yet without items."""
    launch = Launch.objects.create(
        team=intake.team,
        subject=new_subject("launch"),
        name=intake.name,
        model=intake.model,
        purpose=intake.purpose,
        launch_at=intake.launch_at,
        zone=intake.zone,
        lead=intake.lead,
        version=version,
        facets=dict(facets),
        quorum=intake.quorum,
        opened_at=now,
        opened_by=by,
    )
    launch.candidate = _propose(launch, intake.candidate, by=by, now=now)
    launch.save(update_fields=["candidate"])
    record(
        Kind.LAUNCH_OPENED,
        subject=launch.subject,
        team=launch.team,
        by=by,
        at=now,
        name=launch.name,
        candidate=str(launch.candidate),
        checklist=str(version),
        launch_at=launch.launch_at.isoformat(),
        zone=launch.zone,
        facets=dict(facets),
    )
    return launch


def _propose(launch: Launch, said: Mapping[str, str], *, by: User, now: datetime) -> Candidate:
    candidate = Candidate.objects.create(launch=launch, by=by, at=now, **said)
    record(
        Kind.CANDIDATE_PROPOSED,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        candidate=str(candidate),
        digest=candidate.digest,
    )
    return candidate


def _place_items(launch: Launch, *, by: User, now: datetime) -> None:
    version = pinned(launch.version_id)
    conditions = conditions_of(version, launch.facets)
    parts = {key: parts_of(launch, rule, {}) for key, rule in version.items.items()}
    LaunchItem.objects.bulk_create(
        LaunchItem(
            team_id=launch.team_id,
            launch=launch,
            item_id=rule.pk,
            key=key,
            position=rule.position,
            applies=conditions[key].applies.value,
            blocker=conditions[key].blocker.value,
            due_on=due_on(launch, rule),
            basis=fingerprint(parts[key]),
            basis_parts=parts[key],
            changed_at=now,
            changed_by=by,
        )
        for key, rule in version.items.items()
    )


def _seat(launch: Launch, intake: Intake, *, by: User, now: datetime) -> None:
    """Give the launch its approvers and duties; who is put on a duty owns its items."""
    for person in [launch.lead, *intake.duties.values()]:
        refuse_if(policies.owning(launch, person))
    for person in intake.approvers:
        refuse_if(policies.approving(launch, person))
    launch.approvers.exclude(person__in=intake.approvers).delete()
    seated = set(launch.approvers.values_list("person", flat=True))
    LaunchApprover.objects.bulk_create(
        LaunchApprover(launch=launch, person=person)
        for person in intake.approvers
        if person.pk not in seated
    )
    held = {held.duty: held for held in launch.duties.select_related("person")}
    for duty, person in intake.duties.items():
        was = held[duty].person if duty in held else None
        if was != person:
            _give_duty(launch, duty, was=was, to=person, by=by, now=now)


def _approvers_of(launch: Launch, intake: Intake) -> dict[str, list[str]]:
    """Who decides on the launch and who will, when that is not the same."""
    was = {person.pk: person.name for person in User.objects.filter(approving__launch=launch)}
    becomes = {person.pk: person.name for person in intake.approvers}
    if was.keys() == becomes.keys():
        return {}
    return {"approvers": [", ".join(sorted(names.values())) for names in (was, becomes)]}


def _give_duty(
    launch: Launch, duty: str, *, was: User | None, to: User | None, by: User, now: datetime
) -> None:
    """Put a person on a duty: its items pass to them.

    Not those that someone else was given, or that the person signed as a peer.
    """
    if to:
        LaunchDuty.objects.update_or_create(launch=launch, duty=duty, defaults={"person": to})
    else:
        launch.duties.filter(duty=duty).delete()
    keys = [key for key, rule in pinned(launch.version_id).items.items() if rule.duty == duty]
    theirs = launch.items.filter(key__in=keys, owner=was)
    items = list(theirs.exclude(pk__in=signed_as_peer(to, theirs)) if to else theirs)
    for item in items:
        item.owner, item.owned_since = to, now if to else None
        item.version, item.changed_at, item.changed_by = item.version + 1, now, by
    LaunchItem.objects.bulk_update(
        items, ["owner", "owned_since", "version", "changed_at", "changed_by"]
    )
    record(
        Kind.DUTY_GIVEN,
        subject=launch.subject,
        team=launch.team_id,
        by=by,
        at=now,
        duty=duty,
        to=to.name if to else "",
        items=[item.key for item in items],
    )


def _move_due_dates(launch: Launch) -> None:
    """Let the due dates that nobody set by hand follow the launch date."""
    rules = pinned(launch.version_id).items
    items = list(launch.items.filter(due_set_by_hand=False))
    for item in items:
        item.due_on, item.version = due_on(launch, rules[item.key]), item.version + 1
    LaunchItem.objects.bulk_update(items, ["due_on", "version"])


def _said(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)
