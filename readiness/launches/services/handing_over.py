"""Letting somebody go: all that they hold passes to others, and they are let in no more."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from readiness.accounts import policies as accounts_policies
from readiness.accounts import services as accounts
from readiness.accounts.models import Membership, Role, Team, User
from readiness.audit.kinds import Kind
from readiness.audit.people import again, take_site
from readiness.audit.services import once, record
from readiness.launches import policies
from readiness.launches.models import ActionItem, Launch, LaunchApprover, LaunchDuty, LaunchItem
from readiness.launches.queries.handing_over import Share, print_of, shares_of
from readiness.launches.queries.signing import signed_as_peer
from readiness.web.refusal import NotPermitted, refuse_if

CHANGED = "What {} holds has changed since you looked. Look at it again."


@dataclass(frozen=True, slots=True)
class Plan:
    """Who takes over: the work of each launch by its id, and the seats of an approver.

    Nobody leaves items without an owner, duties open and seats empty; a lead is somebody.
    """

    takers: Mapping[int, User | None]
    decider: User | None

    @property
    def body(self) -> str:
        takers = [(pk, one.pk if one else 0) for pk, one in sorted(self.takers.items())]
        return f"{takers} {self.decider.pk if self.decider else 0}"


@transaction.atomic
def deactivate(person: User, plan: Plan, *, seen: str, by: User, key: str, now: datetime) -> None:
    """Hand over everything a person holds, and let them in no more: all of it, or nothing.

    Launches are locked first, in the order of their ids; `seen` is the print of what the plan
    was made for. What the person signed stays theirs.
    """
    _lock(shares_of(person))
    once(key, by=by, body=f"deactivate {person.pk} {plan.body}", at=now)
    person = _take_person(person)
    by = again(by)
    _permit(by, person)
    refuse_if(accounts_policies.deactivating(by, person))
    shares = shares_of(person)
    refuse_if(CHANGED.format(person.name) if print_of(shares) != seen else "")
    _check(shares, plan)
    _pass_on(shares, person, plan, by=by, now=now)
    for share in shares:
        _record_share(share, person, plan, by=by, now=now)
    accounts.deactivate(person)
    said: dict[str, Any] = {"person": person.pk, "name": person.name, "launches": len(shares)}
    record(Kind.PERSON_DEACTIVATED, subject=take_site(), by=by, at=now, **said)


@transaction.atomic
def reactivate(person: User, *, by: User, now: datetime) -> None:
    """Let a person in again, in the roles they had; what was handed over stays where it is."""
    person = _take_person(person)
    site = take_site()
    refuse_if("" if again(by).is_site_admin else accounts_policies.ONLY_ADMIN)
    if person.is_active:
        return
    accounts.reactivate(person)
    said: dict[str, Any] = {"person": person.pk, "name": person.name}
    record(Kind.PERSON_REACTIVATED, subject=site, by=by, at=now, **said)


def _lock(shares: Sequence[Share]) -> None:
    """Nobody else changes these launches until the end; in order, so that none wait in a ring."""
    pks = [share.launch.pk for share in shares]
    locked = Launch.objects.filter(pk__in=pks).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk", flat=True))


def _take_person(person: User) -> User:
    """The person and their teams, locked: of two leads, not both let each other go."""
    theirs = Membership.objects.filter(person=person, team__isnull=False).values("team")
    list(Team.objects.filter(pk__in=theirs).order_by("pk").select_for_update(no_key=True))
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _permit(by: User, person: User) -> None:
    if not accounts_policies.people_managed_by(by).filter(pk=person.pk).exists():
        raise NotPermitted(accounts_policies.NO_LONGER)


def _check(shares: Sequence[Share], plan: Plan) -> None:
    """Who takes over may; asked once for each person and team."""
    asked = set()
    for share in shares:
        launch, to = share.launch, plan.takers.get(share.launch.pk)
        case = (launch.team_id, to, to is not None and to.pk == launch.lead_id)
        if share.is_work and case not in asked:
            asked.add(case)
            refuse_if(policies.owning(launch, to))
        if share.actions and to is None:
            refuse_if(f"Choose who takes over the action items of {launch.name}.")
        if share.is_lead and to is None:
            refuse_if(f"Choose who leads {launch.name}.")
    seats = [share.launch for share in shares if share.is_approver]
    if plan.decider and seats:
        refuse_if(policies.approving(seats[0], plan.decider) or _deciding(plan.decider, seats))


def _deciding(person: User, launches: Sequence[Launch]) -> str:
    """An approver of the teams, or of all teams."""
    roles = person.memberships.filter(role=Role.APPROVER.value)
    teams = {*roles.values_list("team_id", flat=True)}
    missing = [one.team.name for one in launches if not teams & {None, one.team_id}]
    return f"{person.name} is no approver in {missing[0]}." if missing else ""


def _pass_on(shares: Sequence[Share], person: User, plan: Plan, *, by: User, now: datetime) -> None:
    """Write it: a few statements for each person who takes over, however many launches.

    What that person signed as a peer of its owner is left without one.
    """
    launches_of: dict[User | None, list[int]] = defaultdict(list)
    for share in shares:
        launches_of[plan.takers.get(share.launch.pk)].append(share.launch.pk)
    for to, launches in launches_of.items():
        items = LaunchItem.objects.filter(owner=person, launch__in=launches)
        changed = {"version": F("version") + 1, "changed_at": now, "changed_by": by}
        if to and (signed := signed_as_peer(to, items)):
            items.filter(pk__in=signed).update(owner=None, owned_since=None, **changed)
        items.update(owner=to, owned_since=now if to else None, **changed)
        duties = LaunchDuty.objects.filter(person=person, launch__in=launches)
        if to:
            owed = ActionItem.objects.owed().filter(owner=person, launch__in=launches)
            owed.update(owner=to)
            duties.update(person=to)
            Launch.objects.filter(lead=person, pk__in=launches).update(lead=to)
        else:
            duties.delete()
    decided = [share.launch.pk for share in shares if share.is_approver]
    _pass_seats(decided, person, plan.decider)
    edited = [one.launch.pk for one in shares if one.duties or one.is_lead or one.is_approver]
    Launch.objects.filter(pk__in=edited).update(edition=F("edition") + 1)


def _pass_seats(launches: Collection[int], person: User, to: User | None) -> None:
    """An approver's seats pass on, unless the other is seated there already, or nobody follows."""
    seats = LaunchApprover.objects.filter(person=person, launch__in=launches)
    if to:
        seated = LaunchApprover.objects.filter(person=to).values("launch")
        seats.exclude(launch__in=seated).update(person=to)
    LaunchApprover.objects.filter(person=person, launch__in=launches).delete()


def _record_share(share: Share, person: User, plan: Plan, *, by: User, now: datetime) -> None:
    to = plan.takers.get(share.launch.pk) if share.is_work else None
    record(
        Kind.WORK_HANDED_OVER,
        subject=share.launch.subject,
        team=share.launch.team_id,
        by=by,
        at=now,
        person=person.pk,
        name=person.name,
        to=to.name if to else "",
        items=list(share.items),
        duties=list(share.duties),
        lead=share.is_lead,
        approver=share.is_approver,
        decider=plan.decider.name if share.is_approver and plan.decider else "",
    )
