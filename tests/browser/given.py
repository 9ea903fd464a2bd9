"""What journeys start from: a team with people, and launches as far as they have come."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from playwright.sync_api import Page, Route

from readiness import clock
from readiness.accounts.models import Role, Team, User
from readiness.checklists.models import Version
from readiness.launches.models import Launch
from tests import make

OPENED = timedelta(days=2)
AHEAD = timedelta(days=14)


@cache
def shipped() -> Version:
    """A checklist of 40 items, published once for all journeys."""
    return make.checklist()


@dataclass
class Crew:
    """A team, and who works in it."""

    team: Team
    lead: User
    ann: User
    ben: User

    def launch(self, *, signed_off: int = 0, **said: object) -> Launch:
        """A launch of the crew, opened two days ago for in two weeks."""
        now = clock.now()
        return make.launch(
            **{"by": self.lead, "team": self.team, "version": shipped(), "at": now - OPENED,
               "launch_at": now + AHEAD, "signed_off": signed_off} | said
        )  # fmt: skip


def crew() -> Crew:
    team = make.team()
    return Crew(
        team=team,
        lead=make.user("Hannah Cohen", team=team, role=Role.LEAD),
        ann=make.user("Ann Ash", team=team),
        ben=make.user("Ben Ode", team=team),
    )


def hearing_nothing(page: Page) -> Page:
    """The page, whose streams and reloads are never answered: it grows old."""

    def hold(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_()

    page.route("**/live/**", hold)
    page.route("**/launches/*/", hold)
    return page
