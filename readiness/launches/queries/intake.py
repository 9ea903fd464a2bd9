"""What the intake offers: teams to open a launch in, checklists, and people to put in charge."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from readiness.accounts.models import Membership, Role, Team, User
from readiness.accounts.permissions import Action, grants
from readiness.checklists.models import Version
from readiness.launches.models import Launch
from readiness.launches.models.launches import LaunchQuerySet
from readiness.launches.queries.pinned import pinned

SHIPPED = "production-ml-safety-nets"
WORKING = (Role.MEMBER.value, Role.LEAD.value)


@dataclass(frozen=True, slots=True)
class Seats:
    """Who may be put in charge in one team, by name."""

    workers: tuple[User, ...]
    approvers: tuple[User, ...]


@dataclass(frozen=True, slots=True)
class DutyAsked:
    """A duty of a checklist, and how many items pass to whoever holds it."""

    key: str
    title: str
    items: int


def teams_open_to(person: User) -> list[Team]:
    """The teams in which this person may open a launch."""
    return list(Team.objects.filter(grants(person, Action.LAUNCH_OPEN, team="pk", lead="")))


def versions_to_choose() -> list[Version]:
    """Every published version: of the shipped checklist first, and the newest first."""
    published = Version.objects.published().newest_first().select_related("checklist")
    return sorted(published, key=lambda one: (one.checklist.key != SHIPPED, one.title))


def seats_in(team: Team, launch: Launch | None = None) -> Seats:
    """People of the team and of every team, in their roles; and who holds a seat already.

    A launch comes with its duties and approvers read: see `launches_to_edit`.
    """
    held = Membership.objects.filter(
        Q(team=team) | Q(team=None),
        role__in=[*WORKING, Role.APPROVER.value],
        person__is_active=True,
    ).select_related("person")
    workers: set[User] = set()
    approvers: set[User] = set()
    for one in held:
        (workers if one.role in WORKING else approvers).add(one.person)
    if launch:
        workers |= {launch.lead} | {one.person for one in launch.duties.all()}
        approvers |= {one.person for one in launch.approvers.all()}
    return Seats(by_name(workers), by_name(approvers))


def launches_to_edit() -> LaunchQuerySet:
    """Launches with all that their edit page shows."""
    launches = Launch.objects.select_related("team", "version", "candidate", "lead")
    return launches.prefetch_related("duties__person", "approvers__person")


def duties_asked_by(version: Version) -> list[DutyAsked]:
    """The duties of a checklist, in its order."""
    items = Counter(rule.duty for rule in pinned(version.pk).items.values())
    return [DutyAsked(one.key, one.title, items[one.key]) for one in version.duties.all()]


def by_name(people: set[User]) -> tuple[User, ...]:
    return tuple(sorted(people, key=lambda person: (person.name.casefold(), person.pk)))
