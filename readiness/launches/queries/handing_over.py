"""What a person holds in running launches, and who could take it over."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from readiness.accounts.models import User
from readiness.launches.models import ActionItem, Launch, LaunchApprover, LaunchDuty, LaunchItem
from readiness.launches.models.launches import OVER
from readiness.launches.queries.intake import Seats, seats_in


@dataclass(frozen=True, slots=True)
class Share:
    """What a person holds in one launch: items by their keys, duties, seats, and what they owe."""

    launch: Launch
    items: tuple[str, ...]
    duties: tuple[str, ...]
    is_lead: bool
    is_approver: bool
    actions: tuple[int, ...] = ()

    @property
    def is_work(self) -> bool:
        """Whether there is more than the seat of an approver."""
        return bool(self.items or self.duties or self.is_lead or self.actions)

    @property
    def words(self) -> str:
        """12 items, the duty sre and the lead."""
        count = len(self.items)
        said = [f"{count} item{'' if count == 1 else 's'}"] if count else []
        if self.duties:
            names = ", ".join(duty.replace("_", " ") for duty in self.duties)
            said.append(f"the dut{'y' if len(self.duties) == 1 else 'ies'} {names}")
        count = len(self.actions)
        said += [f"{count} action item{'' if count == 1 else 's'}"] if count else []
        said += ["the lead"] if self.is_lead else []
        said += ["an approver's seat"] if self.is_approver else []
        return ", ".join(said[:-1]) + " and " + said[-1] if len(said) > 1 else "".join(said)


def shares_of(person: User) -> list[Share]:
    """All that a person holds in launches that are not over, by launch id: five statements.

    An item is handed over whether it is checked or not: somebody has to answer when it falls.
    """
    running = ~Q(launch__stage__in=OVER)
    items: dict[int, list[str]] = defaultdict(list)
    owned = LaunchItem.objects.filter(running, owner=person).order_by("launch", "position")
    for launch, key in owned.values_list("launch_id", "key"):
        items[launch].append(key)
    duties: dict[int, list[str]] = defaultdict(list)
    held = LaunchDuty.objects.filter(running, person=person).order_by("launch", "duty")
    for launch, duty in held.values_list("launch_id", "duty"):
        duties[launch].append(duty)
    seats = LaunchApprover.objects.filter(running, person=person)
    decided = {*seats.values_list("launch_id", flat=True)}
    actions: dict[int, list[int]] = defaultdict(list)
    owed = ActionItem.objects.owed().filter(owner=person).order_by("launch", "pk")
    for launch, pk in owed.values_list("launch_id", "pk"):
        actions[launch].append(pk)
    held_in = Q(pk__in={*items, *duties, *decided, *actions})
    launches = Launch.objects.running().filter(held_in | Q(lead=person))
    return [
        Share(
            launch=launch,
            items=tuple(items[launch.pk]),
            duties=tuple(duties[launch.pk]),
            is_lead=launch.lead_id == person.pk,
            is_approver=launch.pk in decided,
            actions=tuple(actions[launch.pk]),
        )
        for launch in launches.select_related("team", "subject")
        .defer("sections", "facets")
        .order_by("pk")
    ]


def print_of(shares: Iterable[Share]) -> str:
    """Equal for equal shares: who saw one may carry it out while it is the same."""
    held = [
        (one.launch.pk, one.items, one.duties, one.is_lead, one.is_approver, one.actions)
        for one in shares
    ]
    return hashlib.sha256(repr(held).encode()).hexdigest()


def seats_for(shares: Sequence[Share], person: User) -> dict[int, Seats]:
    """Who else may work and decide in each of the teams, by team id."""
    teams = {one.launch.team_id: one.launch.team for one in shares}
    return {pk: _without(person, seats_in(team)) for pk, team in teams.items()}


def everybody(seats: Mapping[int, Seats], kind: str) -> tuple[User, ...]:
    """The workers or approvers of all these teams, by name."""
    people: set[User] = set()
    for one in seats.values():
        people.update(getattr(one, kind))
    return tuple(sorted(people, key=lambda one: (one.name.casefold(), one.pk)))


def _without(person: User, seats: Seats) -> Seats:
    return Seats(_others(person, seats.workers), _others(person, seats.approvers))


def _others(person: User, people: Collection[User]) -> tuple[User, ...]:
    return tuple(one for one in people if one != person)
