"""People and launches for the checks, made through the services."""

from dataclasses import dataclass
from datetime import UTC, datetime

from readiness import clock
from readiness.accounts.models import Role, Team, User
from readiness.launches.models import LaunchItem
from tests import make, stage
from tests.prove.client import Browser

CROWD = 8


@dataclass(frozen=True)
class Crowd:
    """Eight members of one team, and the checklist they work on."""

    team: Team
    people: list[User]

    def browsers(self, port: int, *, as_one: bool = False) -> list[Browser]:
        """One signed-in browser each; or as many, all of the first person's."""
        sessions = [
            stage.session_of(self.people[0] if as_one else person) for person in self.people
        ]
        return [Browser(port, stage.headers_for(one, htmx=True)) for one in sessions]


def crowd() -> Crowd:
    team = make.team()
    return Crowd(team, [make.user(team=team, role=Role.MEMBER) for _ in range(CROWD)])


def open_items(crowd: Crowd, count: int) -> list[int]:
    """So many items that nobody touched, in launches of forty; each is at version 1."""
    version, items = make.checklist(), []
    lead = make.user(team=crowd.team, role=Role.LEAD)
    while len(items) < count:
        launch = make.launch(version=version, team=crowd.team, by=lead, at=now())
        wanted = LaunchItem.objects.filter(launch=launch, version=1)
        items += wanted.values_list("pk", flat=True)
    return items[:count]


def now() -> datetime:
    return clock.now().astimezone(UTC)
